use model::{FieldError, SamlProvider};
use serde::{Deserialize, Serialize};

use super::{
    file::{File, Secret, SecretResolver},
    source::Source,
};
use crate::{Error, Services};

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

impl Services {
    /// The providers of a file, with the metadata read that they are made from.
    pub(super) async fn declared_providers(
        &self,
        file: &File,
        resolver: SecretResolver<'_>,
        actor: &str,
        source: &mut Source<'_>,
    ) -> Result<Vec<SamlProvider>, Error> {
        let mut providers = Vec::new();
        for declared in &file.saml_providers {
            let text = match &declared.metadata {
                None => Ok(None),
                Some(DeclaredMetadata::Here(secret)) => secret.resolve(resolver).map(Some),
                Some(DeclaredMetadata::Published(MetadataAddress { url })) => {
                    let fetched = self.fetch_metadata(url, actor, "").await?;
                    fetched.map(Some).map_err(|why| {
                        format!(
                            "`{url}`: {why}; where it cannot be read from here, give the file with {{ file: PATH }}"
                        )
                    })
                }
            };
            let made = text.map_err(|why| vec![FieldError::new("metadata", why)]);
            match made.and_then(|text| declared.provider(text.as_deref(), resolver)) {
                Ok(provider) => providers.push(provider),
                Err(faults) => source.faults("saml_providers", &declared.name, faults),
            }
        }
        Ok(providers)
    }
}
