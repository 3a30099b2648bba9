//! Rules about the other attributes that AWS reads.

use super::center::UNEXPECTED;
use super::lint::{AwsFacts, Sent};
use super::names::{
    ACCESS_CONTROL_PREFIX, AWS_PREFIX, PRINCIPAL_TAG_PREFIX, ROLE, ROLE_SESSION_NAME, SESSION_DURATION,
    SOURCE_IDENTITY, TRANSITIVE_TAG_KEYS,
};
use super::roles::INVALID;
use super::service::Service;
use super::verdict::AwsVerdict;
use crate::error::excerpt;

const NAME_REQUIRED: &str = "RoleSessionName is required in AuthnResponse";
const NAME_PATTERN: &str = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}";
const IDENTITY_PATTERN: &str = "Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with \"aws:\"";

pub fn unique_names(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Attribute names";
    let center = *service == Service::IdentityCenter;
    let prefix = if center { ACCESS_CONTROL_PREFIX } else { AWS_PREFIX };
    let mut seen: Vec<&str> = Vec::new();
    let ours = facts.sent().filter(|sent| sent.name.starts_with(prefix));
    // Several Role attributes have a rule of their own.
    for sent in ours.filter(|sent| sent.name != ROLE) {
        if seen.contains(&sent.name) {
            let name = short(sent.name);
            let verdict = if center {
                AwsVerdict::failed(RULE, format!("{name} is sent twice."), UNEXPECTED)
            } else {
                AwsVerdict::failed(RULE, format!("{name} is sent twice; AWS maps one and says nothing."), "")
            };
            return verdict.from(sent.source);
        }
        seen.push(sent.name);
    }
    AwsVerdict::passed(RULE, "Each name that AWS reads is sent once.")
}

pub fn session_name(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Role session name";
    let center = *service == Service::IdentityCenter;
    let Some(sent) = facts.find(ROLE_SESSION_NAME) else {
        if center {
            return AwsVerdict::passed(RULE, "There is no RoleSessionName, and IAM Identity Center reads none.");
        }
        return AwsVerdict::failed(RULE, "There is no RoleSessionName.", NAME_REQUIRED);
    };
    match sent.values {
        _ if center => AwsVerdict::ignored(RULE, "RoleSessionName"),
        [value] if is_session_name(value) => AwsVerdict::passed(RULE, format!("`{value}`.")),
        [value] => AwsVerdict::failed(RULE, format!("`{}` has {}.", excerpt(value), complaint(value)), NAME_PATTERN),
        many => AwsVerdict::failed(RULE, format!("{} values; exactly one is allowed.", many.len()), NAME_PATTERN),
    }
    .from(sent.source)
}

pub fn session_duration(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Session duration";
    let center = *service == Service::IdentityCenter;
    let Some(sent) = facts.find(SESSION_DURATION) else {
        let given = if center { "it is set at IAM Identity Center" } else { "AWS gives 3600 s" };
        return AwsVerdict::passed(RULE, format!("There is no SessionDuration, so {given}."));
    };
    let digits =
        |value: &String| value.bytes().all(|b| b.is_ascii_digit()).then(|| value.parse::<u32>().ok()).flatten();
    match sent.values {
        _ if center => AwsVerdict::ignored(RULE, "SessionDuration"),
        [value] => match digits(value) {
            Some(seconds @ 900..=43_200) => AwsVerdict::passed(RULE, format!("{seconds} s.")),
            Some(seconds) => AwsVerdict::failed(RULE, format!("{seconds} s; from 900 to 43200 are allowed."), INVALID),
            None => AwsVerdict::failed(RULE, format!("`{}` is no whole number of seconds.", excerpt(value)), INVALID),
        },
        many => AwsVerdict::failed(RULE, format!("{} values; exactly one is allowed.", many.len()), INVALID),
    }
    .from(sent.source)
}

pub fn source_identity(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Source identity";
    let Some(sent) = facts.find(SOURCE_IDENTITY) else {
        return AwsVerdict::passed(RULE, "There is no SourceIdentity, and none is required.");
    };
    match sent.values {
        _ if *service == Service::IdentityCenter => AwsVerdict::ignored(RULE, "SourceIdentity"),
        [value] if value.starts_with("aws:") => {
            AwsVerdict::failed(RULE, format!("`{}` begins with `aws:`.", excerpt(value)), IDENTITY_PATTERN)
        }
        [value] if is_session_name(value) => AwsVerdict::passed(RULE, format!("`{value}`.")),
        [value] => {
            AwsVerdict::failed(RULE, format!("`{}` has {}.", excerpt(value), complaint(value)), IDENTITY_PATTERN)
        }
        many => AwsVerdict::failed(RULE, format!("{} values; exactly one is allowed.", many.len()), IDENTITY_PATTERN),
    }
    .from(sent.source)
}

pub fn tags(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Session tags";
    let tags: Vec<(&str, Sent<'_>)> = sent_tags(facts).collect();
    if *service == Service::IdentityCenter {
        // Where there are some, the rule about attributes for access control says what to send.
        return AwsVerdict::passed(RULE, format!("{} tag(s), and IAM Identity Center reads none.", tags.len()));
    }
    // The very same name again has a rule of its own.
    let repeated = |place: usize, key: &str| {
        tags.iter().take(place).any(|(before, _)| *before != key && before.eq_ignore_ascii_case(key))
    };
    if tags.len() > 50 {
        return AwsVerdict::failed(RULE, format!("{} tags; up to 50 are allowed.", tags.len()), INVALID);
    }
    for (place, (key, sent)) in tags.iter().enumerate() {
        let problem = match sent.values {
            _ if key.is_empty() => Some("has an empty key".to_owned()),
            _ if key.chars().count() > 128 => Some("has a key of more than 128 characters".to_owned()),
            _ if repeated(place, key) => Some("is sent twice; AWS does not tell capitals apart".to_owned()),
            _ if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) => {
                Some("has a key that is AWS's own: they begin with `aws:`".to_owned())
            }
            _ if !key.chars().all(is_tag_character) => Some(format!("has a key of more than {TAG_CHARACTERS}")),
            [value] if value.chars().count() > 256 => Some("has a value of more than 256 characters".to_owned()),
            [value] if !value.chars().all(is_tag_character) => {
                Some(format!("has the value `{}`, of more than {TAG_CHARACTERS}", excerpt(value)))
            }
            [_] => None,
            many => Some(format!("has {} values; exactly one is allowed", many.len())),
        };
        if let Some(problem) = problem {
            return AwsVerdict::failed(RULE, format!("Tag `{}` {problem}.", excerpt(key)), INVALID).from(sent.source);
        }
    }
    AwsVerdict::passed(RULE, format!("{} tag(s), of up to 50.", tags.len()))
}

pub fn transitive_tags(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Transitive tags";
    let Some(sent) = facts.find(TRANSITIVE_TAG_KEYS) else {
        return AwsVerdict::passed(RULE, "There is no TransitiveTagKeys, and none is required.");
    };
    if *service == Service::IdentityCenter {
        return AwsVerdict::ignored(RULE, "TransitiveTagKeys").from(sent.source);
    }
    match sent.values.iter().find(|wanted| !sent_tags(facts).any(|(key, _)| key == wanted.as_str())) {
        Some(missing) => {
            AwsVerdict::failed(RULE, format!("`{}` is named, but no such tag is sent.", excerpt(missing)), INVALID)
        }
        None => AwsVerdict::passed(RULE, format!("{} key(s), each of a tag that is sent.", sent.values.len())),
    }
    .from(sent.source)
}

/// What keys and values of session tags consist of (STS API, `Tag`: `[\p{L}\p{Z}\p{N}_.:/=+\-@]`).
const TAG_CHARACTERS: &str = "letters, digits, spaces and _.:/=+-@";

fn is_tag_character(c: char) -> bool {
    c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c)
}

fn sent_tags<'a>(facts: &AwsFacts<'a>) -> impl Iterator<Item = (&'a str, Sent<'a>)> + use<'a> {
    facts.sent().filter_map(|sent| sent.name.strip_prefix(PRINCIPAL_TAG_PREFIX).map(|key| (key, sent)))
}

/// `[a-zA-Z_0-9+=,.@-]{2,64}`.
fn is_session_name(value: &str) -> bool {
    (2..=64).contains(&value.len()) && value.chars().all(is_session_character)
}

fn is_session_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '=' | ',' | '.' | '@' | '-')
}

fn complaint(value: &str) -> String {
    match value.chars().find(|&c| !is_session_character(c)) {
        Some(c) => format!("the character {c:?}"),
        None => format!("{} characters, not 2 to 64", value.chars().count()),
    }
}

fn short(name: &str) -> String {
    excerpt(name.strip_prefix(AWS_PREFIX).unwrap_or(name))
}
