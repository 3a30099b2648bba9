//! The enveloped XML signature: RSA-SHA256 over exclusive canonical XML (XML Signature 1.1 §4, §6; SAML core §5.4).
//!
//! The bytes to digest are handed in as they were written, because the writer only makes canonical bytes. Each signature
//! has one reference to the element around it, two transforms and nothing else, as SAML core §5.4.2 and §5.4.4 demand.

use crate::error::SamlError;
use crate::key::SigningKey;
use crate::xml::name::{Prefix, ds};
use crate::xml::write::Writer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::sha::Sha256;

const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// Signs the canonical bytes of the element `id` (given in one or more pieces) and gives the `ds:Signature` to put in it.
pub fn sign(id: &str, canonical: &[&str], key: &SigningKey) -> Result<String, SamlError> {
    let mut hash = Sha256::new();
    for piece in canonical {
        hash.update(piece.as_bytes());
    }
    let signed_info = signed_info(id, &STANDARD.encode(hash.finish()));
    let value = STANDARD.encode(key.sign_sha256(signed_info.as_bytes())?);

    let certificate = key.certificate_base64();
    let mut writer = Writer::with_capacity(signed_info.len() + value.len() + certificate.len() + 300);
    writer.open(ds("Signature"), &[]);
    writer.graft(&signed_info, Prefix::Ds);
    writer.leaf(ds("SignatureValue"), &[], &value);
    writer.open(ds("KeyInfo"), &[]);
    writer.open(ds("X509Data"), &[]);
    writer.leaf(ds("X509Certificate"), &[], certificate);
    Ok(writer.finish())
}

/// `ds:SignedInfo` as its own apex: the form whose bytes are signed.
fn signed_info(id: &str, digest: &str) -> String {
    let mut writer = Writer::with_capacity(900);
    writer.open(ds("SignedInfo"), &[]);
    writer.leaf(ds("CanonicalizationMethod"), &[("Algorithm", Some(EXCLUSIVE_C14N))], "");
    writer.leaf(ds("SignatureMethod"), &[("Algorithm", Some(RSA_SHA256))], "");
    let uri = format!("#{id}");
    writer.open(ds("Reference"), &[("URI", Some(&uri))]);
    writer.open(ds("Transforms"), &[]);
    writer.leaf(ds("Transform"), &[("Algorithm", Some(ENVELOPED))], "");
    writer.leaf(ds("Transform"), &[("Algorithm", Some(EXCLUSIVE_C14N))], "");
    writer.close();
    writer.leaf(ds("DigestMethod"), &[("Algorithm", Some(SHA256))], "");
    writer.leaf(ds("DigestValue"), &[], digest);
    writer.finish()
}
