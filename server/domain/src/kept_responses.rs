//! The responses issued last: kept sealed where a provider asks for it, and shown to administrators.

use model::{EncryptedContent, EventKind, KeptResponse, KeptResponses, ResponseReport, SamlProvider};
use saml::{ResponseSpec, SigningKey};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Admin, Error, Services, Vault,
    events::Entry,
    identifiers,
    issue::issue,
    port::{Entropy, Kind, ResponseRecord},
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

/// Whose response it is, and for what.
pub(crate) struct Issued<'a> {
    pub provider: &'a SamlProvider,
    pub application: &'a str,
    pub username: &'a str,
    pub spec: &'a ResponseSpec,
    pub sources: &'a [String],
    /// The form field as it is sent.
    pub sent: &'a str,
    pub key: &'a SigningKey,
    /// The name of that key.
    pub key_name: &'a str,
}

/// Seals a response to be kept. None where the provider keeps none, which costs nothing.
pub(crate) fn seal(issued: &Issued<'_>, vault: &Vault, entropy: &dyn Entropy) -> Result<Option<ResponseRecord>, Error> {
    let Issued { provider, spec, .. } = issued;
    if provider.keep_responses == 0 {
        return Ok(None);
    }
    let encrypted = provider.encryption.is_some();
    let field = if encrypted {
        let plain = SamlProvider { encryption: None, ..(*provider).clone() };
        issue(spec, &plain, issued.key, entropy)?.base64()
    } else {
        issued.sent.to_owned()
    };
    let moment = Moment {
        key: issued.key_name.to_owned(),
        certificate: issued.key.certificate_base64().to_owned(),
        acs: spec.destination.clone(),
        audience: spec.audience.clone(),
        issuer: spec.issuer.clone(),
    };
    let (size, sources) = (Some(issued.sent.len()), issued.sources.to_vec());
    let kept = Kept { field, encrypted, size, sources, moment: Some(moment) };
    let text = serde_json::to_vec(&kept).map_err(|e| Error::Internal(e.to_string()))?;
    let id = identifiers::event_id(spec.issue_instant.saturating_mul(1_000_000), entropy);
    let sealed = vault.seal(entropy, &purpose(&provider.name, &id), &text)?;
    Ok(Some(ResponseRecord {
        id,
        provider: provider.name.clone(),
        application: issued.application.to_owned(),
        username: issued.username.to_owned(),
        destination: spec.destination.clone(),
        at: spec.issue_instant,
        expires: spec.issue_instant + i64::from(DAYS) * 86_400,
        sealed,
    }))
}

impl Services {
    /// Lets go of responses that are to be kept no longer, after a change to what was set in `before`.
    pub(crate) async fn limit_responses(&self, before: &Snapshot) -> Result<(), Error> {
        let after = self.snapshot();
        for (name, provider) in &before.configuration.saml_providers {
            let now = after.configuration.saml_providers.get(name).map_or(0, |p| p.value.keep_responses);
            if now < provider.value.keep_responses {
                self.store().limit_responses(name, now).await?;
            }
        }
        Ok(())
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
