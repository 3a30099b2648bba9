//! AWS's partitions.

use std::fmt;
use std::str::FromStr;

/// A partition: a world of its own, whose accounts, addresses and ARNs are no others'.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Partition {
    /// `aws`
    #[default]
    Aws,
    /// `aws-us-gov`
    GovCloud,
    /// `aws-cn`
    China,
}

impl Partition {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Aws, Self::GovCloud, Self::China];

    /// As in an ARN.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::GovCloud => "aws-us-gov",
            Self::China => "aws-cn",
        }
    }

    /// The host of its sign-in page; a Region may stand before it.
    #[must_use]
    pub const fn host(self) -> &'static str {
        match self {
            Self::Aws => "signin.aws.amazon.com",
            Self::GovCloud => "signin.amazonaws-us-gov.com",
            Self::China => "signin.amazonaws.cn",
        }
    }

    /// The host of its console; a Region may stand before it.
    #[must_use]
    pub const fn console(self) -> &'static str {
        match self {
            Self::Aws => "console.aws.amazon.com",
            Self::GovCloud => "console.amazonaws-us-gov.com",
            Self::China => "console.amazonaws.cn",
        }
    }

    /// The audience of its IAM.
    #[must_use]
    pub const fn audience(self) -> &'static str {
        match self {
            Self::Aws => "urn:amazon:webservices",
            Self::GovCloud => "urn:amazon:webservices:govcloud",
            Self::China => "urn:amazon:webservices:cn-north-1",
        }
    }

    /// The partition of a Region.
    #[must_use]
    pub fn of_region(region: &str) -> Self {
        match region {
            gov if gov.starts_with("us-gov-") => Self::GovCloud,
            china if china.starts_with("cn-") => Self::China,
            _ => Self::Aws,
        }
    }

    /// The path of an address of its sign-in.
    pub(crate) fn path(self, url: &str) -> Option<&str> {
        let rest = url.strip_prefix("https://")?;
        let (host, path) = rest.split_at(rest.find('/')?);
        let region =
            if host == self.host() { return Some(path) } else { host.strip_suffix(self.host())?.strip_suffix('.')? };
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        (!region.is_empty() && region.chars().all(legal)).then_some(path)
    }
}

impl FromStr for Partition {
    type Err = String;
    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|partition| partition.name() == name);
        found.ok_or_else(|| format!("`{name}` is not aws, aws-us-gov or aws-cn"))
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
