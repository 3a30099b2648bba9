//! From the metadata of a service provider to a SAML provider, and to the words an administrator reads before saving.

use model::{AcsEndpoint, CertificateLine, ImportedMetadata, LogoutBinding, LogoutService, SamlProvider, SpFacts};
use saml::{Acs, Certificate, Limits, SpMetadata, binding};

use crate::{
    Error, identifiers,
    snapshot::Snapshot,
    sp_attributes,
    sp_encryption::{self, reason},
    sp_merge, validate,
};

/// So many service providers of a file are shown to choose one; of more, one is named.
const MOST_SHOWN: usize = 50;

/// A file of metadata, read; its signature verified where a certificate was given.
pub struct Reading {
    pub entities: Vec<SpMetadata>,
    pub sha256: String,
    pub verified: bool,
}

/// Reads a file. With `certificate` (PEM), its root must be signed by it.
pub fn read(bytes: &[u8], certificate: Option<&str>) -> Result<Reading, Error> {
    let refuse = |field: &str, error: saml::SamlError| Error::invalid(field, error.to_string());
    let entities = match certificate {
        None => saml::parse_sp_metadata(bytes, &Limits::METADATA).map_err(|e| refuse("metadata", e))?,
        Some(pem) => {
            let certificate = Certificate::from_pem(pem).map_err(|e| refuse("certificate", e))?;
            saml::parse_signed_sp_metadata(bytes, &Limits::METADATA, std::slice::from_ref(&certificate))
                .map_err(|e| refuse("metadata", e))?
        }
    };
    Ok(Reading { entities, sha256: identifiers::sha256(bytes), verified: certificate.is_some() })
}

impl Reading {
    /// The one to take: the only one there is, or the one that is named.
    pub fn choose(&self, entity_id: Option<&str>) -> Result<&SpMetadata, Error> {
        match (entity_id, self.entities.as_slice()) {
            (None, [only]) => Ok(only),
            (None, several) => {
                let names: Vec<&str> = several.iter().take(20).map(|e| e.entity_id.as_str()).collect();
                let why = format!(
                    "the file has {} service providers; say which one with entity_id: {}",
                    several.len(),
                    names.join(", ")
                );
                Err(Error::invalid("entity_id", why))
            }
            (Some(wanted), all) => all
                .iter()
                .find(|e| e.entity_id == wanted)
                .ok_or_else(|| Error::invalid("entity_id", format!("the file has no service provider `{wanted}`"))),
        }
    }

    /// Keeps the one that is named. A file of more than can be looked at needs a name.
    pub fn narrow(&mut self, entity_id: Option<&str>) -> Result<(), Error> {
        if entity_id.is_some() || self.entities.len() > MOST_SHOWN {
            let chosen = self.choose(entity_id)?.clone();
            self.entities = vec![chosen];
        }
        Ok(())
    }

    /// The provider that one service provider of the file makes.
    pub fn provider(&self, name: &str, sp: &SpMetadata) -> Result<SamlProvider, Error> {
        if let Some(why) = &sp.broken {
            return Err(Error::invalid("metadata", why.clone()));
        }
        let (usable, _) = usable(sp);
        let default = Acs::default_of(&usable).ok_or_else(|| no_address(sp))?;
        if sp.authn_requests_signed && sp.signing.is_empty() {
            return Err(no_certificate(sp));
        }
        let mut provider = SamlProvider::new(name, default.url.clone(), sp.entity_id.clone());
        provider.acs_index = default.index;
        provider.acs = usable
            .iter()
            .filter(|acs| *acs != default)
            .map(|acs| AcsEndpoint { url: acs.url.clone(), index: acs.index })
            .collect();
        provider.name_id.format = sp_merge::format(sp).unwrap_or_default();
        provider.verification_certificates = sp.signing.iter().map(Certificate::pem).collect();
        provider.require_signed_requests = sp.authn_requests_signed;
        provider.logout = logout(sp).0;
        provider.imported = Some(ImportedMetadata {
            sha256: self.sha256.clone(),
            valid_until: sp.valid_until.map(identifiers::rfc3339),
            verified: self.verified,
            signed: sp.signed,
            cache_seconds: sp.cache_duration,
            url: None,
            said: Some(sp_merge::said(sp, &provider)),
        });
        Ok(provider)
    }

    /// What an administrator reads before anything is saved, of each service provider of the file. `existing`: the
    /// provider that the file is taken for, which keeps what was set by hand.
    ///
    /// One that no provider can be made of says why; where none can, the first reason is the error.
    pub fn all_facts(&self, snapshot: &Snapshot, existing: Option<&SamlProvider>) -> Result<Vec<SpFacts>, Error> {
        let (mut all, mut refused) = (Vec::new(), None);
        for sp in &self.entities {
            all.push(match self.provider("", sp) {
                Ok(read) => match existing {
                    None => Self::facts(snapshot, sp, read, None),
                    Some(kept) => {
                        let renewed = sp_merge::renew(kept, read, sp);
                        let mut facts = Self::facts(snapshot, sp, renewed.provider, None);
                        facts.unsupported.extend(renewed.note);
                        facts.changes = renewed.changes;
                        facts
                    }
                },
                Err(error) => {
                    let why = reason(&error);
                    refused.get_or_insert(error);
                    let empty = SamlProvider::new("", String::new(), sp.entity_id.clone());
                    Self::facts(snapshot, sp, empty, Some(why))
                }
            });
        }
        match refused {
            Some(error) if all.iter().all(|facts| facts.unusable.is_some()) => Err(error),
            _ => Ok(all),
        }
    }

    /// What a reader of a plan should know of one service provider of the file: what of it is not used, how long it holds
    /// and whether anybody vouches for it.
    pub fn notes(&self, sp: &SpMetadata, now: i64) -> Vec<String> {
        let mut notes: Vec<String> = unsupported(sp).into_iter().map(|(what, why)| format!("{what}: {why}")).collect();
        if sp.signed && !self.verified {
            let why = "nobody verified the signature that it has: name the certificate to hold it against, metadata_certificate";
            notes.push(why.to_owned());
        }
        if let Some(until) = sp.valid_until {
            let told =
                if until <= now { "it has ended: ask for newer; it was valid until" } else { "it is valid until" };
            notes.push(format!("{told} {}", identifiers::rfc3339(until)));
        }
        notes
    }

    fn facts(snapshot: &Snapshot, sp: &SpMetadata, provider: SamlProvider, unusable: Option<String>) -> SpFacts {
        let mappings = snapshot.configuration.property_mappings.values().map(|mapping| &mapping.value);
        SpFacts {
            entity_id: sp.entity_id.clone(),
            valid_until: sp.valid_until.map(identifiers::rfc3339),
            name_id_formats: sp.name_id_formats.clone(),
            signing: sp.signing.iter().map(line).collect(),
            encryption: sp.encryption.iter().map(line).collect(),
            wanted: sp_attributes::wanted(&sp.requested_attributes, mappings),
            signed: sp.signed,
            unsupported: unsupported(sp),
            wants_signed_assertions: sp.want_assertions_signed,
            provider,
            changes: Vec::new(),
            encrypt: sp_encryption::offered(sp).ok(),
            unusable,
        }
    }
}

/// What was left out of a file, and why.
type LeftOut = Vec<(String, String)>;

/// What was seen and is not used, and why.
fn unsupported(sp: &SpMetadata) -> LeftOut {
    let left_out = usable(sp).1.into_iter().chain(logout(sp).1);
    let left_out = left_out.map(|(what, why)| (what, format!("{why}; it is left out")));
    let notes = sp.unsupported.iter().map(|note| (note.what.clone(), note.why.clone()));
    let cannot = sp_encryption::offered(sp).err().filter(|_| !sp.encryption.is_empty());
    let cannot = cannot.map(|error| ("EncryptionMethod".to_owned(), reason(&error)));
    let cache = sp.cache_duration.map(|seconds| {
        let why = format!(
            "the service asks to be read again after {seconds} seconds; that is noted, and nothing reads it by itself: \
             read new metadata by then"
        );
        ("cacheDuration".to_owned(), why)
    });
    notes.chain(left_out).chain(cannot).chain(cache).collect()
}

/// The addresses that a response can be sent to: by POST, where a browser may be sent, and each index once.
fn usable(sp: &SpMetadata) -> (Vec<Acs>, LeftOut) {
    let (mut kept, mut left_out) = (Vec::<Acs>::new(), Vec::new());
    for acs in sp.acs.iter().filter(|acs| acs.binding == binding::POST) {
        let taken = kept.iter().any(|k| k.index == acs.index).then(|| format!("the index {} is taken", acs.index));
        match taken.or_else(|| validate::web_address(&acs.url).err()) {
            None => kept.push(acs.clone()),
            Some(why) => left_out.push((format!("AssertionConsumerService {}", acs.url), why)),
        }
    }
    (kept, left_out)
}

fn no_address(sp: &SpMetadata) -> Error {
    let why = match usable(sp).1.into_iter().next() {
        Some((what, why)) => format!("{what}: {why}"),
        None => "no AssertionConsumerService has the HTTP-POST binding, the only one that responses are sent by".into(),
    };
    Error::invalid("metadata", why)
}

fn no_certificate(sp: &SpMetadata) -> Error {
    let faults = sp.unsupported.iter().filter(|note| matches!(note.what.as_str(), "X509Certificate" | "KeyDescriptor"));
    let faults: Vec<&str> = faults.map(|note| note.why.as_str()).collect();
    let reason = if faults.is_empty() { "there is no KeyDescriptor for signing".into() } else { faults.join("; ") };
    let why = format!("AuthnRequestsSigned is true, and there is no certificate to verify a request with: {reason}");
    Error::invalid("metadata", why)
}

/// The addresses that logout messages can be sent to.
fn logout(sp: &SpMetadata) -> (Vec<LogoutService>, LeftOut) {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for endpoint in &sp.logout {
        let binding = match endpoint.binding.as_str() {
            binding::POST => LogoutBinding::Post,
            binding::REDIRECT => LogoutBinding::Redirect,
            _ => continue,
        };
        let urls = std::iter::once(&endpoint.location).chain(&endpoint.response_location);
        match urls.map(|url| validate::web_address(url)).find_map(Result::err) {
            None => kept.push(LogoutService {
                binding,
                url: endpoint.location.clone(),
                response_url: endpoint.response_location.clone(),
            }),
            Some(why) => left_out.push((format!("SingleLogoutService {}", endpoint.location), why)),
        }
    }
    (kept, left_out)
}

fn line(certificate: &Certificate) -> CertificateLine {
    let facts = certificate.facts();
    CertificateLine {
        subject: facts.subject,
        fingerprint: facts.fingerprint_sha256,
        not_after: identifiers::rfc3339(facts.not_after_unix),
    }
}
