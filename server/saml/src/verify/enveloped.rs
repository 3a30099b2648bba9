//! The enveloped signature of a root, in the one form that SAML allows (core §5.4; XML Signature §3.2).
//!
//! Everything about it is held against a list of what may be there. One reference, `#` and the root's `ID` (an empty one
//! is refused: core §5.4.2 demands the identifier); the enveloped-signature transform, then exclusive canonicalisation
//! without comments, and nothing else; SHA-256, SHA-384 or SHA-512; no `Object`, no `Manifest`, no `RetrievalMethod`.
//! `KeyInfo` is not read.

use crate::algorithm::{Digest, SignatureAlgorithm};
use crate::certificate::Certificate;
use crate::encoding::decode_any_size;
use crate::error::{SamlError, SignatureFault, excerpt};
use crate::signature::{ENVELOPED, EXCLUSIVE_C14N};
use crate::xml::canonical::canonical;
use crate::xml::chars::is_ncname;
use crate::xml::name::ds;
use crate::xml::tree::{Element, Node};
use openssl::hash::hash;
use openssl::memcmp;

pub fn verify(root: &Element, certificates: &[Certificate]) -> Result<SignatureAlgorithm, SamlError> {
    verify_inside(&[], root, certificates)
}

/// As [`verify`], for an element inside `outer` (the root first) that carries a signature of its own.
pub fn verify_inside(
    outer: &[&Element],
    root: &Element,
    certificates: &[Certificate],
) -> Result<SignatureAlgorithm, SamlError> {
    let signature = match root.named(ds("Signature")).collect::<Vec<_>>().as_slice() {
        [] => return Err(SignatureFault::Missing.into()),
        [one] => *one,
        _ => return Err(SignatureFault::form("more than one Signature").into()),
    };
    let parts = Parts::of(signature)?;
    parts.reference.verify(outer, root, signature)?;
    let within: Vec<&Element> = outer.iter().copied().chain([root, signature]).collect();
    let bytes = canonical(parts.signed_info, &within, &prefixes(&parts.inclusive), None);
    if certificates.iter().any(|key| key.verifies(parts.algorithm, bytes.as_bytes(), &parts.value)) {
        return Ok(parts.algorithm);
    }
    Err(SignatureFault::Value(certificates.len()).into())
}

/// What a `ds:Signature` consists of, once its form has been accepted.
struct Parts<'a> {
    signed_info: &'a Element,
    inclusive: String,
    algorithm: SignatureAlgorithm,
    reference: Reference,
    value: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn of(signature: &'a Element) -> Result<Self, SignatureFault> {
        for forbidden in ["Object", "Manifest", "RetrievalMethod", "KeyInfoReference"] {
            if signature.count(&|element| element.local == forbidden) > 0 {
                return Err(SignatureFault::form(format!("it holds {forbidden}")));
            }
        }
        let (signed_info, value) = match signature.elements().collect::<Vec<_>>().as_slice() {
            [info, value] => (*info, *value),
            [info, value, key] if key.is(ds("KeyInfo")) => (*info, *value),
            _ => return Err(SignatureFault::form("it does not consist of SignedInfo, SignatureValue and KeyInfo")),
        };
        expect(signed_info, "SignedInfo")?;
        expect(value, "SignatureValue")?;
        only_text(value)?;
        let value =
            decode_any_size(&value.text()).ok_or_else(|| SignatureFault::form("SignatureValue is not base64"))?;
        let [canonicalization, method, reference] = signed_info.elements().collect::<Vec<_>>()[..] else {
            return Err(SignatureFault::form("SignedInfo does not hold exactly two methods and one Reference"));
        };
        expect(canonicalization, "CanonicalizationMethod")?;
        expect(method, "SignatureMethod")?;
        expect(reference, "Reference")?;
        // HMACOutputLength would stand here.
        if method.elements().next().is_some() {
            return Err(SignatureFault::form("SignatureMethod has parameters"));
        }
        let uri = method.attribute("Algorithm").unwrap_or_default();
        Ok(Self {
            signed_info,
            inclusive: exclusive(canonicalization)?,
            algorithm: SignatureAlgorithm::from_uri(uri).ok_or_else(|| SignatureFault::Algorithm(excerpt(uri)))?,
            reference: Reference::of(reference)?,
            value,
        })
    }
}

/// The one reference.
struct Reference {
    uri: String,
    inclusive: String,
    digest: Digest,
    value: Vec<u8>,
}

impl Reference {
    fn of(element: &Element) -> Result<Self, SignatureFault> {
        let Some(uri) = element.attribute("URI") else { return Err(SignatureFault::form("Reference has no URI")) };
        if element.attribute("Type").is_some() {
            return Err(SignatureFault::form("Reference has a Type"));
        }
        let [transforms, method, value] = element.elements().collect::<Vec<_>>()[..] else {
            return Err(SignatureFault::form("Reference does not consist of Transforms, DigestMethod and DigestValue"));
        };
        expect(transforms, "Transforms")?;
        expect(method, "DigestMethod")?;
        expect(value, "DigestValue")?;
        only_text(value)?;
        let [first, second] = transforms.elements().collect::<Vec<_>>()[..] else {
            return Err(SignatureFault::form("the transforms are not enveloped-signature and exclusive c14n"));
        };
        expect(first, "Transform")?;
        expect(second, "Transform")?;
        if first.attribute("Algorithm") != Some(ENVELOPED) || first.elements().next().is_some() {
            return Err(SignatureFault::form("the first transform is not enveloped-signature"));
        }
        if method.elements().next().is_some() {
            return Err(SignatureFault::form("DigestMethod has parameters"));
        }
        let digest = method.attribute("Algorithm").unwrap_or_default();
        Ok(Self {
            uri: uri.to_owned(),
            inclusive: exclusive(second)?,
            digest: Digest::from_uri(digest).ok_or_else(|| SignatureFault::Algorithm(excerpt(digest)))?,
            value: decode_any_size(&value.text()).ok_or_else(|| SignatureFault::form("DigestValue is not base64"))?,
        })
    }

    fn verify(&self, outer: &[&Element], root: &Element, signature: &Element) -> Result<(), SamlError> {
        let id = root.attribute("ID").filter(|id| is_ncname(id));
        let Some(id) = id else { return Err(SignatureFault::form("the root has no ID to refer to").into()) };
        if self.uri.strip_prefix('#') != Some(id) {
            let text = format!("the Reference names `{}`, not the root", excerpt(&self.uri));
            return Err(SignatureFault::Form(text).into());
        }
        let bytes = canonical(root, outer, &prefixes(&self.inclusive), Some(signature));
        let made = hash(self.digest.function(), bytes.as_bytes())?;
        if made.len() == self.value.len() && memcmp::eq(&made, &self.value) {
            return Ok(());
        }
        Err(SignatureFault::Digest.into())
    }
}

/// The `PrefixList` of an exclusive canonicalisation without comments (Exclusive XML Canonicalization §4).
fn exclusive(element: &Element) -> Result<String, SignatureFault> {
    if element.attribute("Algorithm") != Some(EXCLUSIVE_C14N) {
        let found = excerpt(element.attribute("Algorithm").unwrap_or_default());
        return Err(SignatureFault::Form(format!("`{found}` is not exclusive canonicalisation without comments")));
    }
    match element.elements().collect::<Vec<_>>().as_slice() {
        [] => Ok(String::new()),
        [list] if list.local == "InclusiveNamespaces" && &*list.namespace == EXCLUSIVE_C14N => {
            let prefixes = list.attribute("PrefixList").unwrap_or_default();
            if prefixes.split_ascii_whitespace().count() > 32 {
                return Err(SignatureFault::form("InclusiveNamespaces lists more than 32 prefixes"));
            }
            Ok(prefixes.to_owned())
        }
        _ => Err(SignatureFault::form("canonicalisation has parameters other than InclusiveNamespaces")),
    }
}

fn prefixes(list: &str) -> Vec<&str> {
    list.split_ascii_whitespace().map(|prefix| if prefix == "#default" { "" } else { prefix }).collect()
}

fn expect(element: &Element, local: &'static str) -> Result<(), SignatureFault> {
    if element.is(ds(local)) { Ok(()) } else { Err(SignatureFault::Form(format!("{local} is not where it must be"))) }
}

fn only_text(element: &Element) -> Result<(), SignatureFault> {
    if element.children.iter().any(|node| matches!(node, Node::Element(_))) {
        return Err(SignatureFault::Form(format!("elements inside {}", element.local)));
    }
    Ok(())
}
