//! From the metadata of a service provider to a SAML provider, and to the words an administrator reads before saving.

use model::{
    AcsEndpoint, AssertionEncryption, CertificateLine, ImportedMetadata, LogoutBinding, LogoutService, NameIdFormat,
    SamlProvider, SpFacts, WantedAttribute,
};
use saml::{Acs, Certificate, Limits, SpMetadata, binding};

use crate::{Error, identifiers, snapshot::Snapshot};

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

    /// The provider that one service provider of the file makes.
    pub fn provider(&self, name: &str, sp: &SpMetadata) -> Result<SamlProvider, Error> {
        let usable: Vec<&Acs> = sp.acs.iter().filter(|acs| acs.binding == binding::POST).collect();
        let default = Acs::default_of(&sp.acs).ok_or_else(|| {
            let why = "no AssertionConsumerService has the HTTP-POST binding, the only one that responses are sent by";
            Error::invalid("metadata", why)
        })?;
        let mut provider = SamlProvider::new(name, default.url.clone(), sp.entity_id.clone());
        provider.acs_index = default.index;
        provider.acs = usable
            .iter()
            .filter(|acs| acs.url != default.url || acs.index != default.index)
            .map(|acs| AcsEndpoint { url: acs.url.clone(), index: acs.index })
            .collect();
        // The first that we can give; a service provider that names none takes what comes.
        let formats = sp.name_id_formats.iter().filter_map(|urn| NameIdFormat::from_urn(urn));
        if let Some(format) = formats.into_iter().find(|format| format.has_own_value()) {
            provider.name_id.format = format;
        }
        provider.verification_certificates = sp.signing.iter().map(Certificate::pem).collect();
        provider.require_signed_requests = sp.authn_requests_signed;
        provider.logout = sp.logout.iter().filter_map(logout_service).collect();
        provider.imported = Some(ImportedMetadata {
            sha256: self.sha256.clone(),
            valid_until: sp.valid_until.map(identifiers::rfc3339),
            verified: self.verified,
        });
        Ok(provider)
    }

    /// What an administrator reads before anything is saved.
    pub fn facts(&self, snapshot: &Snapshot, name: &str, sp: &SpMetadata) -> Result<SpFacts, Error> {
        let mappings = &snapshot.configuration.property_mappings;
        let wanted = sp.requested_attributes.iter().map(|attribute| WantedAttribute {
            name: attribute.name.clone(),
            friendly_name: attribute.friendly_name.clone(),
            required: attribute.required,
            mappings: mappings
                .values()
                .filter(|m| m.value.saml_name.as_deref() == Some(&attribute.name))
                .map(|m| m.value.name.clone())
                .collect(),
        });
        Ok(SpFacts {
            entity_id: sp.entity_id.clone(),
            valid_until: sp.valid_until.map(identifiers::rfc3339),
            name_id_formats: sp.name_id_formats.clone(),
            signing: sp.signing.iter().map(line).collect(),
            encryption: sp.encryption.iter().map(line).collect(),
            wanted: wanted.collect(),
            signed: sp.signed,
            unsupported: sp.unsupported.iter().map(|note| (note.what.clone(), note.why.clone())).collect(),
            provider: self.provider(name, sp)?,
        })
    }
}

/// Encryption to the first certificate that the service provider offers for it.
pub fn encryption(sp: &SpMetadata) -> Result<AssertionEncryption, Error> {
    let certificate =
        sp.encryption.iter().find(|c| matches!(c.kind(), saml::KeyKind::Rsa(_))).ok_or_else(|| {
            Error::invalid("encryption", "the metadata has no certificate with an RSA key to encrypt to")
        })?;
    Ok(AssertionEncryption { certificate: certificate.pem(), key: None, cipher: Default::default() })
}

/// What a new file of metadata makes of a provider: what the file says is taken, what was set by hand stays.
pub fn renew(kept: &SamlProvider, read: SamlProvider) -> SamlProvider {
    SamlProvider {
        acs_url: read.acs_url,
        acs: read.acs,
        acs_index: read.acs_index,
        audience: read.audience,
        verification_certificates: read.verification_certificates,
        require_signed_requests: read.require_signed_requests,
        logout: read.logout,
        imported: read.imported,
        ..kept.clone()
    }
}

fn logout_service(endpoint: &saml::LogoutEndpoint) -> Option<LogoutService> {
    let binding = match endpoint.binding.as_str() {
        binding::POST => LogoutBinding::Post,
        binding::REDIRECT => LogoutBinding::Redirect,
        _ => return None,
    };
    Some(LogoutService { binding, url: endpoint.location.clone(), response_url: endpoint.response_location.clone() })
}

fn line(certificate: &Certificate) -> CertificateLine {
    let facts = certificate.facts();
    CertificateLine {
        subject: facts.subject,
        fingerprint: facts.fingerprint_sha256,
        not_after: identifiers::rfc3339(facts.not_after_unix),
    }
}
