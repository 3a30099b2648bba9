//! The responses issued last: kept sealed, unless a provider keeps none, and shown to administrators.

use std::sync::Arc;

use model::{EncryptedContent, EventKind, KeptResponse, KeptResponses, ResponseReport, SamlProvider};
use saml::{ResponseSpec, SigningKey};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Admin, Error, Services, Vault,
    content::Content,
    events::Entry,
    identifiers,
    issue::issue,
    port::{Entropy, IssuedResponse, Kind, ResponseRecord},
    response_report::{Moment, Received, Sent, report},
    snapshot::Snapshot,
    sp_test::{in_response_to, provider_named},
};

/// So many days a response is kept, however few there are.
const DAYS: u32 = 14;

/// What is sealed of a response.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The form field `SAMLResponse`, of which nothing is encrypted.
    field: String,
    /// It went out with the assertion encrypted.
    encrypted: bool,
    /// The length of the form field that went out. None: it was kept by an earlier version.
    #[serde(default)]
    size: Option<usize>,
    /// The mapping behind each attribute.
    sources: Vec<String>,
    /// With what it was made. None: it was kept by an earlier version, and is held against the settings of today.
    #[serde(default)]
    moment: Option<Moment>,
}

fn purpose(provider: &str, id: &str) -> String {
    format!("response {id} of {provider}")
}

/// A response that was issued, with all that it takes to keep it.
pub(crate) struct Issued {
    /// Of the record; sorts by time.
    pub id: String,
    /// Name of the SAML provider.
    pub provider: String,
    pub application: String,
    pub username: String,
    pub spec: ResponseSpec,
    /// Knows the mapping behind each attribute.
    pub content: Arc<Content>,
    /// The form field as it is sent.
    pub sent: String,
    /// Where that is encrypted: the provider as if it were not, for nobody here could open what was sent.
    pub plain: Option<SamlProvider>,
    pub key: Arc<SigningKey>,
    /// The name of that key.
    pub key_name: String,
    pub vault: Arc<Vault>,
    pub entropy: Arc<dyn Entropy>,
}

impl IssuedResponse for Issued {
    fn provider(&self) -> &str {
        &self.provider
    }

    fn sealed(self: Box<Self>) -> Result<ResponseRecord, Error> {
        let Self { id, provider, application, username, spec, content, sent, plain, key, key_name, vault, entropy } =
            *self;
        let (size, encrypted) = (Some(sent.len()), plain.is_some());
        let field = match plain {
            Some(plain) => issue(&spec, &plain, &key, entropy.as_ref())?.base64(),
            None => sent,
        };
        let moment = Moment {
            key: key_name,
            certificate: key.certificate_base64().to_owned(),
            acs: spec.destination.clone(),
            audience: spec.audience,
            issuer: spec.issuer,
        };
        let kept = Kept { field, encrypted, size, sources: content.sources.clone(), moment: Some(moment) };
        let text = serde_json::to_vec(&kept).map_err(|e| Error::Internal(e.to_string()))?;
        let sealed = vault.seal(entropy.as_ref(), &purpose(&provider, &id), &text)?;
        Ok(ResponseRecord {
            id,
            provider,
            application,
            username,
            destination: spec.destination,
            at: spec.issue_instant,
            expires: spec.issue_instant + i64::from(DAYS) * 86_400,
            sealed,
        })
    }
}

impl Services {
    /// Keeps a response, if the provider still keeps any.
    pub(crate) fn keep_response(&self, issued: Box<Issued>) {
        let snapshot = self.snapshot();
        let provider = snapshot.configuration.saml_providers.get(&issued.provider);
        let most = provider.map_or(0, |provider| provider.value.keep_responses);
        if most > 0 {
            self.store().keep_response(issued, most);
        }
    }

    /// Lets go of what another server kept before it knew that less is to be kept.
    pub(crate) async fn limit_all_responses(&self) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let providers = snapshot.configuration.saml_providers.values().map(|provider| &provider.value);
        let limits: Vec<_> = providers.map(|provider| (provider.name.clone(), provider.keep_responses)).collect();
        Ok(self.store().limit_responses(&limits).await?)
    }

    /// Lets go of responses that are to be kept no longer, after a change to what was set in `before`.
    pub(crate) async fn limit_responses(&self, before: &Snapshot) -> Result<(), Error> {
        let after = self.snapshot();
        let less = before.configuration.saml_providers.iter().filter_map(|(name, provider)| {
            let now = after.configuration.saml_providers.get(name).map_or(0, |p| p.value.keep_responses);
            (now < provider.value.keep_responses).then(|| (name.clone(), now))
        });
        Ok(self.store().limit_responses(&less.collect::<Vec<_>>()).await?)
    }

    /// A kept response under the newest master key. None: it is already.
    pub(crate) fn resealed_response(&self, record: ResponseRecord) -> Result<Option<ResponseRecord>, Error> {
        let purpose = purpose(&record.provider, &record.id);
        let sealed = self.vault().reseal(self.entropy(), &purpose, &record.sealed)?;
        Ok(sealed.map(|sealed| ResponseRecord { sealed, ..record }))
    }

    fn opened(&self, record: &ResponseRecord) -> Result<Kept, Error> {
        let purpose = purpose(&record.provider, &record.id);
        let text = self.vault().open(&purpose, &record.sealed)?;
        serde_json::from_slice(&text).map_err(|_| Error::Internal(format!("{purpose} cannot be read")))
    }
}

impl Admin<'_> {
    /// The responses that are kept of a provider, newest first.
    pub async fn kept_responses(&self, name: &str) -> Result<KeptResponses, Error> {
        let services = &self.caller().services;
        let snapshot = services.snapshot();
        let most = provider_named(&snapshot, name)?.keep_responses;
        let now = services.clock().now();
        let mut records = services.store().kept_responses(name).await?;
        records.retain(|record| now < record.expires);
        records.truncate(most as usize);
        let rows = records.into_iter().map(|record| KeptResponse {
            id: record.id,
            at: identifiers::rfc3339(record.at),
            application: record.application,
            username: record.username,
            destination: record.destination,
        });
        Ok(KeptResponses { most, days: DAYS, rows: rows.collect() })
    }

    /// One of them, decoded and judged as of the moment it was issued, by what held then. Somebody else's assertion is
    /// looked at, so it leaves an event.
    pub async fn kept_response(&self, name: &str, id: &str) -> Result<ResponseReport, Error> {
        let caller = self.caller();
        let services = &caller.services;
        let missing = || Error::NotFound { kind: "kept response", key: id.chars().take(40).collect() };
        let record = services.store().kept_response(name, id).await?.ok_or_else(missing)?;
        if services.clock().now() >= record.expires {
            return Err(missing());
        }
        let kept = services.opened(&record)?;
        let event = services.event(Entry {
            kind: EventKind::ResponseViewed,
            actor: caller.username(),
            target: format!("{} {name}", Kind::SamlProvider.word()),
            address: &caller.origin.address,
            message: format!("{} looked at a response that {} got", caller.username(), record.username),
            detail: json!({ "response": id, "user": record.username, "application": record.application }),
        });
        services.store().append_events(vec![event]).await?;
        let (snapshot, public_url, name) = (services.snapshot(), services.public_url().to_owned(), name.to_owned());
        let at = record.at;
        let judged = services.busy(move || {
            let provider = provider_named(&snapshot, &name)?;
            let request = in_response_to(&kept.field);
            let received = Received {
                field: &kept.field,
                at,
                request: request.as_deref(),
                sources: &kept.sources,
                moment: kept.moment.as_ref(),
                made: &[],
                stand_in: None,
                sent: kept.encrypted.then_some(Sent { encrypted: true, size: kept.size }),
            };
            Ok::<_, Error>(ResponseReport {
                encrypted: kept.encrypted,
                content: kept.encrypted.then_some(EncryptedContent::Kept),
                ..report(&snapshot, provider, &received, &public_url)?
            })
        });
        let found = judged.await??;
        Ok(ResponseReport { application: record.application, username: record.username, ..found })
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;

    #[test]
    fn what_an_earlier_version_has_kept_is_still_read() {
        let kept: Kept = serde_json::from_str(r#"{"field":"x","encrypted":false,"sources":[]}"#).unwrap();
        assert!(kept.moment.is_none() && kept.size.is_none());
    }
}
