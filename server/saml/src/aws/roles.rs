//! Rules about the `Role` attribute.

use super::arn::pair;
use super::lint::{AwsFacts, Sent};
use super::names::ROLE;
use super::service::{Partition, Service};
use super::verdict::AwsVerdict;

/// The sign-in page's answer to roles that it cannot read, and to whatever it has no other words for.
pub(super) const INVALID: &str = "Your request included an invalid SAML response. To logout, click here.";
const SWAPPED: &str = "Request ARN is invalid";

pub fn pairs(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Role pairs";
    let roles: Vec<Sent<'_>> = facts.sent().filter(|sent| sent.name == ROLE).collect();
    if *service == Service::IdentityCenter {
        return match roles.first() {
            Some(first) => AwsVerdict::ignored(RULE, "Role").from(first.source),
            None => AwsVerdict::passed(RULE, "There is no Role, and IAM Identity Center reads none."),
        };
    }
    let Some(first) = roles.first() else {
        // A mapping that ran and gave nothing is the one to look at.
        let silent = facts.attributes.iter().position(|attribute| attribute.name == ROLE);
        let source = silent.and_then(|index| facts.sources.get(index)).map_or("", String::as_str);
        return AwsVerdict::failed(RULE, "There is no Role: the person has no role to assume.", INVALID).from(source);
    };
    let mut seen: Vec<&str> = Vec::new();
    for sent in &roles {
        for value in sent.values {
            let problem = match (pair(value), service) {
                (Err(problem), _) => Some(problem),
                (Ok((role, _)), Service::Iam(partition)) if role.partition != partition.name => {
                    Some(format!("is of partition {}, and the sign-in address of {}", role.partition, partition.name))
                }
                // The address of a double says nothing; the audience does.
                (Ok((role, _)), Service::Loopback | Service::Unknown) => Partition::of_audience(facts.audience)
                    .filter(|partition| role.partition != partition.name)
                    .map(|partition| {
                        format!("is of partition {}, and the audience of {}", role.partition, partition.name)
                    }),
                (Ok(_), _) => None,
            };
            if let Some(problem) = problem {
                let message = if problem.contains("provider first") { SWAPPED } else { INVALID };
                return AwsVerdict::failed(RULE, format!("`{}` {problem}.", shorten(value)), message).from(sent.source);
            }
            if seen.contains(&value.as_str()) {
                return AwsVerdict::warning(RULE, format!("`{}` is sent twice.", shorten(value))).from(sent.source);
            }
            seen.push(value);
        }
    }
    let found = match seen.as_slice() {
        [only] => format!("One role: {}.", shorten(only)),
        many => format!("{} roles, each `roleArn,providerArn` within one account.", many.len()),
    };
    AwsVerdict::passed(RULE, found).from(first.source)
}

pub fn single_attribute(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "One Role attribute";
    let sent: Vec<Sent<'_>> = facts.sent().filter(|sent| sent.name == ROLE).collect();
    match sent.as_slice() {
        [] => AwsVerdict::passed(RULE, "There is no Role attribute."),
        [one] => {
            AwsVerdict::passed(RULE, format!("One attribute with {} value(s).", one.values.len())).from(one.source)
        }
        [_, second, ..] if *service == Service::IdentityCenter => AwsVerdict::ignored(RULE, "Role").from(second.source),
        [_, second, ..] => {
            let text = format!(
                "{} Role attributes; AWS reads one and says nothing. Give one attribute several values.",
                sent.len()
            );
            AwsVerdict::failed(RULE, text, "").from(second.source)
        }
    }
}

/// A pair of ARNs is long, and its end is the part that goes wrong: more is kept of it than of other values.
fn shorten(value: &str) -> String {
    let clean = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut cut: String = value.chars().take(400).map(clean).collect();
    if value.chars().nth(400).is_some() {
        cut.push('…');
    }
    cut
}
