//! The list of rules, in the order in which people are told of them: where it goes, who it is about, what it allows,
//! how long it lasts.

use super::service::Service;
use super::verdict::AwsVerdict;
use super::{attributes, center, envelope, roles};
use crate::response::Attribute;

/// What is known of a response before it is issued. An attribute without values counts as absent: it is not sent.
#[derive(Clone, Copy, Debug)]
pub struct AwsFacts<'a> {
    /// `Response@Destination`.
    pub destination: &'a str,
    /// `SubjectConfirmationData@Recipient`.
    pub recipient: &'a str,
    /// `Audience`.
    pub audience: &'a str,
    /// The value of `NameID`.
    pub name_id: &'a str,
    /// `NameID@Format`.
    pub name_id_format: &'a str,
    /// The assertion carries a signature of its own.
    pub assertion_signed: bool,
    /// The assertion is encrypted.
    pub encrypted: bool,
    /// The attributes to be sent.
    pub attributes: &'a [Attribute],
    /// The name of the mapping behind each attribute, in parallel; may be shorter.
    pub sources: &'a [String],
    /// From `IssueInstant` to `NotOnOrAfter`, in seconds.
    pub lifetime_seconds: i64,
    /// From `IssueInstant` to `SessionNotOnOrAfter`, in seconds.
    pub session_seconds: i64,
    /// The length of the response in base64, in characters, once it is known.
    pub response_size: Option<usize>,
    /// Whether the response carries `InResponseTo`.
    pub in_response_to: bool,
    /// What the person is called at the service, where we push that too.
    pub user_name: Option<PushedName<'a>>,
}

/// What somebody is called at IAM Identity Center, as far as we are the one who says so by SCIM.
#[derive(Clone, Copy, Debug)]
pub struct PushedName<'a> {
    /// What the SCIM provider is called here.
    pub provider: &'a str,
    /// The `userName` that is pushed; empty where none can be.
    pub pushed: &'a str,
    /// The `userName` that the service has acknowledged of this person.
    pub there: Option<&'a str>,
    /// Why the person is not pushed, as the end of a sentence.
    pub left_out: Option<&'a str>,
    /// The NameID is the `userName` of somebody else there, or may be: it was sent, and there is no answer yet.
    pub held: bool,
    /// The mappings that make it.
    pub source: &'a str,
}

/// An attribute that is sent, and the mapping behind it.
#[derive(Clone, Copy)]
pub(super) struct Sent<'a> {
    pub name: &'a str,
    pub name_format: Option<&'a str>,
    pub values: &'a [String],
    pub source: &'a str,
}

impl<'a> AwsFacts<'a> {
    pub(super) fn sent(&self) -> impl Iterator<Item = Sent<'a>> + use<'a> {
        let sources = self.sources.iter().map(String::as_str).chain(std::iter::repeat(""));
        self.attributes.iter().zip(sources).filter(|(attribute, _)| !attribute.values.is_empty()).map(
            |(attribute, source)| Sent {
                name: &attribute.name,
                name_format: attribute.name_format.as_deref(),
                values: &attribute.values,
                source,
            },
        )
    }

    pub(super) fn find(&self, name: &str) -> Option<Sent<'a>> {
        self.sent().find(|sent| sent.name == name)
    }
}

/// Holds a response against every rule of AWS that can be checked without AWS. Each rule gives one verdict, passed or
/// not, always in the same order.
///
/// A response for IAM Identity Center is recognised by its address: rules about roles and sessions then break nothing,
/// because Identity Center does not read those attributes.
#[must_use]
pub fn lint(facts: &AwsFacts) -> Vec<AwsVerdict> {
    let place = Service::of(facts.destination);
    let center = names_identity_center(facts.audience);
    let service = service(facts.destination, facts.audience);
    vec![
        envelope::endpoint(facts, &place, center),
        envelope::audience(facts, &place),
        envelope::recipient(facts, &service),
        envelope::in_response_to(facts, &service),
        envelope::name_id(facts, &service),
        roles::pairs(facts, &service),
        roles::single_attribute(facts, &service),
        attributes::unique_names(facts, &service),
        attributes::session_name(facts, &service),
        attributes::session_duration(facts, &service),
        attributes::source_identity(facts, &service),
        attributes::tags(facts, &service),
        attributes::transitive_tags(facts, &service),
        envelope::lifetime(facts, &service),
        envelope::session_end(facts, &service),
        envelope::size(facts.response_size, &service),
        center::name_id_format(facts, &service),
        center::signature(facts, &service),
        center::encryption(facts, &service),
        center::access_control(facts, &service),
        center::user_name(facts, &service),
    ]
}

/// The verdict of [`lint`] on the size alone, in characters of base64: of a response that passed the other rules before it
/// was signed.
#[must_use]
pub fn lint_size(destination: &str, audience: &str, size: usize) -> AwsVerdict {
    envelope::size(Some(size), &service(destination, audience))
}

fn names_identity_center(audience: &str) -> bool {
    audience.contains("/platform/saml/d-")
}

/// Where the address says nothing, as that of a double on this machine, the audience tells Identity Center.
fn service(destination: &str, audience: &str) -> Service {
    match Service::of(destination) {
        Service::Loopback | Service::Unknown if names_identity_center(audience) => Service::IdentityCenter,
        service => service,
    }
}
