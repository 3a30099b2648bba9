//! A SAML response as it arrived, before anything in it is believed.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::pkey::{PKey, Private};

use super::{Attributes, Pair, decrypt, guard, guard::Signed, signature};
use crate::fault::Fault;
use crate::xml::{ASSERTION, Node, PROTOCOL};

/// The longest `SAMLAssertion` that STS takes, in characters of base64.
const MAX_CHARS: usize = 100_000;

/// A response as it arrived. Nothing read here has been verified.
#[derive(Debug)]
pub(crate) struct Message {
    bytes: Vec<u8>,
    root: Node,
    /// The message as it came, if its assertion was encrypted.
    sealed: Option<Box<Message>>,
}

impl Message {
    /// Decodes the form field or parameter.
    pub(crate) fn decode(field: &str) -> Result<Self, Fault> {
        let length = field.chars().count();
        if !(4..=MAX_CHARS).contains(&length) {
            let (bound, limit) = if length < 4 { ("greater", 4) } else { ("less", MAX_CHARS) };
            return Err(Fault::validation(format!(
                "1 validation error detected: Value at 'sAMLAssertion' failed to satisfy constraint: Member must have \
                 length {bound} than or equal to {limit}"
            )));
        }
        let packed: String = field.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        let bytes = STANDARD.decode(packed).map_err(|_| Fault::invalid_base64())?;
        let root = Node::parse(&bytes).map_err(|_| Fault::invalid_base64())?;
        if !root.is(PROTOCOL, "Response") {
            return Err(Fault::invalid_response());
        }
        Ok(Self { bytes, root, sealed: None })
    }

    /// Whether the assertion is, or was, encrypted.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.sealed.is_some() || self.root.all(ASSERTION, "EncryptedAssertion").next().is_some()
    }

    /// The message with its assertion readable.
    pub(crate) fn opened(self, keys: &[PKey<Private>]) -> Result<Self, Fault> {
        let bytes = decrypt::opened(&self.bytes, &self.root, keys).ok_or_else(Fault::invalid_response)?;
        let root = Node::parse(&bytes).map_err(|_| Fault::invalid_response())?;
        Ok(Self { bytes, root, sealed: Some(Box::new(self)) })
    }

    /// The response, of which nothing has been verified.
    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// How many characters it has.
    pub(crate) fn length(&self) -> usize {
        String::from_utf8_lossy(&self.bytes).chars().count()
    }

    /// The pairs of role and provider that it claims, to find the provider by.
    pub(crate) fn pairs(&self) -> Result<Vec<Pair>, Fault> {
        let assertion = self.root.only(ASSERTION, "Assertion").ok_or_else(Fault::invalid_response)?;
        Pair::all(&Attributes::read(assertion))
    }

    /// Every issuer that it names.
    pub(crate) fn issuers(&self) -> Vec<&str> {
        let assertions = self.root.all(ASSERTION, "Assertion");
        std::iter::once(&self.root)
            .chain(assertions)
            .flat_map(|n| n.all(ASSERTION, "Issuer"))
            .map(|i| i.trimmed())
            .collect()
    }

    /// Verifies every signature with these certificates and gives the response and the assertion, the latter read from the
    /// very octets that were digested.
    pub(crate) async fn verify(&self, certificates: &[Vec<u8>]) -> Result<(&Node, Node), Fault> {
        if let Some(sealed) = &self.sealed
            && guard::outer(&sealed.root)?
        {
            // It covers the encrypted form; what is inside has to carry a signature of its own.
            signature::verify(&sealed.bytes, Signed::Response, certificates).await?;
        }
        let claimed = guard::assertion(&self.root)?;
        let mut verified = None;
        for signed in guard::signatures(&self.root)? {
            let octets = signature::verify(&self.bytes, signed, certificates).await?;
            let node = Node::parse(&octets).map_err(|_| Fault::signature())?;
            let assertion = match signed {
                Signed::Assertion => Some(node),
                Signed::Response => node.only(ASSERTION, "Assertion").cloned(),
            };
            verified = Some(assertion.ok_or_else(Fault::signature)?);
        }
        let assertion = verified.ok_or_else(Fault::signature)?;
        if !assertion.is(ASSERTION, "Assertion") || assertion.attribute("ID") != claimed.attribute("ID") {
            return Err(Fault::signature());
        }
        Ok((&self.root, assertion))
    }
}
