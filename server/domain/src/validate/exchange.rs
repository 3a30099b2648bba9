use model::{NameIdFormat, SamlProvider, SignWhat};
use saml::{Certificate, KeyKind};

use super::{Names, address::web_address, faults::Faults};

/// What is signed, verified, encrypted and ended with a service provider.
pub(super) fn exchange(provider: &SamlProvider, names: &Names, faults: &mut Faults) {
    if !provider.name_id.format.has_own_value() && provider.name_id.mapping.is_none() {
        faults.add("name_id.mapping", "this NameID format needs a property mapping that gives its value");
    }
    for (index, pem) in provider.verification_certificates.iter().enumerate() {
        if let Err(error) = Certificate::from_pem(pem) {
            faults.add(format!("verification_certificates.{index}"), error.to_string());
        }
    }
    for key in provider.verification_keys.iter().filter(|key| !names.certificates.contains(*key)) {
        faults.add("verification_keys", format!("there is no key `{key}`"));
    }
    let none = provider.verification_certificates.is_empty() && provider.verification_keys.is_empty();
    if provider.require_signed_requests && none {
        let why = "requests must be signed, and there is no certificate to verify them with: add one";
        faults.add("require_signed_requests", why);
    }
    for (index, service) in provider.logout.iter().enumerate() {
        for url in std::iter::once(&service.url).chain(&service.response_url) {
            if let Err(why) = web_address(url) {
                faults.add(format!("logout.{index}"), why);
            }
        }
    }
    if let Some(encryption) = &provider.encryption {
        match encryption
            .key
            .as_ref()
            .map_or_else(|| Certificate::from_pem(&encryption.certificate).map(Some), |_| Ok(None))
        {
            Ok(None) => {}
            Ok(Some(certificate)) if matches!(certificate.kind(), KeyKind::Rsa(_)) => {}
            Ok(Some(_)) => faults.add("encryption.certificate", "assertions are encrypted to RSA keys only"),
            Err(error) => faults.add("encryption.certificate", error.to_string()),
        }
        // Whether it is RSA shows with its certificate.
        if let Some(key) = &encryption.key {
            if !names.certificates.contains(key) {
                faults.add("encryption.key", format!("there is no key `{key}`"));
            }
            if !encryption.certificate.is_empty() {
                faults.add("encryption.certificate", "either the name of a key or a certificate, not both");
            }
        }
        if provider.is_identity_center() {
            faults.add("encryption", "IAM Identity Center does not decrypt assertions; leave encryption out");
        }
    }
    if let Some(key) = &provider.decryption_key {
        decrypts(provider, key, names, faults);
        if provider.is_identity_center() {
            faults
                .add("decryption_key", "IAM Identity Center encrypts nothing and takes no such metadata; leave it out");
        }
    }
    if provider.is_identity_center() && provider.name_id.format != NameIdFormat::EmailAddress {
        faults.add("name_id.format", "IAM Identity Center takes the format email_address only");
    }
    if provider.is_identity_center() && provider.sign == SignWhat::Response {
        faults.add("sign", "IAM Identity Center wants the assertion signed: choose assertion, or both");
    }
}

/// The key that the service encrypts to. Whether it is RSA shows with its certificate.
fn decrypts(provider: &SamlProvider, key: &str, names: &Names, faults: &mut Faults) {
    const FIELD: &str = "decryption_key";
    if !names.certificates.contains(key) {
        faults.add(FIELD, format!("there is no key `{key}`"));
    } else if !names.keys.contains(key) {
        faults.add(FIELD, format!("the key `{key}` is a certificate alone, and decrypts nothing"));
    }
    let signs = provider.signing_key.as_ref().or(names.default_key.as_ref());
    if signs.into_iter().chain(&provider.next_signing_key).chain(&provider.retiring_keys).any(|other| other == key) {
        faults.add(FIELD, format!("the key `{key}` signs for this provider; one that decrypts does nothing else"));
    }
}
