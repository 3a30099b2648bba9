//! Whether a message is by whom it says: signatures in the message and in the query (SAML core §5; bindings §3.4.4.1).
//!
//! A key comes from the caller, who registered it, and from nowhere else. Nothing is ever fetched, and a reference can
//! only name the root, so the tree that was verified is the tree that is read.

mod enveloped;
mod query;

pub use query::{QuerySignature, RawQuery};

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::error::{SamlError, SignatureFault};
use crate::xml::name::ds;
use crate::xml::tree::Element;

/// Verifies a protocol message: the signature in its root is the only one anywhere in it.
pub fn message(root: &Element, certificates: &[Certificate]) -> Result<SignatureAlgorithm, SamlError> {
    let direct = root.named(ds("Signature")).count();
    if root.count(&|element| element.is(ds("Signature"))) > direct {
        return Err(SignatureFault::form("a Signature stands elsewhere than directly in the root").into());
    }
    enveloped::verify(root, certificates)
}

/// Verifies an assertion by its own signature. `outer` are the elements around it, the response first; one that was
/// decrypted has the `EncryptedAssertion` around it too, in the place of what was encrypted.
pub fn assertion(
    outer: &[&Element],
    assertion: &Element,
    certificates: &[Certificate],
) -> Result<SignatureAlgorithm, SamlError> {
    enveloped::verify_inside(outer, assertion, certificates)
}

/// Verifies the signature of a response over all of it. Assertions inside carry signatures of their own.
pub fn response(root: &Element, certificates: &[Certificate]) -> Result<SignatureAlgorithm, SamlError> {
    enveloped::verify(root, certificates)
}

/// Verifies a metadata file. Entities inside may carry signatures of their own, which are content here.
pub fn metadata(root: &Element, certificates: &[Certificate]) -> Result<(), SamlError> {
    enveloped::verify(root, certificates).map(drop)
}
