use model::{
    AcsEndpoint, AssertionEncryption, AwsAttributes, FieldError, ImportedMetadata, LogoutService, NameIdSettings,
    ResponseBinding, SamlProvider, SignWhat, SignatureMethod, Span,
};
use serde::{Deserialize, Serialize};

use super::{
    file::{Secret, SecretResolver},
    metadata::DeclaredMetadata,
};
use crate::{Error, sp_encryption, sp_import};

/// A SAML provider as a file writes it: its settings, or the service provider's metadata and whatever differs from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeclaredProvider {
    pub name: String,
    /// The service provider's own metadata: the text, or where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<DeclaredMetadata>,
    /// Which of several service providers in the metadata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<String>,
    /// PEM: the metadata must be signed with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata_certificate: Option<Secret>,
    /// Encrypt to the certificate of the metadata.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub encrypt: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acs_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acs_index: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acs: Option<Vec<AcsEndpoint>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding: Option<ResponseBinding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signing_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_signing_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retiring_keys: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign: Option<SignWhat>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_algorithm: Option<SignatureMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_id: Option<NameIdSettings>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertion_not_before: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assertion_not_on_or_after: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_not_on_or_after: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property_mappings: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification_certificates: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification_keys: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_signed_requests: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<AssertionEncryption>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decryption_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logout: Option<Vec<LogoutService>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported: Option<ImportedMetadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws: Option<AwsAttributes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_responses: Option<u32>,
}

/// A provider as a file means it.
pub(super) struct Meant {
    pub provider: SamlProvider,
    /// What a reader should know of the metadata that it comes from.
    pub notes: Vec<String>,
}

impl DeclaredProvider {
    /// The provider that is meant; `metadata` is the text of [`Self::metadata`].
    pub(super) fn provider(
        &self,
        metadata: Option<&str>,
        resolver: SecretResolver<'_>,
        now: i64,
    ) -> Result<Meant, Vec<FieldError>> {
        let Meant { mut provider, notes } = self.base(metadata, resolver, now).map_err(|error| match error {
            Error::Invalid(faults) => faults,
            other => vec![FieldError::new("metadata", other.to_string())],
        })?;
        macro_rules! take {
            ($($field:ident),+) => { $(if let Some(value) = &self.$field { provider.$field = value.clone(); })+ };
        }
        take!(
            acs_url,
            acs_index,
            acs,
            audience,
            binding,
            retiring_keys,
            sign,
            name_id,
            assertion_not_before,
            assertion_not_on_or_after,
            session_not_on_or_after,
            property_mappings,
            verification_certificates,
            verification_keys,
            require_signed_requests,
            aws,
            keep_responses,
            logout
        );
        provider.issuer = self.issuer.clone();
        provider.signing_key = self.signing_key.clone();
        provider.next_signing_key = self.next_signing_key.clone();
        provider.signature_algorithm = self.signature_algorithm;
        provider.decryption_key = self.decryption_key.clone();
        if self.encryption.is_some() {
            provider.encryption = self.encryption.clone();
        }
        if self.imported.is_some() {
            provider.imported = self.imported.clone();
        }
        Ok(Meant { provider, notes })
    }

    fn base(&self, metadata: Option<&str>, resolver: SecretResolver<'_>, now: i64) -> Result<Meant, Error> {
        let Some(metadata) = metadata else {
            if self.encrypt || self.entity_id.is_some() || self.metadata_certificate.is_some() {
                let why = "encrypt, entity_id and metadata_certificate belong to metadata, which is not given";
                return Err(Error::invalid("metadata", why));
            }
            let missing = |field: &str| Error::invalid(field, format!("{field} is needed where no metadata is given"));
            let acs_url = self.acs_url.clone().ok_or_else(|| missing("acs_url"))?;
            let audience = self.audience.clone().ok_or_else(|| missing("audience"))?;
            return Ok(Meant { provider: SamlProvider::new(&self.name, acs_url, audience), notes: Vec::new() });
        };
        let resolve =
            |secret: &Secret| secret.resolve(resolver).map_err(|why| Error::invalid("metadata_certificate", why));
        let certificate = self.metadata_certificate.as_ref().map(resolve).transpose()?;
        let reading = sp_import::read(metadata.as_bytes(), certificate.as_deref())?;
        let sp = reading.choose(self.entity_id.as_deref())?;
        let mut provider = reading.provider(&self.name, sp)?;
        if let (Some(DeclaredMetadata::Published(address)), Some(imported)) = (&self.metadata, &mut provider.imported) {
            imported.url = Some(address.url.clone());
        }
        if self.encrypt {
            provider.encryption = Some(sp_encryption::offered(sp)?);
        }
        Ok(Meant { provider, notes: reading.notes(sp, now) })
    }
}

impl From<SamlProvider> for DeclaredProvider {
    /// All of it written out, as an export does.
    fn from(p: SamlProvider) -> Self {
        let some = |list: Vec<_>| (!list.is_empty()).then_some(list);
        Self {
            name: p.name,
            acs_url: Some(p.acs_url),
            acs_index: (p.acs_index != 0).then_some(p.acs_index),
            acs: (!p.acs.is_empty()).then_some(p.acs),
            issuer: p.issuer,
            audience: Some(p.audience),
            binding: Some(p.binding),
            signing_key: p.signing_key,
            next_signing_key: p.next_signing_key,
            retiring_keys: (!p.retiring_keys.is_empty()).then_some(p.retiring_keys),
            sign: Some(p.sign),
            signature_algorithm: p.signature_algorithm,
            name_id: Some(p.name_id),
            assertion_not_before: Some(p.assertion_not_before),
            assertion_not_on_or_after: Some(p.assertion_not_on_or_after),
            session_not_on_or_after: Some(p.session_not_on_or_after),
            property_mappings: Some(p.property_mappings),
            verification_certificates: some(p.verification_certificates),
            verification_keys: some(p.verification_keys),
            require_signed_requests: p.require_signed_requests.then_some(true),
            encryption: p.encryption,
            decryption_key: p.decryption_key,
            logout: (!p.logout.is_empty()).then_some(p.logout),
            imported: p.imported,
            aws: (!p.aws.is_empty()).then_some(p.aws),
            keep_responses: Some(p.keep_responses),
            ..Self::default()
        }
    }
}
