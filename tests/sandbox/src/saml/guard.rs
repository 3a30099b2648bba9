//! What a signature must look like before a verifier is let near it.
//!
//! A verifier says that a signature fits; it does not say that what it covers is what will be read, and it follows any
//! reference. So the shape is settled here: one assertion, signatures that are children of what they sign, one reference to
//! that parent, and nothing that fetches, transforms freely or hides a second copy.

use std::collections::HashSet;

use crate::fault::Fault;
use crate::xml::{ASSERTION, DSIG, Node};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const DIGESTS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];
const ALGORITHMS: [&str; 6] = [
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
];

/// Which element a signature covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signed {
    /// `samlp:Response`
    Response,
    /// `saml:Assertion`
    Assertion,
}

/// The one assertion, a child of the response; anything else is a wrapping.
pub(crate) fn assertion(root: &Node) -> Result<&Node, Fault> {
    let count = root.descendants().iter().filter(|n| n.is(ASSERTION, "Assertion")).count();
    root.only(ASSERTION, "Assertion").filter(|_| count == 1).ok_or_else(Fault::signature)
}

/// The signatures, each of which must be of the one shape that proves something.
pub(crate) fn signatures(root: &Node) -> Result<Vec<Signed>, Fault> {
    let everything = root.descendants();
    let mut ids = HashSet::new();
    for node in &everything {
        let own = node.attributes.iter().filter(|(_, name, _)| name.eq_ignore_ascii_case("id"));
        for (_, _, id) in own {
            if !ids.insert(id.as_str()) {
                return Err(Fault::signature());
            }
        }
    }
    let mut found = Vec::new();
    for (node, signed) in [(root, Signed::Response), (assertion(root)?, Signed::Assertion)] {
        match node.all(DSIG, "Signature").count() {
            0 => {}
            1 => {
                let signature = node.only(DSIG, "Signature").ok_or_else(Fault::signature)?;
                holds(signature, node.attribute("ID").unwrap_or_default()).ok_or_else(Fault::signature)?;
                found.push(signed);
            }
            _ => return Err(Fault::signature()),
        }
    }
    let total = everything.iter().filter(|n| n.is(DSIG, "Signature")).count();
    if found.is_empty() || total != found.len() {
        return Err(Fault::signature());
    }
    Ok(found)
}

/// Whether the response is signed itself, by a signature of that shape, while its assertion is still encrypted.
pub(crate) fn outer(root: &Node) -> Result<bool, Fault> {
    let total = root.descendants().iter().filter(|n| n.is(DSIG, "Signature")).count();
    if total == 0 {
        return Ok(false);
    }
    let signature = root.only(DSIG, "Signature").filter(|_| total == 1).ok_or_else(Fault::signature)?;
    holds(signature, root.attribute("ID").unwrap_or_default()).ok_or_else(Fault::signature)?;
    Ok(true)
}

fn holds(signature: &Node, id: &str) -> Option<()> {
    let named = |node: &Node, names: &[&str]| node.namespace == DSIG && names.contains(&node.name.as_str());
    let children = &signature.children;
    (!id.is_empty() && children.iter().all(|n| named(n, &["SignedInfo", "SignatureValue", "KeyInfo"]))).then_some(())?;
    let forbidden = ["Object", "Manifest", "RetrievalMethod"];
    signature.descendants().iter().all(|n| !forbidden.contains(&n.name.as_str())).then_some(())?;

    let info = signature.only(DSIG, "SignedInfo")?;
    let parts = ["CanonicalizationMethod", "SignatureMethod", "Reference"];
    info.children.iter().all(|n| named(n, &parts)).then_some(())?;
    (info.only(DSIG, "CanonicalizationMethod")?.attribute("Algorithm")? == EXCLUSIVE).then_some(())?;
    ALGORITHMS.contains(&info.only(DSIG, "SignatureMethod")?.attribute("Algorithm")?).then_some(())?;

    let reference = info.only(DSIG, "Reference")?;
    (reference.attribute("URI")?.strip_prefix('#')? == id).then_some(())?;
    DIGESTS.contains(&reference.only(DSIG, "DigestMethod")?.attribute("Algorithm")?).then_some(())?;
    let transforms = reference.only(DSIG, "Transforms")?;
    let names: Vec<_> = transforms.children.iter().filter_map(|n| n.attribute("Algorithm")).collect();
    (names == [ENVELOPED, EXCLUSIVE] && transforms.children.len() == 2).then_some(())
}
