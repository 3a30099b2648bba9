use model::{Key, KeyAlgorithm, KeyGeneration};
use saml::{Certificate, CertificateFacts, GeneratedKey, KeyKind, SamlError, SigningKey};

use crate::{Error, Services, identifiers, port::KeyRecord, snapshot::key_purpose};

/// What somebody brings as a key.
#[derive(Clone, PartialEq, Eq)]
pub enum BroughtKey {
    /// Both halves in PEM.
    Pair { certificate: String, private_key: String },
    /// A PKCS#12 file (RFC 7292) and the password that opens it.
    Pkcs12 { file: Vec<u8>, password: String },
    /// The public half alone, PEM: to verify what somebody else signs, or to encrypt to them.
    Certificate(String),
}

/// Makes a certificate-key pair, self-signed.
pub(crate) async fn generate(services: &Services, name: &str, how: &KeyGeneration) -> Result<KeyRecord, Error> {
    if how.valid_days == 0 || how.valid_days > 36_500 {
        return Err(Error::invalid("valid_days", "a certificate is valid for 1 to 36500 days"));
    }
    if how.common_name.is_empty() || how.common_name.chars().count() > 64 {
        return Err(Error::invalid("common_name", "a common name has 1 to 64 characters"));
    }
    let kind = match how.algorithm {
        KeyAlgorithm::Rsa2048 => KeyKind::Rsa(2048),
        KeyAlgorithm::Rsa3072 => KeyKind::Rsa(3072),
        KeyAlgorithm::Rsa4096 => KeyKind::Rsa(4096),
        KeyAlgorithm::P256 => KeyKind::P256,
        KeyAlgorithm::P384 => KeyKind::P384,
    };
    let (common_name, days) = (how.common_name.clone(), how.valid_days);
    let now = services.clock().now();
    let made = services.busy(move || SigningKey::generate(kind, &common_name, days, now)).await?;
    let made = made.map_err(|e| Error::Internal(format!("generating a key: {e}")))?;
    pair(services, name, &made, Some(how.clone()))
}

/// Takes a key made elsewhere. A pair is refused unless the two halves belong together.
pub(crate) async fn import(services: &Services, name: &str, brought: BroughtKey) -> Result<KeyRecord, Error> {
    match brought {
        BroughtKey::Pair { certificate, private_key } => {
            pair(services, name, &GeneratedKey { certificate_pem: certificate, private_key_pem: private_key }, None)
        }
        BroughtKey::Pkcs12 { file, password } => {
            // A file may ask for as many rounds of hashing as it likes.
            let opened = services.busy(move || saml::import_pkcs12(&file, &password)).await?;
            let opened = opened.map_err(|error| match error {
                SamlError::Crypto(_) => Error::invalid("pkcs12", "the file cannot be read"),
                other => Error::invalid("pkcs12", other.to_string()),
            })?;
            pair(services, name, &opened, None)
        }
        BroughtKey::Certificate(pem) => {
            let certificate = Certificate::from_pem(&pem).map_err(|e| Error::invalid("certificate", e.to_string()))?;
            let key = Key { certificate_only: true, ..key(name, &pem, certificate.facts(), None) };
            Ok(KeyRecord { key, private_key: None })
        }
    }
}

fn pair(
    services: &Services,
    name: &str,
    made: &GeneratedKey,
    generated: Option<KeyGeneration>,
) -> Result<KeyRecord, Error> {
    let pair = SigningKey::from_pem(&made.certificate_pem, &made.private_key_pem)
        .map_err(|e| Error::invalid("private_key", e.to_string()))?;
    let sealed = services.vault().seal(services.entropy(), &key_purpose(name), made.private_key_pem.as_bytes())?;
    let key = key(name, &made.certificate_pem, pair.facts(), generated);
    Ok(KeyRecord { key, private_key: Some(sealed) })
}

fn key(name: &str, certificate: &str, facts: CertificateFacts, generated: Option<KeyGeneration>) -> Key {
    let CertificateFacts { fingerprint_sha256, subject, bits, not_after_unix } = facts;
    Key {
        name: name.to_owned(),
        certificate: certificate.to_owned(),
        fingerprint: fingerprint_sha256,
        subject,
        bits,
        not_after: identifiers::rfc3339(not_after_unix),
        generated,
        certificate_only: false,
    }
}
