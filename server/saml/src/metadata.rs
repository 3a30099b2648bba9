//! The signed metadata of this identity provider: `md:EntityDescriptor` with an `IDPSSODescriptor` (metadata §2.3.2,
//! §2.4.3), the document that AWS and every other service provider import.

use crate::binding::{POST, REDIRECT};
use crate::decryption;
use crate::error::SamlError;
use crate::key::SigningKey;
use crate::signature::{self, envelop};
use crate::time::instant;
use crate::xml::chars::is_ncname;
use crate::xml::name::{Name, Prefix, ds, md};
use crate::xml::write::Writer;

/// Everything the metadata says. Times are unix seconds.
#[derive(Clone, Debug)]
pub struct MetadataSpec {
    /// `EntityDescriptor@ID`, an NCName: what the signature refers to.
    pub id: String,
    /// The entity identifier, which every response repeats as its issuer.
    pub entity_id: String,
    /// Where requests of the Redirect binding arrive.
    pub sso_redirect_url: String,
    /// Where requests of the POST binding arrive.
    pub sso_post_url: String,
    /// Where logout messages of the Redirect binding arrive, if anywhere.
    pub slo_redirect_url: Option<String>,
    /// Where logout messages of the POST binding arrive, if anywhere.
    pub slo_post_url: Option<String>,
    /// `validUntil`: after this a service provider must not use the document.
    pub valid_until: i64,
    /// The `NameID` formats on offer, the preferred one first.
    pub name_id_formats: Vec<String>,
    /// `WantAuthnRequestsSigned`.
    pub want_requests_signed: bool,
    /// Signing certificates, base64 of DER; the current one first, the next one after it during a rotation.
    pub certificates: Vec<String>,
    /// The certificate that others encrypt to, base64 of DER, if there is one ([`crate::DecryptionKey`]).
    pub encryption_certificate: Option<String>,
}

/// Builds the metadata and signs it as a whole (metadata §3).
///
/// The elements stand in the order of the schema: `Signature`, then inside `IDPSSODescriptor` keys, logout, formats,
/// sign-on. There is no XML declaration and no byte order mark, which AWS refuses.
///
/// # Errors
/// [`SamlError::Malformed`] when the identifier is not an NCName, the entity identifier is empty or over 1024 characters
/// (metadata §2.3.2), or there is no certificate; [`SamlError::Crypto`] when signing fails.
pub fn build_metadata(spec: &MetadataSpec, key: &SigningKey) -> Result<String, SamlError> {
    const WHAT: &str = "metadata";
    if !is_ncname(&spec.id) {
        return Err(SamlError::malformed(WHAT, "the identifier is not an NCName"));
    }
    if spec.entity_id.is_empty() || spec.entity_id.chars().count() > 1024 {
        return Err(SamlError::malformed(WHAT, "the entity identifier must have 1 to 1024 characters"));
    }
    if spec.certificates.is_empty() {
        return Err(SamlError::malformed(WHAT, "there is no signing certificate"));
    }

    let shown = spec.certificates.iter().chain(&spec.encryption_certificate);
    let certificates: usize = shown.map(|certificate| certificate.len() + 256).sum();
    let mut writer = Writer::with_capacity(4096 + certificates + signature::OVERHEAD + key.certificate_base64().len());
    writer.open(
        md("EntityDescriptor"),
        &[
            ("ID", Some(&spec.id)),
            ("entityID", Some(&spec.entity_id)),
            ("validUntil", Some(&instant(spec.valid_until))),
        ],
    );
    let signature_place = writer.position();
    writer.open(
        md("IDPSSODescriptor"),
        &[
            ("WantAuthnRequestsSigned", Some(if spec.want_requests_signed { "true" } else { "false" })),
            ("protocolSupportEnumeration", Some(Prefix::Samlp.namespace())),
        ],
    );
    for certificate in &spec.certificates {
        key_descriptor(&mut writer, "signing", certificate);
        writer.close();
    }
    if let Some(certificate) = &spec.encryption_certificate {
        key_descriptor(&mut writer, "encryption", certificate);
        for uri in decryption::accepted() {
            writer.leaf(md("EncryptionMethod"), &[("Algorithm", Some(uri))], "");
        }
        writer.close();
    }
    endpoint(&mut writer, md("SingleLogoutService"), REDIRECT, spec.slo_redirect_url.as_deref());
    endpoint(&mut writer, md("SingleLogoutService"), POST, spec.slo_post_url.as_deref());
    for format in &spec.name_id_formats {
        writer.leaf(md("NameIDFormat"), &[], format);
    }
    endpoint(&mut writer, md("SingleSignOnService"), REDIRECT, Some(&spec.sso_redirect_url));
    endpoint(&mut writer, md("SingleSignOnService"), POST, Some(&spec.sso_post_url));

    let mut xml = writer.finish();
    let whole = 0..xml.len();
    envelop(&mut xml, whole, signature_place, &spec.id, key.default_algorithm(), key)?;
    Ok(xml)
}

/// Metadata §2.4.1.1. Leaves the element open, for what is to be done with the key.
fn key_descriptor(writer: &mut Writer, purpose: &str, certificate: &str) {
    writer.open(md("KeyDescriptor"), &[("use", Some(purpose))]);
    writer.open(ds("KeyInfo"), &[]);
    writer.open(ds("X509Data"), &[]);
    writer.leaf(ds("X509Certificate"), &[], certificate);
    writer.close();
    writer.close();
}

/// Metadata §2.2.2. Without an address there is no endpoint.
fn endpoint(writer: &mut Writer, name: Name, binding: &str, location: Option<&str>) {
    if location.is_some() {
        writer.leaf(name, &[("Binding", Some(binding)), ("Location", location)], "");
    }
}

#[cfg(test)]
mod tests;
