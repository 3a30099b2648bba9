//! Rules in which IAM Identity Center is another service than IAM (Identity Center guide, "Other IdPs", "Attributes for
//! access control", "Troubleshooting").

use super::lint::{AwsFacts, PushedName, Sent};
use super::names::{ACCESS_CONTROL_PREFIX, PRINCIPAL_TAG_PREFIX, is_name_format};
use super::service::Service;
use super::verdict::AwsVerdict;
use crate::error::excerpt;

const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
/// What the page of Identity Center shows for nearly everything.
pub(super) const UNEXPECTED: &str = "An unexpected error has occurred";
/// What it shows for what does not fit the certificate or the metadata that it has.
pub(super) const US: &str = "It's not you, it is us";
/// What it shows for a NameID that is none of an address; CloudTrail has `Response contains invalid name id policy format`.
pub(super) const LATER: &str = "We couldn't complete your request right now. Please try again later.";
/// What it shows to somebody whom it does not have.
const NOBODY: &str = "Invalid MFA credentials";
/// The rule that finds a person: the NameID against the `userName`.
pub const USER_NAME: &str = "NameID and userName";

/// The formats that IAM takes.
const IAM_FORMATS: [&str; 8] = [
    "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    EMAIL,
    "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName",
    "urn:oasis:names:tc:SAML:1.1:nameid-format:WindowsDomainQualifiedName",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos",
    "urn:oasis:names:tc:SAML:2.0:nameid-format:entity",
];

pub fn name_id_format(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "NameID format";
    let found = excerpt(facts.name_id_format);
    match service {
        Service::IdentityCenter if facts.name_id_format != EMAIL => {
            AwsVerdict::failed(RULE, format!("`{found}`; IAM Identity Center takes {EMAIL} only."), LATER)
        }
        Service::IdentityCenter => AwsVerdict::passed(RULE, format!("{found}.")),
        _ if IAM_FORMATS.contains(&facts.name_id_format) => AwsVerdict::passed(RULE, format!("{found}.")),
        _ => AwsVerdict::warning(RULE, format!("`{found}` is none of the formats that AWS names.")),
    }
}

pub fn signature(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Assertion signature";
    match (facts.assertion_signed, service) {
        (true, _) => AwsVerdict::passed(RULE, "The assertion carries a signature of its own."),
        // Both services say so in their metadata (`WantAssertionsSigned`) and nowhere else.
        (false, Service::IdentityCenter) => {
            AwsVerdict::failed(RULE, "Only the response is signed, and IAM Identity Center wants the assertion.", US)
        }
        (false, _) => AwsVerdict::warning(RULE, "Only the response is signed; AWS asks for signed assertions."),
    }
}

pub fn encryption(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Assertion encryption";
    match (facts.encrypted, service) {
        (true, Service::IdentityCenter) => {
            AwsVerdict::failed(RULE, "It is encrypted, and IAM Identity Center decrypts nothing.", UNEXPECTED)
        }
        (true, _) => AwsVerdict::passed(RULE, "It is encrypted; the provider at IAM must have the private key."),
        (false, _) => AwsVerdict::passed(RULE, "It is not encrypted."),
    }
}

pub fn access_control(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Attributes for access control";
    let sent = facts.sent().filter_map(|sent| sent.name.strip_prefix(ACCESS_CONTROL_PREFIX).map(|key| (key, sent)));
    let sent: Vec<(&str, Sent<'_>)> = sent.collect();
    if *service != Service::IdentityCenter {
        return match sent.first() {
            Some((key, one)) => {
                let text =
                    format!("`AccessControl:{}` is for IAM Identity Center; IAM reads PrincipalTag.", excerpt(key));
                AwsVerdict::warning(RULE, text).from(one.source)
            }
            None => AwsVerdict::passed(RULE, "There are none, and IAM reads none."),
        };
    }
    if sent.len() > 50 {
        return AwsVerdict::failed(RULE, format!("{} attributes; up to 50 are allowed.", sent.len()), UNEXPECTED);
    }
    for (place, (key, one)) in sent.iter().enumerate() {
        let problem = match one.values {
            _ if key.is_empty() => Some("has an empty key".to_owned()),
            _ if key.chars().count() > 128 => Some("has a key of more than 128 characters".to_owned()),
            _ if sent.iter().take(place).any(|(before, _)| before == key) => Some("is sent twice".to_owned()),
            [value] if value.is_empty() => Some("has an empty value".to_owned()),
            [value] if value.chars().count() > 256 => Some("has a value of more than 256 characters".to_owned()),
            [_] => one.name_format.filter(|format| !is_name_format(format)).map(|format| {
                format!("has the name format `{}`, and SAML specifies unspecified, uri and basic", excerpt(format))
            }),
            many => Some(format!("has {} values; exactly one is allowed", many.len())),
        };
        if let Some(problem) = problem {
            let text = format!("`AccessControl:{}` {problem}.", excerpt(key));
            return AwsVerdict::failed(RULE, text, UNEXPECTED).from(one.source);
        }
    }
    if let Some(tag) = facts.sent().find(|sent| sent.name.starts_with(PRINCIPAL_TAG_PREFIX)) {
        let text = "PrincipalTag is for IAM; IAM Identity Center reads AccessControl.";
        return AwsVerdict::warning(RULE, text).from(tag.source);
    }
    AwsVerdict::passed(RULE, format!("{}, of up to 50.", sent.len()))
}

/// Identity Center finds a person by nothing else ("Other IdPs"): the NameID is the `userName`, letter for letter.
pub fn user_name(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    if *service != Service::IdentityCenter {
        return AwsVerdict::passed(USER_NAME, "IAM knows no users, so there is nothing to compare.");
    }
    let Some(known) = facts.user_name else {
        return AwsVerdict::passed(USER_NAME, "What is pushed is not known, so nothing is compared.");
    };
    let (name_id, provider) = (excerpt(facts.name_id), known.provider);
    if known.held {
        let text = format!(
            "`{name_id}` is the userName of somebody else there, whom AWS would sign on without a word; {provider} has not pushed the change yet."
        );
        return AwsVerdict::failed(USER_NAME, text, "").from(known.source);
    }
    match known.there {
        Some(there) if there != facts.name_id => {
            let text = format!("NameID is `{name_id}`, and the userName there is `{}`, by {provider}.", excerpt(there));
            AwsVerdict::failed(USER_NAME, text, UNEXPECTED)
        }
        Some(there) if known.left_out.is_none() && !known.pushed.is_empty() && known.pushed != there => {
            let pushed = excerpt(known.pushed);
            let text = format!("Both are `{name_id}` now, and `{pushed}` is the next userName that {provider} pushes.");
            AwsVerdict::passed(USER_NAME, text)
        }
        Some(_) => AwsVerdict::passed(USER_NAME, format!("Both are `{name_id}`, and {provider} has pushed it.")),
        None => not_there(&known, facts.name_id),
    }
    .from(known.source)
}

/// The rule for somebody of whom the service has acknowledged nothing.
fn not_there(known: &PushedName<'_>, name_id: &str) -> AwsVerdict {
    let provider = known.provider;
    if let Some(why) = known.left_out {
        let text = format!("{provider} does not push this person: {why}.");
        return AwsVerdict { aws_message: NOBODY, ..AwsVerdict::warning(USER_NAME, text) };
    }
    let (shown, pushed) = (excerpt(name_id), excerpt(known.pushed));
    if name_id == known.pushed {
        return AwsVerdict::passed(USER_NAME, format!("Both are `{shown}`, once {provider} has pushed it."));
    }
    let text = format!("NameID is `{shown}`, and the userName that {provider} pushes is `{pushed}`.");
    AwsVerdict::failed(USER_NAME, text, UNEXPECTED)
}
