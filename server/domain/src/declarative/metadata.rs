use model::{EventKind, FieldError, SamlProvider};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    file::{File, Secret, SecretResolver},
    provider::{DeclaredProvider, Meant},
    source::Source,
};
use crate::{Error, Services, events::Entry};

/// Where a file has the metadata of a service provider from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DeclaredMetadata {
    /// The text itself, or a file or a variable that holds it.
    Here(Secret),
    /// An address that the service publishes it at.
    Published(MetadataAddress),
}

/// `{ url: … }`: asked each time that the file is applied, with the guards of the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetadataAddress {
    pub url: String,
}

/// How a file's metadata is read.
pub(super) struct Reading<'a> {
    pub resolver: SecretResolver<'a>,
    pub actor: &'a str,
    /// As in [`super::Apply`].
    pub keep_unread: bool,
}

/// A provider that stays as it is stored, because its metadata cannot be read.
pub(super) struct Kept {
    provider: String,
    url: String,
    why: String,
}

/// What a reader should know of the metadata of a provider, where the file changes anything of it.
pub(super) struct Note {
    pub provider: String,
    text: String,
}

impl Note {
    pub fn warning(&self) -> String {
        format!("SAML provider {}, of its metadata: {}", self.provider, self.text)
    }
}

impl Kept {
    pub fn warning(&self) -> String {
        let Self { provider, url, why } = self;
        format!(
            "SAML provider {provider} stays as it is stored, and nothing that the file says of it was applied, because of its \
             metadata: {why}; apply the file again when {url} can be read"
        )
    }

    pub fn event<'a>(&self, file: &str, actor: &'a str) -> Entry<'a> {
        let Self { provider, url, why } = self;
        Entry {
            kind: EventKind::MetadataFetched,
            actor,
            target: format!("SAML provider {provider}"),
            address: "",
            message: format!("{file}: {}", self.warning()),
            detail: json!({ "file": file, "url": url, "why": why, "kept": true }),
        }
    }
}

impl Services {
    /// The providers of a file, with the metadata read that they are made from.
    pub(super) async fn declared_providers(
        &self,
        file: &File,
        reading: &Reading<'_>,
        source: &mut Source<'_>,
        kept: &mut Vec<Kept>,
        notes: &mut Vec<Note>,
    ) -> Result<Vec<SamlProvider>, Error> {
        let mut providers = Vec::new();
        for declared in &file.saml_providers {
            match self.declared_provider(declared, reading).await? {
                Ok(meant) => {
                    let text = |text| Note { provider: declared.name.clone(), text };
                    notes.extend(meant.notes.into_iter().map(text));
                    providers.push(meant.provider);
                }
                Err(faults) => match self.stored_instead(declared, &faults, reading) {
                    Some((provider, instead)) => {
                        providers.push(provider);
                        kept.push(instead);
                    }
                    None => source.faults("saml_providers", &declared.name, faults),
                },
            }
        }
        Ok(providers)
    }

    async fn declared_provider(
        &self,
        declared: &DeclaredProvider,
        reading: &Reading<'_>,
    ) -> Result<Result<Meant, Vec<FieldError>>, Error> {
        let text = match &declared.metadata {
            None => Ok(None),
            Some(DeclaredMetadata::Here(secret)) => secret.resolve(reading.resolver).map(Some),
            Some(DeclaredMetadata::Published(MetadataAddress { url })) => {
                let fetched = self.fetch_metadata(url, reading.actor, "").await?;
                fetched.map(Some).map_err(|why| {
                    format!("`{url}`: {why}; where it cannot be read from here, give the file with {{ file: PATH }}")
                })
            }
        };
        let made = text.map_err(|why| vec![FieldError::new("metadata", why)]);
        Ok(made.and_then(|text| declared.provider(text.as_deref(), reading.resolver, self.clock().now())))
    }

    /// What is stored of a provider whose metadata cannot be had from its address: there is no answer, or what comes is no
    /// metadata, as of a service under repair.
    fn stored_instead(
        &self,
        declared: &DeclaredProvider,
        faults: &[FieldError],
        reading: &Reading<'_>,
    ) -> Option<(SamlProvider, Kept)> {
        let Some(DeclaredMetadata::Published(MetadataAddress { url })) = &declared.metadata else { return None };
        let snapshot = self.snapshot();
        let stored = snapshot.configuration.saml_providers.get(&declared.name).filter(|_| reading.keep_unread)?;
        let why: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
        let instead = Kept { provider: declared.name.clone(), url: url.clone(), why: why.join("; ") };
        Some((stored.value.clone(), instead))
    }
}
