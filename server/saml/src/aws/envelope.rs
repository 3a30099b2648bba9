//! Rules about everything around the attributes.

use super::center::UNEXPECTED;
use super::lint::AwsFacts;
use super::names::SESSION_DURATION;
use super::service::{PARTITIONS, Partition, Service};
use super::verdict::AwsVerdict;
use crate::error::excerpt;

pub(super) const DENIED: &str = "Not authorized to perform sts:AssumeRoleWithSAML";
const AUDIENCE: &str = "Response does not contain the required audience";
const RECIPIENT: &str = "Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter";
const STALE: &str = "Token must be redeemed within 5 minutes of issuance";
const EXPIRED: &str = "Response has expired";

pub fn endpoint(facts: &AwsFacts, service: &Service, center: bool) -> AwsVerdict {
    const RULE: &str = "Sign-in address";
    let url = excerpt(facts.destination);
    match service {
        Service::Iam(partition) => {
            AwsVerdict::passed(RULE, format!("{url} is IAM sign-in of partition {}.", partition.name))
        }
        Service::IdentityCenter => AwsVerdict::passed(RULE, format!("{url} is IAM Identity Center.")),
        Service::Loopback => AwsVerdict::warning(RULE, format!("{url} is this machine, a double of AWS at best.")),
        // It came from AWS's own metadata, and AWS has given Identity Center new hosts before.
        Service::Unknown if center => {
            AwsVerdict::warning(RULE, format!("{url} is none of the addresses known of IAM Identity Center."))
        }
        Service::Unknown => AwsVerdict::failed(RULE, format!("{url} is no sign-in address of AWS."), ""),
    }
}

pub fn audience(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Audience";
    let found = excerpt(facts.audience);
    match service {
        _ if facts.audience.is_empty() => AwsVerdict::failed(RULE, "The audience is empty.", AUDIENCE),
        Service::Iam(partition) if facts.audience == partition.audience => {
            AwsVerdict::passed(RULE, format!("{found} is the audience of partition {}.", partition.name))
        }
        // Seen to work in the field, written down nowhere.
        Service::Iam(partition) if Service::of(facts.audience) == Service::Iam(partition) => {
            AwsVerdict::warning(RULE, format!("{found} is a sign-in address; {} is documented.", partition.audience))
        }
        Service::Iam(partition) => {
            let text = format!("{found} is not {}, the audience of partition {}.", partition.audience, partition.name);
            AwsVerdict::failed(RULE, text, AUDIENCE)
        }
        Service::IdentityCenter if facts.audience.contains("/platform/saml/") => {
            if let (Some(here), Some(there)) = (Partition::of_url(facts.destination), Partition::of_url(facts.audience))
                && here != there
            {
                let text = format!(
                    "{found} is an audience of partition {}, and the sign-in address is of {}.",
                    there.name, here.name
                );
                return AwsVerdict::failed(RULE, text, UNEXPECTED);
            }
            AwsVerdict::passed(RULE, format!("{found} is an audience of IAM Identity Center."))
        }
        Service::IdentityCenter => {
            AwsVerdict::failed(RULE, format!("{found} is no audience of IAM Identity Center."), AUDIENCE)
        }
        Service::Loopback if PARTITIONS.iter().any(|partition| partition.audience == facts.audience) => {
            AwsVerdict::passed(RULE, format!("{found} is an audience of AWS."))
        }
        Service::Loopback | Service::Unknown => {
            AwsVerdict::warning(RULE, format!("{found} cannot be compared: the sign-in address is not of AWS."))
        }
    }
}

pub fn recipient(facts: &AwsFacts) -> AwsVerdict {
    const RULE: &str = "Destination and recipient";
    if facts.recipient.is_empty() {
        return AwsVerdict::failed(RULE, "The recipient is empty.", RECIPIENT);
    }
    if facts.destination != facts.recipient {
        let (destination, recipient) = (excerpt(facts.destination), excerpt(facts.recipient));
        return AwsVerdict::failed(RULE, format!("{destination} and {recipient} differ."), RECIPIENT);
    }
    AwsVerdict::passed(RULE, format!("Both are {}.", excerpt(facts.recipient)))
}

pub fn in_response_to(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "InResponseTo";
    match (facts.in_response_to, service) {
        (false, _) => AwsVerdict::passed(RULE, "The response answers no request: sign-in began here."),
        (true, Service::Iam(_)) => {
            AwsVerdict::warning(RULE, "The response claims to answer a request, and IAM sign-in sends none.")
        }
        (true, _) => AwsVerdict::passed(RULE, "The response answers a request."),
    }
}

pub fn name_id(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "NameID";
    let found = excerpt(facts.name_id);
    if facts.name_id.trim().is_empty() {
        return AwsVerdict::failed(RULE, "NameID is empty.", DENIED);
    }
    let is_address = facts.name_id.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && !host.is_empty() && !host.contains('@') && !facts.name_id.contains(char::is_whitespace)
    });
    if *service == Service::IdentityCenter && !is_address {
        return AwsVerdict::failed(
            RULE,
            format!("NameID `{found}` is no email address, as Identity Center wants."),
            "",
        );
    }
    AwsVerdict::passed(RULE, format!("NameID is `{found}`."))
}

pub fn lifetime(facts: &AwsFacts) -> AwsVerdict {
    const RULE: &str = "Assertion lifetime";
    let seconds = facts.lifetime_seconds;
    match seconds {
        ..=0 => AwsVerdict::failed(RULE, format!("The assertion ends {seconds} s after it is issued."), EXPIRED),
        1..=300 => AwsVerdict::passed(RULE, format!("The assertion is valid for {seconds} s.")),
        _ => AwsVerdict {
            aws_message: STALE,
            ..AwsVerdict::warning(RULE, format!("The assertion is valid for {seconds} s; AWS stops after 300 s."))
        },
    }
}

pub fn session_end(facts: &AwsFacts) -> AwsVerdict {
    const RULE: &str = "Session end";
    let seconds = facts.session_seconds;
    if seconds <= 0 {
        return AwsVerdict::failed(
            RULE,
            format!("The session ends {seconds} s after the response is issued."),
            EXPIRED,
        );
    }
    let asked = facts.find(SESSION_DURATION);
    let duration = asked.and_then(|sent| sent.values.first()).and_then(|value| value.parse::<i64>().ok());
    match (asked, duration) {
        (Some(sent), Some(duration)) if seconds < duration => {
            let text =
                format!("SessionDuration asks for {duration} s, but the session here ends after {seconds} s and wins.");
            AwsVerdict::warning(RULE, text).from(sent.source)
        }
        _ => AwsVerdict::passed(RULE, format!("The session ends after {seconds} s.")),
    }
}

pub fn size(size: Option<usize>, service: &Service) -> AwsVerdict {
    const RULE: &str = "Response size";
    // STS: SAMLAssertion. Identity Center: "SAML assertion limit".
    let limit = if *service == Service::IdentityCenter { 50_000 } else { 100_000 };
    match size {
        None => AwsVerdict::passed(RULE, format!("Not measured yet; up to {limit} characters are accepted.")),
        Some(size) if size > limit => {
            AwsVerdict::failed(RULE, format!("{size} characters of base64; up to {limit} are accepted."), "")
        }
        Some(size) => AwsVerdict::passed(RULE, format!("{size} characters of base64, of up to {limit}.")),
    }
}
