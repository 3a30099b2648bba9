use serde::{Deserialize, Serialize};

use crate::SamlProvider;

/// An AWS partition: a world of its own. Sign-in address, audience and ARNs follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Partition {
    #[serde(rename = "aws")]
    Aws,
    #[serde(rename = "aws-us-gov")]
    GovCloud,
    #[serde(rename = "aws-cn")]
    China,
}

/// The hosts of Identity Center that AWS made later; their Region tells the partition.
const CENTER_HOSTS: [&str; 2] = ["sso.signin.aws", "signin.aws"];

impl Partition {
    pub const ALL: [Self; 3] = [Self::Aws, Self::GovCloud, Self::China];

    /// As in an ARN.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::GovCloud => "aws-us-gov",
            Self::China => "aws-cn",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|partition| partition.name() == name)
    }

    /// As AWS calls it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::GovCloud => "AWS GovCloud (US)",
            Self::China => "AWS China",
        }
    }

    /// The host of the sign-in page; a Region may stand before it.
    pub const fn sign_in_host(self) -> &'static str {
        match self {
            Self::Aws => "signin.aws.amazon.com",
            Self::GovCloud => "signin.amazonaws-us-gov.com",
            Self::China => "signin.amazonaws.cn",
        }
    }

    /// The audience that IAM expects.
    pub const fn audience(self) -> &'static str {
        match self {
            Self::Aws => "urn:amazon:webservices",
            Self::GovCloud => "urn:amazon:webservices:govcloud",
            Self::China => "urn:amazon:webservices:cn-north-1",
        }
    }

    /// Where IAM takes responses.
    pub fn acs_url(self) -> String {
        format!("https://{}/saml", self.sign_in_host())
    }

    /// The Region to call where none is known.
    pub const fn usual_region(self) -> &'static str {
        match self {
            Self::Aws => "us-east-1",
            Self::GovCloud => "us-gov-west-1",
            Self::China => "cn-north-1",
        }
    }

    /// What the address of the AWS access portal looks like (Identity Center guide; guides to AWS GovCloud and to AWS China,
    /// "IAM Identity Center").
    pub const fn portal_example(self) -> &'static str {
        match self {
            Self::Aws => "https://d-1234567890.awsapps.com/start",
            Self::GovCloud => "https://start.us-gov-home.awsapps.com/directory/d-1234567890",
            Self::China => "https://start.home.awsapps.cn/directory/d-1234567890",
        }
    }

    fn of_region(region: &str) -> Self {
        match region {
            gov if gov.starts_with("us-gov-") => Self::GovCloud,
            china if china.starts_with("cn-") => Self::China,
            _ => Self::Aws,
        }
    }

    /// The partition of an address of AWS's sign-in, of IAM or of Identity Center; None: it is none.
    pub fn of_url(url: &str) -> Option<Self> {
        place(url).map(|(partition, _)| partition)
    }

    /// The partition of an audience: AWS's name for itself, or an address of its sign-in.
    pub fn of_audience(audience: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|partition| partition.audience() == audience).or_else(|| Self::of_url(audience))
    }
}

/// The partition and the Region of an address of AWS's sign-in; the Region is empty where the address names none.
fn place(url: &str) -> Option<(Partition, &str)> {
    let host = url.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    let region = |base: &str| match host.strip_suffix(base)? {
        "" => Some(""),
        before => before.strip_suffix('.').filter(|region| is_region(region)),
    };
    let global = Partition::ALL.into_iter().find_map(|one| region(one.sign_in_host()).map(|region| (one, region)));
    let center = || CENTER_HOSTS.into_iter().find_map(&region).filter(|region| !region.is_empty());
    global.or_else(|| center().map(|region| (Partition::of_region(region), region)))
}

fn is_region(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

impl SamlProvider {
    /// The AWS partition that it speaks to; None: it is not AWS, or a double of it whose audience says nothing.
    pub fn partition(&self) -> Option<Partition> {
        Partition::of_audience(&self.audience).or_else(|| Partition::of_url(&self.acs_url))
    }

    /// The AWS Region that its sign-in address names.
    pub fn region(&self) -> Option<&str> {
        place(&self.acs_url).map(|(_, region)| region).filter(|region| !region.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::Partition::{Aws, China, GovCloud};
    use super::*;

    #[test]
    fn an_address_and_an_audience_tell_the_partition() {
        for (url, partition) in [
            ("https://signin.aws.amazon.com/saml", Some(Aws)),
            ("https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSP1", Some(Aws)),
            ("https://us-gov-west-1.signin.amazonaws-us-gov.com/platform/saml/d-1", Some(GovCloud)),
            ("https://cn-northwest-1.signin.amazonaws.cn/saml", Some(China)),
            ("https://eu-central-1.sso.signin.aws/platform/saml/acs/1", Some(Aws)),
            ("https://us-gov-east-1.signin.aws/platform/saml/acs/1", Some(GovCloud)),
            ("https://evilsignin.aws.amazon.com/saml", None),
            ("https://signin.aws.amazon.com.evil.example/saml", None),
            ("https://signin.aws/saml", None),
            ("http://127.0.0.1:8181/saml", None),
        ] {
            assert_eq!(Partition::of_url(url), partition, "{url}");
        }
        for partition in Partition::ALL {
            assert_eq!(Partition::of_audience(partition.audience()), Some(partition));
            assert_eq!(Partition::of_url(&partition.acs_url()), Some(partition));
            assert_eq!(Partition::from_name(partition.name()), Some(partition));
            assert_eq!(Partition::of_region(partition.usual_region()), partition);
        }
        let provider = SamlProvider::new("a", "https://eu-west-1.signin.aws.amazon.com/saml", "urn:amazon:webservices");
        assert_eq!((provider.partition(), provider.region()), (Some(Aws), Some("eu-west-1")));
    }
}
