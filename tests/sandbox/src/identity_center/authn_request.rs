//! The `AuthnRequest` that Identity Center sends.

use std::io::Write;

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::DeflateEncoder};
use quick_xml::escape::escape;

use super::Binding;
use crate::entropy::{authn_request_id, session_token};
use crate::fault::Fault;
use crate::instant::instant;
use crate::percent::percent_encoded;

/// How long an answer is awaited, in seconds. AWS does not say.
const PATIENCE: i64 = 900;

/// A request on its way to the identity provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthnRequest {
    /// `aws_` and 32 characters.
    pub id: String,
    /// Where it goes.
    pub destination: String,
    /// How it goes there.
    pub binding: Binding,
    /// Where the answer is awaited.
    pub consumer_service: String,
    /// What must come back unchanged.
    pub relay_state: String,
    /// When it was made. Unix seconds.
    pub issued: i64,
    /// The message itself.
    pub xml: String,
}

impl AuthnRequest {
    pub(crate) fn new(
        issuer: &str,
        consumer_service: &str,
        (binding, destination): &(Binding, String),
        now: i64,
    ) -> Result<Self, Fault> {
        let id = authn_request_id()?;
        let xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><saml2p:AuthnRequest \
             xmlns:saml2p=\"urn:oasis:names:tc:SAML:2.0:protocol\" AssertionConsumerServiceURL=\"{}\" Destination=\"{}\" \
             ID=\"{id}\" IssueInstant=\"{}\" ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
             Version=\"2.0\"><saml2:Issuer xmlns:saml2=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</saml2:Issuer>\
             <saml2p:NameIDPolicy Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"/>\
             </saml2p:AuthnRequest>",
            escape(consumer_service),
            escape(destination.as_str()),
            instant(now),
            escape(issuer),
        );
        Ok(Self {
            id,
            destination: destination.clone(),
            binding: *binding,
            consumer_service: consumer_service.into(),
            relay_state: session_token()?,
            issued: now,
            xml,
        })
    }

    /// The message in the form that its binding asks for, before percent-encoding.
    ///
    /// # Errors
    /// `ServiceFailure` if it cannot be compressed.
    pub fn parameter(&self) -> Result<String, Fault> {
        if self.binding == Binding::Post {
            return Ok(STANDARD.encode(&self.xml));
        }
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
        deflate.write_all(self.xml.as_bytes()).map_err(Fault::internal)?;
        Ok(STANDARD.encode(deflate.finish().map_err(Fault::internal)?))
    }

    /// The address with the message in it (SAML bindings §3.4.4.1); unsigned.
    ///
    /// # Errors
    /// `ServiceFailure` if the message cannot be compressed.
    pub fn url(&self) -> Result<String, Fault> {
        let mark = if self.destination.contains('?') { '&' } else { '?' };
        let (message, relay_state) = (percent_encoded(&self.parameter()?), percent_encoded(&self.relay_state));
        Ok(format!("{}{mark}SAMLRequest={message}&RelayState={relay_state}", self.destination))
    }

    /// Whether an answer comes too late.
    pub(crate) fn is_stale(&self, now: i64) -> bool {
        now - self.issued > PATIENCE
    }
}
