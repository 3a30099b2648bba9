//! Encryption of assertions to a service provider, as its metadata offers it.

use model::{AssertionCipher, AssertionEncryption, SamlProvider};
use saml::{Certificate, SpMetadata};

use crate::{Error, issue::content_cipher};

/// Encryption to the first certificate that the service provider offers for it, with the best cipher that it names.
pub(crate) fn offered(sp: &SpMetadata) -> Result<AssertionEncryption, Error> {
    let certificate =
        sp.encryption.iter().find(|c| matches!(c.kind(), saml::KeyKind::Rsa(_))).ok_or_else(|| {
            Error::invalid("encryption", "the metadata has no certificate with an RSA key to encrypt to")
        })?;
    takes_transport(sp)?;
    Ok(AssertionEncryption { certificate: certificate.pem(), key: None, cipher: cipher(sp)? })
}

/// Keys travel by RSA-OAEP with MGF1 and SHA-1 (XML Encryption §5.5.2), which every service is taken to read that names no
/// transport at all.
fn takes_transport(sp: &SpMetadata) -> Result<(), Error> {
    const OURS: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
    let methods = sp.encryption_methods.iter().map(|method| method.trim());
    let transports: Vec<&str> = methods.filter(|method| method.contains("#rsa-")).take(5).collect();
    if transports.is_empty() || transports.contains(&OURS) {
        return Ok(());
    }
    let why =
        format!("EncryptionMethod names {} and not {OURS}, by which keys of assertions travel", transports.join(", "));
    Err(Error::invalid("encryption", why))
}

/// A service provider that names ciphers decrypts no others (metadata §2.4.1.1); one that names none is taken to decrypt
/// what the standard recommends.
fn cipher(sp: &SpMetadata) -> Result<AssertionCipher, Error> {
    const OURS: [AssertionCipher; 3] =
        [AssertionCipher::Aes256Gcm, AssertionCipher::Aes128Gcm, AssertionCipher::Aes256Cbc];
    let methods = || sp.encryption_methods.iter().map(|method| method.trim());
    if let Some(found) = OURS.into_iter().find(|cipher| methods().any(|m| m == content_cipher(*cipher).uri())) {
        return Ok(found);
    }
    // The same element names ciphers and how their keys travel.
    let ciphers: Vec<&str> = methods().filter(|m| !m.contains("#rsa-") && !m.contains("#kw-")).take(5).collect();
    if ciphers.is_empty() {
        return Ok(AssertionCipher::default());
    }
    let why = format!(
        "EncryptionMethod names {} and none of AES-256-GCM, AES-128-GCM and AES-256-CBC, which assertions can be encrypted with",
        ciphers.join(", ")
    );
    Err(Error::invalid("encryption", why))
}

/// What a new file offers in the place of what is encrypted to now, with what there is to say where it offers nothing: a
/// service that has another key now cannot read what is encrypted to the former one. None: nobody decided to encrypt to a
/// certificate of the metadata.
pub(crate) fn renewed(kept: &SamlProvider, sp: &SpMetadata) -> (Option<AssertionEncryption>, Option<(String, String)>) {
    let stays = |why: &str| Some(("KeyDescriptor".to_owned(), format!("{why}; what is encrypted to now stays")));
    // The certificate of a key here is somebody's decision, whatever the file has.
    let Some(now) = kept.encryption.as_ref().filter(|now| now.key.is_none()) else { return (None, None) };
    let named = named(kept, sp).is_some();
    match offered(sp) {
        // Any that the file has is good.
        Ok(new) if named => (Some(AssertionEncryption { certificate: now.certificate.clone(), ..new }), None),
        Ok(new) => (Some(new), None),
        Err(_) if named => (None, None),
        Err(_) if sp.encryption.is_empty() => (None, stays("the file has no certificate to encrypt to any more")),
        Err(error) => (None, stays(&reason(&error))),
    }
}

/// The certificate of the metadata that is encrypted to now, where a file has it: a service that lists several takes what
/// is encrypted to any of them.
pub(crate) fn named(kept: &SamlProvider, sp: &SpMetadata) -> Option<Certificate> {
    let now = kept.encryption.as_ref().filter(|now| now.key.is_none())?;
    Certificate::from_pem(&now.certificate).ok().filter(|now| sp.encryption.contains(now))
}

/// What an error says without the field that it is of.
pub(crate) fn reason(error: &Error) -> String {
    match error {
        Error::Invalid(faults) => faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GCM_256: &str = "http://www.w3.org/2009/xmlenc11#aes256-gcm";
    const GCM_128: &str = "http://www.w3.org/2009/xmlenc11#aes128-gcm";
    const CBC_256: &str = "http://www.w3.org/2001/04/xmlenc#aes256-cbc";
    const CBC_128: &str = "http://www.w3.org/2001/04/xmlenc#aes128-cbc";
    const OAEP: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

    /// A service provider with a certificate of its own, or none, and methods.
    fn sp(certificate: bool, methods: &[&str]) -> SpMetadata {
        let methods: String = methods.iter().map(|m| format!("<md:EncryptionMethod Algorithm=\"{m}\"/>")).collect();
        let key = if certificate {
            let pair = saml::SigningKey::generate_self_signed(2048, "sp", 30, 1_700_000_000).unwrap();
            let base64: String = pair.certificate_pem.lines().filter(|line| !line.starts_with('-')).collect();
            format!(
                "<md:KeyDescriptor use=\"encryption\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>{base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>{methods}</md:KeyDescriptor>"
            )
        } else {
            String::new()
        };
        let xml = format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://sp.example\"><md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{key}<md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://sp.example/acs\" index=\"0\"/></md:SPSSODescriptor></md:EntityDescriptor>"
        );
        saml::parse_sp_metadata(xml.as_bytes(), &saml::Limits::METADATA).unwrap().remove(0)
    }

    #[test]
    fn the_cipher_is_the_best_that_the_service_names_and_one_that_it_does_not_name_is_never_taken() {
        let cipher = |methods: &[&str]| offered(&sp(true, methods)).map(|e| e.cipher);
        for (methods, expected) in [
            (vec![], AssertionCipher::Aes256Gcm),
            (vec![OAEP], AssertionCipher::Aes256Gcm),
            (vec![CBC_256, GCM_128, OAEP], AssertionCipher::Aes128Gcm),
            (vec![GCM_128, GCM_256], AssertionCipher::Aes256Gcm),
            (vec![CBC_128, CBC_256], AssertionCipher::Aes256Cbc),
        ] {
            assert_eq!(cipher(&methods).unwrap(), expected, "{methods:?}");
        }
        let later = "http://www.w3.org/2009/xmlenc11#rsa-oaep";
        let refused = cipher(&[GCM_256, later]).unwrap_err().to_string();
        assert!(refused.contains(later) && refused.contains(OAEP), "{refused}");
        assert!(cipher(&[GCM_256, later, OAEP]).is_ok());
        let refused = cipher(&[CBC_128, OAEP]).unwrap_err().to_string();
        assert!(
            refused.contains("EncryptionMethod") && refused.contains(CBC_128) && !refused.contains(OAEP),
            "{refused}"
        );
    }

    #[test]
    fn a_new_file_offers_its_certificate_and_nothing_where_nobody_decided_to_encrypt_to_one() {
        let (before, after) = (sp(true, &[CBC_256]), sp(true, &[GCM_128]));
        let provider =
            |encryption| SamlProvider { encryption, ..SamlProvider::new("sp", "https://sp.example/acs", "x") };
        let old = offered(&before).unwrap();
        let kept = provider(Some(old.clone()));
        assert_eq!(renewed(&kept, &before), (Some(old.clone()), None));
        assert_eq!(renewed(&kept, &after), (Some(offered(&after).unwrap()), None));
        let (encryption, note) = renewed(&kept, &sp(false, &[]));
        assert!(encryption.is_none() && note.unwrap().1.contains("no certificate to encrypt to"));
        let by_name = AssertionEncryption { certificate: String::new(), key: Some("k".into()), ..old };
        assert_eq!(renewed(&provider(Some(by_name)), &before), (None, None));
        assert_eq!(renewed(&provider(None), &after), (None, None));
    }
}
