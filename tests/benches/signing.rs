use std::hint::black_box;

use samael::idp::{
    CertificateParams, IdentityProvider, KeyType, Rsa, response_builder::ResponseAttribute,
    sp_extractor::RequiredAttribute,
};
use samael::traits::ToXml;
use saml::SigningKey;

use crate::{Outcome, process::own_cpu_seconds};

/// A fresh RSA-2048 key.
pub fn key() -> Outcome<SigningKey> {
    let pair = SigningKey::generate_self_signed(2048, "bench", 3650, 1_700_000_000).map_err(|e| e.to_string())?;
    SigningKey::from_pem(&pair.certificate_pem, &pair.private_key_pem).map_err(|e| e.to_string())
}

/// Calls for each processor second.
pub fn rate(calls: u32, mut call: impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    let before = own_cpu_seconds()?;
    for _ in 0..calls {
        call()?;
    }
    Ok(f64::from(calls) / (own_cpu_seconds()? - before))
}

/// Bare RSA-2048 signatures over as many bytes as a `SignedInfo` has.
pub fn bare(key: &SigningKey, calls: u32) -> Outcome<f64> {
    rate(calls, || key.sign_sha256(&[7; 700]).map(|s| drop(black_box(s))).map_err(|e| e.to_string()))
}

/// samael's own path: its response builder, its signature, and the text of the result.
pub fn samael(calls: u32) -> Outcome<f64> {
    let provider = IdentityProvider::generate_new(KeyType::Rsa(Rsa::Rsa2048)).map_err(|e| e.to_string())?;
    let certificate = provider
        .create_certificate(&CertificateParams {
            common_name: "bench",
            issuer_name: "bench",
            days_until_expiration: 3650,
        })
        .map_err(|e| e.to_string())?;
    let attribute = |name: &str, value| ResponseAttribute {
        required_attribute: RequiredAttribute { name: name.to_owned(), format: None },
        value,
    };
    let pair = "arn:aws:iam::123412341234:role/Role0,arn:aws:iam::123412341234:saml-provider/rolecall";
    rate(calls, || {
        let response = provider.sign_authn_response(
            &certificate,
            "root",
            "urn:amazon:webservices",
            "https://signin.aws.amazon.com/saml",
            "bench",
            "_request",
            &[
                attribute("https://aws.amazon.com/SAML/Attributes/Role", pair),
                attribute("https://aws.amazon.com/SAML/Attributes/RoleSessionName", "root"),
            ],
        );
        let text = response.map_err(|e| e.to_string())?.to_string().map_err(|e| e.to_string())?;
        drop(black_box(text));
        Ok(())
    })
}
