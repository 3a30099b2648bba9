//! The enveloped XML signature over exclusive canonical XML (XML Signature 1.1 §4, §6; SAML core §5.4).
//!
//! The bytes to digest are taken as they were written, because the writer only makes canonical bytes. Each signature
//! has one reference to the element around it, two transforms and nothing else, as SAML core §5.4.2 and §5.4.4 demand.

use crate::algorithm::SignatureAlgorithm;
use crate::error::SamlError;
use crate::key::SigningKey;
use crate::xml::name::ds;
use crate::xml::write::Writer;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::hash;
use std::ops::Range;

/// How many bytes a signature adds besides the certificate: room to reserve, not a limit.
pub const OVERHEAD: usize = 1500;

pub const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/// Signs the element whose identifier is `id` and whose canonical bytes are `apex`, and puts the `ds:Signature` at `at`,
/// a place inside it.
pub fn envelop(
    document: &mut String,
    apex: Range<usize>,
    at: usize,
    id: &str,
    algorithm: SignatureAlgorithm,
    key: &SigningKey,
) -> Result<(), SamlError> {
    let bytes = document.as_bytes().get(apex).filter(|_| document.is_char_boundary(at));
    let Some(bytes) = bytes else {
        return Err(SamlError::malformed("signature", "its place is outside the document"));
    };
    let digest = STANDARD.encode(hash(algorithm.digest().function(), bytes)?);
    let signature = signature(id, &digest, algorithm, key)?;
    document.insert_str(at, &signature);
    Ok(())
}

fn signature(id: &str, digest: &str, algorithm: SignatureAlgorithm, key: &SigningKey) -> Result<String, SamlError> {
    let uri = format!("#{id}");
    // As its own apex `ds:SignedInfo` declares its prefix, inside `ds:Signature` it inherits it: the first form is what a
    // verifier canonicalises, the second is what the document around it is canonicalised to.
    let mut apex = Writer::with_capacity(900);
    signed_info(&mut apex, &uri, digest, algorithm);
    let value = STANDARD.encode(key.sign(algorithm, apex.finish().as_bytes())?);

    let certificate = key.certificate_base64();
    let mut writer = Writer::with_capacity(OVERHEAD + certificate.len());
    writer.open(ds("Signature"), &[]);
    signed_info(&mut writer, &uri, digest, algorithm);
    writer.leaf(ds("SignatureValue"), &[], &value);
    writer.open(ds("KeyInfo"), &[]);
    writer.open(ds("X509Data"), &[]);
    writer.leaf(ds("X509Certificate"), &[], certificate);
    Ok(writer.finish())
}

fn signed_info(writer: &mut Writer, uri: &str, digest: &str, algorithm: SignatureAlgorithm) {
    writer.open(ds("SignedInfo"), &[]);
    writer.leaf(ds("CanonicalizationMethod"), &[("Algorithm", Some(EXCLUSIVE_C14N))], "");
    writer.leaf(ds("SignatureMethod"), &[("Algorithm", Some(algorithm.uri()))], "");
    writer.open(ds("Reference"), &[("URI", Some(uri))]);
    writer.open(ds("Transforms"), &[]);
    writer.leaf(ds("Transform"), &[("Algorithm", Some(ENVELOPED))], "");
    writer.leaf(ds("Transform"), &[("Algorithm", Some(EXCLUSIVE_C14N))], "");
    writer.close();
    writer.leaf(ds("DigestMethod"), &[("Algorithm", Some(algorithm.digest().uri()))], "");
    writer.leaf(ds("DigestValue"), &[], digest);
    writer.close();
    writer.close();
}
