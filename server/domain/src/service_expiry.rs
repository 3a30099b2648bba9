//! When what a service provider gave comes to an end: certificates, and the metadata that they came with.

use model::{ExpiringService, SamlProvider, ServiceEnd, ServiceGift};
use saml::Certificate;

use crate::{identifiers, key_life::warning, snapshot::Snapshot};

/// Everything with an end that came from the service of a provider. Certificates of keys are not among it: those are
/// ours to renew, and are told of as keys.
pub(crate) fn ends(provider: &SamlProvider, now: i64) -> Vec<ServiceEnd> {
    let of = |what: ServiceGift, pem: &str| {
        // What does not read has no end, and is told of where it is used.
        let facts = Certificate::from_pem(pem).ok()?.facts();
        let not_after = identifiers::rfc3339(facts.not_after_unix);
        let warning = warning(&not_after, now);
        Some(ServiceEnd { what, subject: facts.subject, fingerprint: facts.fingerprint_sha256, not_after, warning })
    };
    let signing = provider.verification_certificates.iter().filter_map(|pem| of(ServiceGift::SigningCertificate, pem));
    let encryption = provider.encryption.iter().filter(|e| e.key.is_none());
    let encryption = encryption.filter_map(|e| of(ServiceGift::EncryptionCertificate, &e.certificate));
    let metadata = provider.imported.iter().filter_map(|imported| {
        let not_after = imported.valid_until.clone()?;
        let warning = warning(&not_after, now);
        let (what, fingerprint) = (ServiceGift::Metadata, imported.sha256.clone());
        Some(ServiceEnd { what, subject: String::new(), fingerprint, not_after, warning })
    });
    signing.chain(encryption).chain(metadata).collect()
}

/// One end that is near, with the provider it belongs to.
pub(crate) fn near(snapshot: &Snapshot, now: i64) -> impl Iterator<Item = (&SamlProvider, ServiceEnd)> {
    let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
    providers
        .flat_map(move |provider| ends(provider, now).into_iter().map(move |end| (provider, end)))
        .filter(|(_, end)| end.warning.is_some())
}

/// What is to be renewed soon, the soonest first.
pub(crate) fn expiring(snapshot: &Snapshot, now: i64) -> Vec<ExpiringService> {
    let mut found: Vec<ExpiringService> = near(snapshot, now)
        .filter_map(|(provider, end)| {
            Some(ExpiringService {
                provider: provider.name.clone(),
                what: end.what,
                not_after: end.not_after,
                warning: end.warning?,
            })
        })
        .collect();
    // RFC 3339 in UTC sorts as text.
    found.sort_by(|a, b| a.not_after.cmp(&b.not_after));
    found
}
