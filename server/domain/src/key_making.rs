use model::{Key, KeyAlgorithm, KeyGeneration};
use saml::{CertificateFacts, KeyKind, SigningKey};

use crate::{Error, Services, identifiers, port::KeyRecord, snapshot::key_purpose};

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
    record(services, name, &made.certificate_pem, &made.private_key_pem, Some(how.clone()))
}

/// Takes a pair made elsewhere. It is refused unless the two halves belong together.
pub(crate) fn import(
    services: &Services,
    name: &str,
    certificate: &str,
    private_key: &str,
) -> Result<KeyRecord, Error> {
    record(services, name, certificate, private_key, None)
}

fn record(
    services: &Services,
    name: &str,
    certificate: &str,
    private_key: &str,
    generated: Option<KeyGeneration>,
) -> Result<KeyRecord, Error> {
    let pair =
        SigningKey::from_pem(certificate, private_key).map_err(|e| Error::invalid("private_key", e.to_string()))?;
    let CertificateFacts { fingerprint_sha256, subject, bits, not_after_unix } = pair.facts();
    let private_key = services.vault().seal(services.entropy(), &key_purpose(name), private_key.as_bytes())?;
    let key = Key {
        name: name.to_owned(),
        certificate: certificate.to_owned(),
        fingerprint: fingerprint_sha256,
        subject,
        bits,
        not_after: identifiers::rfc3339(not_after_unix),
        generated,
    };
    Ok(KeyRecord { key, private_key })
}
