//! Which AWS service a response goes to, told by the address it is posted to.

/// An AWS partition: a world of its own, with its own addresses, audience and ARNs.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// As in an ARN.
    pub name: &'static str,
    /// The host of the sign-in page; a region may stand before it.
    host: &'static str,
    /// The audience that IAM expects.
    pub audience: &'static str,
}

pub const PARTITIONS: [Partition; 3] = [
    Partition { name: "aws", host: "signin.aws.amazon.com", audience: "urn:amazon:webservices" },
    Partition { name: "aws-us-gov", host: "signin.amazonaws-us-gov.com", audience: "urn:amazon:webservices:govcloud" },
    Partition { name: "aws-cn", host: "signin.amazonaws.cn", audience: "urn:amazon:webservices:cn-north-1" },
];

/// The service behind an assertion consumer address.
#[derive(Debug, PartialEq, Eq)]
pub enum Service {
    /// IAM federation: the sign-in page, STS.
    Iam(&'static Partition),
    /// IAM Identity Center, which knows people by `NameID` and reads no roles.
    IdentityCenter,
    /// This machine: a double of AWS, in a test.
    Loopback,
    /// Nothing of AWS.
    Unknown,
}

impl Service {
    pub fn of(url: &str) -> Self {
        if let Some(rest) = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")) {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            let host = if authority.starts_with('[') {
                authority.split_inclusive(']').next().unwrap_or_default()
            } else {
                authority.split(':').next().unwrap_or_default()
            };
            // Names under localhost lead to this machine and nowhere else (RFC 6761 §6.3).
            let local = matches!(host, "127.0.0.1" | "[::1]" | "localhost") || host.ends_with(".localhost");
            if !authority.contains('@') && local {
                return Self::Loopback;
            }
        }
        // A host with a port or a user part is none of AWS's, and finds no match below.
        let Some((host, path)) = url.strip_prefix("https://").and_then(|rest| rest.split_once('/')) else {
            return Self::Unknown;
        };
        let partition = PARTITIONS.iter().find(|partition| is_regional(host, partition.host));
        if path.strip_prefix("platform/saml/acs/").is_some_and(|tenant| !tenant.is_empty()) {
            let own = ["signin.aws", "sso.signin.aws"].iter().any(|base| host != *base && is_regional(host, base));
            return if own || partition.is_some() { Self::IdentityCenter } else { Self::Unknown };
        }
        // The plain address, the address of one provider, and the form of older guides.
        let federation = matches!(path, "saml" | "static/saml")
            || path.strip_prefix("saml/acs/").is_some_and(|id| !id.is_empty() && !id.contains(['/', '?', '#']));
        match partition {
            Some(partition) if federation => Self::Iam(partition),
            _ => Self::Unknown,
        }
    }
}

impl Partition {
    /// The partition of an address of sign-in: of IAM, or of Identity Center, whose later hosts tell it by the Region.
    pub fn of_url(url: &str) -> Option<&'static Self> {
        let host = url.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
        let named = PARTITIONS.iter().find(|partition| is_regional(host, partition.host));
        let later =
            || ["sso.signin.aws", "signin.aws"].iter().find_map(|base| host.strip_suffix(base)?.strip_suffix('.'));
        named.or_else(|| {
            let region = later().filter(|region| !region.contains('.'))?;
            let name = match region {
                gov if gov.starts_with("us-gov-") => "aws-us-gov",
                china if china.starts_with("cn-") => "aws-cn",
                _ => "aws",
            };
            PARTITIONS.iter().find(|partition| partition.name == name)
        })
    }

    /// The partition of an audience: AWS's name for itself, or an address of its sign-in.
    pub fn of_audience(audience: &str) -> Option<&'static Self> {
        PARTITIONS.iter().find(|partition| partition.audience == audience).or_else(|| Self::of_url(audience))
    }
}

/// Whether the host is `base`, or one region label before it.
fn is_regional(host: &str, base: &str) -> bool {
    host == base
        || host.strip_suffix(base).and_then(|rest| rest.strip_suffix('.')).is_some_and(|region| {
            !region.is_empty() && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}
