//! Metadata of an identity provider, as IAM takes it.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use openssl::asn1::Asn1Time;
use openssl::pkey::Id;
use openssl::x509::X509;

use crate::fault::Fault;
use crate::xml::{DSIG, METADATA, Node};

const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// One `EntityDescriptor`: an issuer and its signing certificates in DER.
#[derive(Clone, Debug)]
pub(crate) struct Entity {
    pub(crate) id: String,
    pub(crate) certificates: Vec<Vec<u8>>,
}

/// What IAM reads out of a metadata document.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    pub(crate) entities: Vec<Entity>,
    /// `validUntil`, or else when the last certificate ends. Unix seconds.
    pub(crate) valid_until: i64,
}

impl Metadata {
    /// 1,000 to 10,000,000 characters of UTF-8 without byte order mark, with issuer, expiry and keys.
    pub(crate) fn parse(document: &str) -> Result<Self, Fault> {
        let length = document.chars().count();
        if !(1_000..=10_000_000).contains(&length) || document.starts_with('\u{feff}') {
            return Err(Fault::metadata());
        }
        let root = Node::parse(document.as_bytes()).map_err(|_| Fault::metadata())?;
        let everything = root.descendants();
        let descriptors: Vec<_> = everything.iter().filter(|n| n.is(METADATA, "EntityDescriptor")).collect();
        if descriptors.is_empty() {
            return Err(Fault::metadata());
        }
        if descriptors.len() > 10 {
            return Err(Fault::new(409, "LimitExceeded", "Cannot exceed quota for IdPsPerSAMLProvider: 10"));
        }
        let mut entities = Vec::new();
        let mut ends = Vec::new();
        for descriptor in descriptors {
            let (entity, end) = entity(descriptor)?;
            entities.push(entity);
            ends.push(end);
        }
        if entities.iter().map(|e| e.certificates.len()).sum::<usize>() > 10 {
            return Err(Fault::new(409, "LimitExceeded", "Cannot exceed quota for KeysPerSAMLProvider: 10"));
        }
        let declared = match root.attribute("validUntil") {
            Some(text) => Some(text.parse::<Timestamp>().map_err(|_| Fault::metadata())?.as_second()),
            None => None,
        };
        let valid_until = declared.or_else(|| ends.into_iter().max()).ok_or_else(Fault::metadata)?;
        Ok(Self { entities, valid_until })
    }
}

fn entity(descriptor: &Node) -> Result<(Entity, i64), Fault> {
    let id = descriptor.attribute("entityID").filter(|id| !id.is_empty()).ok_or_else(Fault::metadata)?;
    let idp = descriptor.only(METADATA, "IDPSSODescriptor").ok_or_else(Fault::metadata)?;
    let protocols = idp.attribute("protocolSupportEnumeration").unwrap_or_default();
    if !protocols.split_ascii_whitespace().any(|p| p == PROTOCOL) {
        return Err(Fault::metadata());
    }
    idp.all(METADATA, "SingleSignOnService").next().ok_or_else(Fault::metadata)?;
    let mut certificates = Vec::new();
    let mut end = i64::MIN;
    for key in idp.all(METADATA, "KeyDescriptor") {
        let signs = key.attribute("use").is_none_or(|usage| usage == "signing");
        for node in key.descendants().into_iter().filter(|n| n.is(DSIG, "X509Certificate")) {
            let packed: String = node.text.split_ascii_whitespace().collect();
            let der = STANDARD.decode(packed).map_err(|_| Fault::metadata())?;
            end = end.max(certificate(&der).ok_or_else(Fault::metadata)?);
            if signs {
                certificates.push(der);
            }
        }
    }
    if certificates.is_empty() {
        return Err(Fault::metadata());
    }
    Ok((Entity { id: id.into(), certificates }, end))
}

/// When a certificate ends, if IAM takes it: an RSA key of at least 1024 bits, or another kind of key.
fn certificate(der: &[u8]) -> Option<i64> {
    let certificate = X509::from_der(der).ok()?;
    let key = certificate.public_key().ok()?;
    (key.id() != Id::RSA || key.bits() >= 1024).then_some(())?;
    let span = Asn1Time::from_unix(0).ok()?.diff(certificate.not_after()).ok()?;
    Some(i64::from(span.days) * 86_400 + i64::from(span.secs))
}
