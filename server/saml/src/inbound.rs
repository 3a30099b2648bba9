//! A message as it arrived, by either binding: first looked at to learn who claims to have sent it, then verified with
//! what is registered for that sender, then interpreted. All three look at one tree.

use crate::algorithm::SignatureAlgorithm;
use crate::certificate::Certificate;
use crate::decryption::DecryptionKey;
use crate::encoding::{decode, inflate};
use crate::error::{SamlError, SignatureFault, excerpt};
use crate::logout::{LogoutRequest, LogoutResponse};
use crate::message::Head;
use crate::request::{AuthnRequest, second_opinion};
use crate::verify::{self, QuerySignature, RawQuery};
use crate::xml::limits::Limits;
use crate::xml::name::samlp;
use crate::xml::read::read;
use crate::xml::tree::Element;

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// `AuthnRequest`, in `SAMLRequest`.
    AuthnRequest,
    /// `LogoutRequest`, in `SAMLRequest`.
    LogoutRequest,
    /// `LogoutResponse`, in `SAMLResponse`.
    LogoutResponse,
}

impl MessageKind {
    const ALL: [Self; 3] = [Self::AuthnRequest, Self::LogoutRequest, Self::LogoutResponse];

    const fn name(self) -> &'static str {
        match self {
            Self::AuthnRequest => "AuthnRequest",
            Self::LogoutRequest => "LogoutRequest",
            Self::LogoutResponse => "LogoutResponse",
        }
    }

    /// The form field or query parameter that carries it.
    #[must_use]
    pub const fn parameter(self) -> &'static str {
        match self {
            Self::AuthnRequest | Self::LogoutRequest => "SAMLRequest",
            Self::LogoutResponse => "SAMLResponse",
        }
    }
}

/// A message that was received. Well formed, but not trusted until [`Inbound::verify`] has said so.
#[derive(Clone, Debug)]
pub struct Inbound {
    kind: MessageKind,
    bytes: Vec<u8>,
    root: Element,
    head: Head,
    relay_state: Option<String>,
    carrier: Carrier,
}

#[derive(Clone, Debug)]
enum Carrier {
    Post,
    Redirect(Option<QuerySignature>),
}

impl Inbound {
    /// Takes the form field `parameter` (`SAMLRequest` or `SAMLResponse`) of the POST binding (bindings §3.5.4) and the
    /// `RelayState` beside it.
    ///
    /// # Errors
    /// [`SamlError`] for whatever is not a plain, complete SAML message that belongs into that field.
    pub fn post(parameter: &str, field: &str, relay_state: Option<&str>) -> Result<Self, SamlError> {
        let bytes = decode("SAML message", field)?;
        Self::new(parameter, bytes, relay_state.map(str::to_owned), Carrier::Post)
    }

    /// Takes the raw query of the Redirect binding (bindings §3.4.4), exactly as it was received and without its question
    /// mark.
    ///
    /// The standard has the sender remove a `ds:Signature` from inside the message. One that is still there, as when a
    /// message that came by POST goes on by Redirect, counts like one that was posted, unless the query is signed too: two
    /// signatures could say two things, and are refused.
    ///
    /// # Errors
    /// [`SamlError`] for whatever is not a plain, complete SAML message, and for a query that could be read in two ways.
    pub fn redirect(raw_query: &str) -> Result<Self, SamlError> {
        let query = RawQuery::of(raw_query)?;
        let bytes = inflate(query.parameter, &decode(query.parameter, &query.message()?)?)?;
        let signature = query.signature()?;
        let signed_query = signature.is_some();
        let inbound = Self::new(query.parameter, bytes, query.relay_state()?, Carrier::Redirect(signature))?;
        if signed_query && inbound.head.has_signature {
            return Err(SignatureFault::form("one Signature in the query and one in the message").into());
        }
        Ok(inbound)
    }

    fn new(parameter: &str, bytes: Vec<u8>, relay_state: Option<String>, carrier: Carrier) -> Result<Self, SamlError> {
        let root = read(&bytes, &Limits::MESSAGE)?;
        let kind = MessageKind::ALL.into_iter().find(|kind| root.is(samlp(kind.name())));
        let Some(kind) = kind.filter(|kind| kind.parameter() == parameter) else {
            let found = excerpt(&format!("{{{}}}{}", root.namespace, root.local));
            return Err(SamlError::Unsupported { what: "message", why: format!("{found} in {}", excerpt(parameter)) });
        };
        let head = Head::of(&root, kind.name())?;
        Ok(Self { kind, bytes, root, head, relay_state, carrier })
    }

    /// What kind of message it is.
    #[must_use]
    pub fn kind(&self) -> MessageKind {
        self.kind
    }

    /// Who claims to have sent it: whose certificates to verify with.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.head.issuer
    }

    /// `RelayState`, to be handed back unchanged and never interpreted (bindings §3.4.3).
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> {
        self.relay_state.as_deref()
    }

    /// Whether there is a signature. Present is not verified.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        match &self.carrier {
            Carrier::Redirect(Some(_)) => true,
            Carrier::Post | Carrier::Redirect(None) => self.head.has_signature,
        }
    }

    /// Verifies the signature with the certificates registered for [`Inbound::issuer`], and tells its algorithm.
    ///
    /// # Errors
    /// [`SamlError::Signature`]: there is none, it is not in the accepted form, its algorithm is not accepted, or it is
    /// not by one of the certificates.
    pub fn verify(&self, certificates: &[Certificate]) -> Result<SignatureAlgorithm, SamlError> {
        match &self.carrier {
            Carrier::Redirect(Some(signature)) => Ok(signature.verify(certificates)?),
            Carrier::Post | Carrier::Redirect(None) => verify::message(&self.root, certificates),
        }
    }

    /// As [`Inbound::verify`], for senders that need not sign: an unsigned message passes as `None` unless `required`, but a
    /// signature that is there must hold as soon as a certificate is registered to hold it against.
    ///
    /// # Errors
    /// As [`Inbound::verify`].
    pub fn authenticate(
        &self,
        certificates: &[Certificate],
        required: bool,
    ) -> Result<Option<SignatureAlgorithm>, SamlError> {
        if !required && (!self.is_signed() || certificates.is_empty()) {
            return Ok(None);
        }
        self.verify(certificates).map(Some)
    }

    /// The message as an `AuthnRequest`, of whatever version: [`crate::request::check`] answers one that is not 2.0.
    ///
    /// # Errors
    /// [`SamlError`] when it is none, or breaks a rule of SAML.
    pub fn authn_request(&self) -> Result<AuthnRequest, SamlError> {
        let request = AuthnRequest::of(&self.root)?;
        second_opinion(&self.bytes, &request)?;
        Ok(AuthnRequest { signed: self.is_signed(), ..request })
    }

    /// As [`Inbound::verify`], and gives the message as one that is verified.
    ///
    /// # Errors
    /// As [`Inbound::verify`].
    pub fn verified(&self, certificates: &[Certificate]) -> Result<Verified<'_>, SamlError> {
        self.verify(certificates)?;
        Ok(Verified(self))
    }

    /// The message as a `LogoutRequest`, verified or not. What is encrypted stays shut: see [`Verified::logout_request`].
    ///
    /// # Errors
    /// [`SamlError`] when it is none, or breaks a rule of SAML, or has an `EncryptedID`.
    pub fn logout_request(&self) -> Result<LogoutRequest, SamlError> {
        LogoutRequest::of(&self.root, |_| {
            let why = "it is decrypted only where the message is signed and the signature holds".into();
            Err(SamlError::Unsupported { what: ENCRYPTED_ID, why })
        })
    }

    /// The message as a `LogoutResponse`.
    ///
    /// # Errors
    /// [`SamlError`] when it is none, or breaks a rule of SAML.
    pub fn logout_response(&self) -> Result<LogoutResponse, SamlError> {
        LogoutResponse::of(&self.root)
    }
}

/// A message whose signature holds against a certificate of its sender. Nothing but [`Inbound::verified`] makes one, so
/// what is decrypted for it was written by that sender: a text in CBC can be changed by anybody who gets an answer for each
/// attempt, and here nobody else gets any.
#[derive(Clone, Copy, Debug)]
pub struct Verified<'a>(&'a Inbound);

impl Verified<'_> {
    /// The message as a `LogoutRequest`; an `EncryptedID` is opened with `key` (core §2.2.4).
    ///
    /// # Errors
    /// [`SamlError`] when it is none, or breaks a rule of SAML; [`SamlError::Unsupported`] for an `EncryptedID` without a
    /// key; [`SamlError::Undecipherable`] for one that does not open, whatever the reason.
    pub fn logout_request(&self, key: Option<&DecryptionKey>) -> Result<LogoutRequest, SamlError> {
        let root = &self.0.root;
        LogoutRequest::of(root, |encrypted| match key {
            Some(key) => key.name_id(root, encrypted),
            None => {
                let why =
                    "the SAML provider has no key that others encrypt to: set decryption_key to an RSA key, and give \
                           the service the new metadata"
                        .into();
                Err(SamlError::Unsupported { what: ENCRYPTED_ID, why })
            }
        })
    }
}

const ENCRYPTED_ID: &str = "EncryptedID";

#[cfg(test)]
mod tests;
