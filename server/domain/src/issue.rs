//! From what a response is to say to what is sent: the provider's algorithm, and encryption where it is asked for.

use model::{AssertionCipher, SamlProvider, SignatureMethod};
use saml::{
    Certificate, ContentCipher, Encryption, KeyTransport, OaepDigest, ResponseOptions, ResponseSpec,
    SignatureAlgorithm, SignedResponse, SigningKey,
};

use crate::{Error, port::Entropy};

/// Builds, signs and, for a provider that wants it, encrypts a response.
pub fn issue(
    spec: &ResponseSpec,
    provider: &SamlProvider,
    key: &SigningKey,
    entropy: &dyn Entropy,
) -> Result<SignedResponse, Error> {
    let algorithm = provider.signature_algorithm.map(algorithm);
    let Some(encryption) = &provider.encryption else {
        let options = ResponseOptions { algorithm, ..ResponseOptions::default() };
        return saml::build_with(spec, &options, key).map_err(internal);
    };
    let certificate = Certificate::from_pem(&encryption.certificate).map_err(internal)?;
    let cipher = content_cipher(encryption.cipher);
    let mut content_key = vec![0; cipher.key_length()];
    let mut iv = vec![0; cipher.iv_length()];
    entropy.fill(&mut content_key);
    entropy.fill(&mut iv);
    let encrypt = Encryption {
        certificate: &certificate,
        cipher,
        // The one transport that every known service provider decrypts; MGF1 does not lean on SHA-1's collisions.
        transport: KeyTransport::RsaOaepMgf1p(OaepDigest::Sha1),
        key: &content_key,
        iv: &iv,
    };
    let options = ResponseOptions { algorithm, encrypt: Some(encrypt), ..ResponseOptions::default() };
    saml::build_with(spec, &options, key).map_err(internal)
}

pub const fn content_cipher(cipher: AssertionCipher) -> ContentCipher {
    match cipher {
        AssertionCipher::Aes256Gcm => ContentCipher::Aes256Gcm,
        AssertionCipher::Aes128Gcm => ContentCipher::Aes128Gcm,
        AssertionCipher::Aes256Cbc => ContentCipher::Aes256Cbc,
    }
}

pub const fn algorithm(method: SignatureMethod) -> SignatureAlgorithm {
    match method {
        SignatureMethod::RsaSha256 => SignatureAlgorithm::RsaSha256,
        SignatureMethod::RsaSha384 => SignatureAlgorithm::RsaSha384,
        SignatureMethod::RsaSha512 => SignatureAlgorithm::RsaSha512,
        SignatureMethod::EcdsaSha256 => SignatureAlgorithm::EcdsaSha256,
        SignatureMethod::EcdsaSha384 => SignatureAlgorithm::EcdsaSha384,
        SignatureMethod::EcdsaSha512 => SignatureAlgorithm::EcdsaSha512,
    }
}

/// The algorithm that messages to a provider are signed with.
pub fn algorithm_for(provider: &SamlProvider, key: &SigningKey) -> SignatureAlgorithm {
    provider.signature_algorithm.map_or_else(|| key.default_algorithm(), algorithm)
}

/// A key and an algorithm that do not fit are a setting to change, not a defect.
fn internal(error: saml::SamlError) -> Error {
    match error {
        saml::SamlError::Key(why) => Error::Conflict(format!("the SAML provider cannot sign or encrypt so: {why}")),
        other => Error::Internal(other.to_string()),
    }
}
