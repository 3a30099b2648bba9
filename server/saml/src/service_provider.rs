//! The other side: a service provider by the book (profiles §4.1.4.3; core §2.5, §3.2.2), which receives a response and
//! says of each rule whether it holds. It knows what the metadata told it, and nothing of how the response was made.

mod assertion;
mod envelope;

use crate::aws::Level;
use crate::certificate::Certificate;
use crate::decryption::DecryptionKey;
use crate::encoding::decode;
use crate::response::Attribute;
use crate::xml::limits::Limits;
use crate::xml::name::samlp;
use crate::xml::read::read;

/// What the service provider knows before the response comes.
#[derive(Clone, Copy, Debug)]
pub struct ServiceProvider<'a> {
    /// Unix seconds.
    pub now: i64,
    /// How far the clocks may be apart, in seconds.
    pub skew: i64,
    /// Entity identifiers of the identity provider.
    pub issuers: &'a [String],
    /// The identity provider's certificates with what people call them.
    pub certificates: &'a [(String, Certificate)],
    /// Its own entity identifier.
    pub entity_id: &'a str,
    /// Its own addresses for responses.
    pub acs: &'a [String],
    /// The request that it waits to be answered; `None` when it sent none.
    pub request: Option<&'a str>,
    /// The key that assertions are encrypted to; `None` when somebody else has it. An assertion is opened before its
    /// signature can be seen, and verdicts say whether it opened: whoever may try many changed ones with the same key finds
    /// out what is in one under CBC. So this is for a key that one response was encrypted to.
    pub decryption_key: Option<&'a DecryptionKey>,
}

/// One rule's word on a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpVerdict {
    /// A short name for people.
    pub rule: &'static str,
    /// How the rule came out.
    pub level: Level,
    /// A sentence with what was found.
    pub found: String,
}

/// A response as it was understood. What is not there is empty or `None`.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// Each rule, in the order of reading. Reading ends early where nothing more can be made of the response.
    pub verdicts: Vec<SpVerdict>,
    /// The XML as it came.
    pub xml: String,
    /// `Response@ID`.
    pub response_id: String,
    /// `Assertion@ID`.
    pub assertion_id: String,
    /// `Response@Destination`.
    pub destination: String,
    /// `SubjectConfirmationData@Recipient`.
    pub recipient: String,
    /// `Audience`, the first.
    pub audience: String,
    /// `Issuer` of the response or else of the assertion.
    pub issuer: String,
    /// The value of `NameID`.
    pub name_id: String,
    /// `NameID@Format`.
    pub name_id_format: String,
    /// `Response@InResponseTo`.
    pub in_response_to: Option<String>,
    /// `IssueInstant` of the assertion, or else of the response; unix seconds.
    pub issued: Option<i64>,
    /// `Conditions@NotOnOrAfter`, unix seconds.
    pub not_on_or_after: Option<i64>,
    /// `AuthnStatement@SessionNotOnOrAfter`, unix seconds.
    pub session_end: Option<i64>,
    /// The attributes in their order.
    pub attributes: Vec<Attribute>,
    /// The assertion carries a signature of its own, which may not hold.
    pub assertion_signed: bool,
    /// The assertion is encrypted. Unless it was opened, nothing of it was seen.
    pub encrypted: bool,
    /// The assertion as it was decrypted; empty where nothing was.
    pub opened: String,
}

impl Examined {
    /// Whether a service provider would take it.
    #[must_use]
    pub fn accepted(&self) -> bool {
        self.verdicts.iter().all(|verdict| verdict.level != Level::Failed)
    }

    fn say(&mut self, rule: &'static str, level: Level, found: impl Into<String>) {
        self.verdicts.push(SpVerdict { rule, level, found: found.into() });
    }

    /// Passed with one sentence, or failed with the other.
    fn check(&mut self, rule: &'static str, holds: bool, passed: impl Into<String>, failed: impl Into<String>) {
        if holds { self.say(rule, Level::Passed, passed) } else { self.say(rule, Level::Failed, failed) }
    }
}

/// Receives the form field `SAMLResponse` and judges what is in it.
#[must_use]
pub fn examine(field: &str, service: &ServiceProvider<'_>) -> Examined {
    const RULE: &str = "Encoding";
    let mut seen = Examined::default();
    let bytes = match decode("SAMLResponse", field) {
        Ok(bytes) => bytes,
        Err(error) => {
            seen.say(RULE, Level::Failed, format!("{error}."));
            return seen;
        }
    };
    seen.xml = String::from_utf8_lossy(&bytes).into_owned();
    let root = match read(&bytes, &Limits::MESSAGE) {
        Ok(root) if root.is(samlp("Response")) => root,
        Ok(root) => {
            seen.say(RULE, Level::Failed, format!("The document is `{}`, not a samlp:Response.", root.local));
            return seen;
        }
        Err(error) => {
            seen.say(RULE, Level::Failed, format!("{error}."));
            return seen;
        }
    };
    seen.say(RULE, Level::Passed, format!("Base64 of a samlp:Response of {} bytes.", bytes.len()));
    let response_signed = envelope::examine(&mut seen, &root, service);
    assertion::examine(&mut seen, &root, response_signed, service);
    seen
}

#[cfg(test)]
mod tests;
