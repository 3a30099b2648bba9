//! A message that is ready to be sent by either binding, signed in the way of that binding.

use crate::algorithm::SignatureAlgorithm;
use crate::encoding::{deflate, percent_encode};
use crate::error::SamlError;
use crate::key::SigningKey;
use crate::response::SignedResponse;
use crate::signature::envelop;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A message that is written and not yet signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    pub(crate) parameter: &'static str,
    pub(crate) id: String,
    pub(crate) xml: String,
    /// Where a signature goes: right after `Issuer`.
    pub(crate) place: usize,
    pub(crate) destination: String,
}

impl Outbound {
    /// The XML, without a signature.
    #[must_use]
    pub fn xml(&self) -> &str {
        &self.xml
    }

    /// The name of the form field or query parameter.
    #[must_use]
    pub fn parameter(&self) -> &'static str {
        self.parameter
    }

    /// Signs for the POST binding: the signature is inside, and the result's `base64()` is the form field.
    ///
    /// # Errors
    /// [`SamlError::Key`] when the algorithm does not fit the key, [`SamlError::Crypto`] when the library fails.
    pub fn post(&self, algorithm: SignatureAlgorithm, key: &SigningKey) -> Result<SignedResponse, SamlError> {
        let mut xml = self.xml.clone();
        let whole = 0..xml.len();
        envelop(&mut xml, whole, self.place, &self.id, algorithm, key)?;
        Ok(SignedResponse { xml })
    }

    /// Signs for the Redirect binding and gives the address that the browser is sent to.
    ///
    /// # Errors
    /// As [`sign_redirect`].
    pub fn redirect(
        &self,
        relay_state: Option<&str>,
        algorithm: SignatureAlgorithm,
        key: &SigningKey,
    ) -> Result<String, SamlError> {
        let query = sign_redirect(self.parameter, &self.xml, relay_state, algorithm, key)?;
        let joint = if self.destination.contains('?') { '&' } else { '?' };
        Ok(format!("{}{joint}{query}", self.destination))
    }
}

/// The signed query of the Redirect binding (bindings §3.4.4.1): the message deflated, then `RelayState` if there is
/// one, `SigAlg` and `Signature`. An elliptic signature is `r` and `s` in equal halves.
///
/// # Errors
/// [`SamlError::Key`] when the algorithm does not fit the key, [`SamlError::Crypto`] when the library fails.
pub fn sign_redirect(
    parameter: &str,
    xml: &str,
    relay_state: Option<&str>,
    algorithm: SignatureAlgorithm,
    key: &SigningKey,
) -> Result<String, SamlError> {
    let mut query = format!("{parameter}={}", percent_encode(&deflate(xml)?));
    if let Some(relay_state) = relay_state {
        query.push_str("&RelayState=");
        query.push_str(&percent_encode(relay_state));
    }
    query.push_str("&SigAlg=");
    query.push_str(&percent_encode(algorithm.uri()));
    let signature = STANDARD.encode(key.sign(algorithm, query.as_bytes())?);
    query.push_str("&Signature=");
    query.push_str(&percent_encode(&signature));
    Ok(query)
}
