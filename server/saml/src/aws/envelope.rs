//! Rules about everything around the attributes.

use super::address::is_address;
use super::center::{LATER, UNEXPECTED, US};
use super::lint::AwsFacts;
use super::names::SESSION_DURATION;
use super::roles::INVALID;
use super::service::{PARTITIONS, Partition, Service};
use super::verdict::AwsVerdict;
use crate::error::excerpt;

pub(super) const DENIED: &str = "Not authorized to perform sts:AssumeRoleWithSAML";
const AUDIENCE: &str = "Response does not contain the required audience";
const RECIPIENT: &str = "Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter";
const STALE: &str = "Token must be redeemed within 5 minutes of issuance";
const EXPIRED: &str = "Response has expired";
/// STS's answer to a parameter that its service model forbids.
const TOO_LONG: &str = "1 validation error detected: Value at 'sAMLAssertion' failed to satisfy constraint: Member must have length less than or equal to 100000";

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
        Service::Unknown => {
            let text = format!("{url} is no sign-in address of AWS, which never sees the response and says nothing.");
            AwsVerdict::failed(RULE, text, "")
        }
    }
}

pub fn audience(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Audience";
    let found = excerpt(facts.audience);
    match service {
        Service::IdentityCenter if facts.audience.is_empty() => {
            AwsVerdict::failed(RULE, "The audience is empty.", UNEXPECTED)
        }
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
            AwsVerdict::failed(RULE, format!("{found} is no audience of IAM Identity Center."), UNEXPECTED)
        }
        Service::Loopback if PARTITIONS.iter().any(|partition| partition.audience == facts.audience) => {
            AwsVerdict::passed(RULE, format!("{found} is an audience of AWS."))
        }
        Service::Loopback | Service::Unknown => {
            AwsVerdict::warning(RULE, format!("{found} cannot be compared: the sign-in address is not of AWS."))
        }
    }
}

pub fn recipient(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Destination and recipient";
    let center = *service == Service::IdentityCenter;
    if facts.recipient.is_empty() {
        return AwsVerdict::failed(RULE, "The recipient is empty.", if center { UNEXPECTED } else { RECIPIENT });
    }
    if facts.destination != facts.recipient {
        let (destination, recipient) = (excerpt(facts.destination), excerpt(facts.recipient));
        let message = match Service::of(facts.recipient) {
            _ if center => UNEXPECTED,
            // What STS reads is an address of its own; what is around it is not the same.
            Service::Iam(_) => INVALID,
            _ => RECIPIENT,
        };
        return AwsVerdict::failed(RULE, format!("{destination} and {recipient} differ."), message);
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
    let center = *service == Service::IdentityCenter;
    if facts.name_id.trim().is_empty() {
        return AwsVerdict::failed(RULE, "NameID is empty.", if center { LATER } else { DENIED });
    }
    if center && !is_address(facts.name_id) {
        let text = format!("NameID `{found}` is no email address, as Identity Center wants.");
        return AwsVerdict::failed(RULE, text, LATER);
    }
    AwsVerdict::passed(RULE, format!("NameID is `{found}`."))
}

pub fn lifetime(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Assertion lifetime";
    let (seconds, center) = (facts.lifetime_seconds, *service == Service::IdentityCenter);
    match seconds {
        ..=0 => {
            let text = format!("The assertion ends {seconds} s after it is issued.");
            AwsVerdict::failed(RULE, text, if center { US } else { EXPIRED })
        }
        // The five minutes are STS's.
        301.. if !center => AwsVerdict {
            aws_message: STALE,
            ..AwsVerdict::warning(RULE, format!("The assertion is valid for {seconds} s; AWS stops after 300 s."))
        },
        _ => AwsVerdict::passed(RULE, format!("The assertion is valid for {seconds} s.")),
    }
}

pub fn session_end(facts: &AwsFacts, service: &Service) -> AwsVerdict {
    const RULE: &str = "Session end";
    let (seconds, center) = (facts.session_seconds, *service == Service::IdentityCenter);
    if seconds <= 0 {
        let text = format!("The session ends {seconds} s after the response is issued.");
        return AwsVerdict::failed(RULE, text, if center { US } else { EXPIRED });
    }
    let asked = facts.find(SESSION_DURATION).filter(|_| !center);
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
    let center = *service == Service::IdentityCenter;
    let (limit, message) = if center { (50_000, UNEXPECTED) } else { (100_000, TOO_LONG) };
    match size {
        None => AwsVerdict::passed(RULE, format!("Not measured yet; up to {limit} characters are accepted.")),
        Some(size) if size > limit => {
            AwsVerdict::failed(RULE, format!("{size} characters of base64; up to {limit} are accepted."), message)
        }
        Some(size) => AwsVerdict::passed(RULE, format!("{size} characters of base64, of up to {limit}.")),
    }
}
