//! The query of the Redirect binding (bindings §3.4.4.1).
//!
//! What is signed is the query as it was sent, in the sender's own percent-encoding: decoding and encoding again gives
//! other bytes. So the pieces are cut out of the query as received and put together in the order of the standard.
//! Whatever two readers could take for different parameters is refused: a name twice, or a name in percent-encoding.

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::encoding::{decode, percent_decode};
use crate::error::{SamlError, SignatureFault, excerpt};

const WHAT: &str = "query";
const DEFLATE: &str = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
/// The parameters that mean something.
const NAMES: [&str; 6] = ["SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "SAMLEncoding"];

/// A query, cut but not decoded.
#[derive(Debug)]
pub struct RawQuery<'q> {
    /// The parameter that holds the message.
    pub parameter: &'static str,
    message: &'q str,
    relay_state: Option<&'q str>,
    algorithm: Option<&'q str>,
    signature: Option<&'q str>,
}

impl<'q> RawQuery<'q> {
    /// Cuts a query, without its question mark. Parameters of other names are passed over.
    pub fn of(query: &'q str) -> Result<Self, SamlError> {
        let mut found: [Option<&'q str>; 6] = [None; 6];
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = percent_decode(name).unwrap_or_default();
            let Some((slot, known)) = found.iter_mut().zip(NAMES).find(|(_, known)| *known == decoded) else {
                continue;
            };
            if name != known {
                return Err(SamlError::malformed(WHAT, format!("the name {known} in percent-encoding")));
            }
            if slot.replace(value).is_some() {
                return Err(SamlError::malformed(WHAT, format!("{known} twice")));
            }
        }
        let [request, response, relay_state, algorithm, signature, encoding] = found;
        if encoding.is_some_and(|encoding| percent_decode(encoding).as_deref() != Some(DEFLATE)) {
            return Err(SamlError::Unsupported { what: "SAMLEncoding", why: "DEFLATE is the one encoding".into() });
        }
        if signature.is_some() != algorithm.is_some() {
            return Err(SignatureFault::form("SigAlg and Signature are there only together").into());
        }
        let (parameter, message) = match (request, response) {
            (Some(request), None) => ("SAMLRequest", request),
            (None, Some(response)) => ("SAMLResponse", response),
            (None, None) => return Err(SamlError::malformed(WHAT, "neither SAMLRequest nor SAMLResponse")),
            (Some(_), Some(_)) => return Err(SamlError::malformed(WHAT, "both SAMLRequest and SAMLResponse")),
        };
        Ok(Self { parameter, message, relay_state, algorithm, signature })
    }

    /// The message, percent-decoded.
    pub fn message(&self) -> Result<String, SamlError> {
        decoded(self.message, self.parameter)
    }

    /// `RelayState`, percent-decoded.
    pub fn relay_state(&self) -> Result<Option<String>, SamlError> {
        self.relay_state.map(|value| decoded(value, "RelayState")).transpose()
    }

    /// The signature, if there is one.
    pub fn signature(&self) -> Result<Option<QuerySignature>, SamlError> {
        let (Some(raw_algorithm), Some(raw_signature)) = (self.algorithm, self.signature) else { return Ok(None) };
        let mut signed = format!("{}={}", self.parameter, self.message);
        if let Some(relay_state) = self.relay_state {
            signed.push_str("&RelayState=");
            signed.push_str(relay_state);
        }
        signed.push_str("&SigAlg=");
        signed.push_str(raw_algorithm);
        let algorithm = decoded(raw_algorithm, "SigAlg")?;
        let value = decode("Signature", &decoded(raw_signature, "Signature")?)?;
        Ok(Some(QuerySignature { signed, algorithm, value }))
    }
}

/// A signature over a query, not yet verified.
#[derive(Clone, Debug)]
pub struct QuerySignature {
    signed: String,
    algorithm: String,
    value: Vec<u8>,
}

impl QuerySignature {
    /// Verifies it with the certificates registered for the sender.
    pub fn verify(&self, certificates: &[Certificate]) -> Result<SignatureAlgorithm, SignatureFault> {
        let algorithm = SignatureAlgorithm::from_uri(&self.algorithm)
            .ok_or_else(|| SignatureFault::Algorithm(excerpt(&self.algorithm)))?;
        let bytes = self.signed.as_bytes();
        // The standard refers to XML Signature, whose elliptic form is raw; some libraries send DER all the same.
        let verifies = |key: &Certificate| {
            key.verifies(algorithm, bytes, &self.value)
                || (algorithm.is_elliptic() && key.verifies_der(algorithm, bytes, &self.value))
        };
        if certificates.iter().any(verifies) { Ok(algorithm) } else { Err(SignatureFault::Value(certificates.len())) }
    }
}

fn decoded(raw: &str, what: &'static str) -> Result<String, SamlError> {
    percent_decode(raw).ok_or_else(|| SamlError::malformed(what, "not percent-encoded UTF-8"))
}
