use serde::{Deserialize, Serialize};

use crate::Partition;

/// What is wrong with a text that should be an ARN of IAM.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not the ARN of {expected}: {reason}")]
pub struct ArnError {
    pub text: String,
    pub expected: &'static str,
    pub reason: &'static str,
}

/// `arn:{partition}:iam::{account}:role/{path}{name}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct RoleArn(String);

/// `arn:{partition}:iam::{account}:saml-provider/{name}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct SamlProviderArn(String);

struct Parts<'a> {
    partition: Partition,
    account: &'a str,
    name: &'a str,
}

/// Splits an ARN of IAM. AWS: 20 to 2048 characters, a 12-digit account, an empty region.
fn split<'a>(text: &'a str, resource: &str) -> Result<Parts<'a>, &'static str> {
    if !(20..=2048).contains(&text.len()) {
        return Err("an ARN has 20 to 2048 characters");
    }
    let mut fields = text.splitn(6, ':');
    if fields.next() != Some("arn") {
        return Err("it does not begin with `arn:`");
    }
    let partition = fields.next().and_then(Partition::from_name);
    let partition = partition.ok_or("the partition is not aws, aws-us-gov or aws-cn")?;
    if fields.next() != Some("iam") || fields.next() != Some("") {
        return Err("it is not of the form `arn:aws:iam::…`");
    }
    let account = fields.next().unwrap_or_default();
    if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
        return Err("the account is not 12 digits");
    }
    let name = fields
        .next()
        .and_then(|rest| rest.strip_prefix(resource))
        .and_then(|rest| rest.strip_prefix('/'))
        .ok_or("the resource is of another kind")?;
    Ok(Parts { partition, account, name })
}

/// IAM names: letters, digits and `+=,.@_-`, of `longest` characters at most.
fn name_fits(name: &str, longest: usize, also: &str) -> bool {
    !name.is_empty()
        && name.len() <= longest
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "+=.@_-".contains(c) || also.contains(c))
}

impl TryFrom<String> for RoleArn {
    type Error = ArnError;
    fn try_from(text: String) -> Result<Self, ArnError> {
        let fault = |reason| ArnError { text: text.chars().take(200).collect(), expected: "an IAM role", reason };
        let parts = split(&text, "role").map_err(fault)?;
        let last = parts.name.rsplit('/').next().unwrap_or_default();
        // A comma is legal in a role's name but would end the ARN inside a `role,provider` pair.
        if !name_fits(last, 64, "") || !name_fits(parts.name, 512 + 64, "/") {
            return Err(fault("the role's name is empty or has characters that do not fit"));
        }
        Ok(Self(text))
    }
}

impl TryFrom<String> for SamlProviderArn {
    type Error = ArnError;
    fn try_from(text: String) -> Result<Self, ArnError> {
        let fault =
            |reason| ArnError { text: text.chars().take(200).collect(), expected: "an IAM SAML provider", reason };
        let parts = split(&text, "saml-provider").map_err(fault)?;
        if parts.name.len() > 128
            || parts.name.is_empty()
            || !parts.name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        {
            return Err(fault("a provider's name is 1 to 128 of letters, digits, `.`, `_` and `-`"));
        }
        Ok(Self(text))
    }
}

macro_rules! arn_accessors {
    ($name:ident, $resource:literal) => {
        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
            /// The 12 digits of the account.
            pub fn account(&self) -> &str {
                split(&self.0, $resource).map_or("", |p| p.account)
            }
            pub fn partition(&self) -> Partition {
                split(&self.0, $resource).map_or(Partition::Aws, |p| p.partition)
            }
            /// The name without its path.
            pub fn name(&self) -> &str {
                split(&self.0, $resource).map_or("", |p| p.name.rsplit('/').next().unwrap_or_default())
            }
        }
        impl std::str::FromStr for $name {
            type Err = ArnError;
            fn from_str(text: &str) -> Result<Self, ArnError> {
                Self::try_from(text.to_owned())
            }
        }
        impl From<$name> for String {
            fn from(arn: $name) -> Self {
                arn.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
arn_accessors!(RoleArn, "role");
arn_accessors!(SamlProviderArn, "saml-provider");

#[cfg(test)]
mod tests {
    use super::{RoleArn, SamlProviderArn};

    #[test]
    fn a_role_arn_is_taken_apart() {
        let arn: RoleArn = "arn:aws:iam::123412341234:role/team/saml_role".parse().unwrap();
        assert_eq!((arn.account(), arn.name()), ("123412341234", "saml_role"));
    }

    #[test]
    fn a_missing_group_attribute_does_not_make_an_arn() {
        assert!("arn:aws:iam::123412341234:role/".parse::<RoleArn>().is_err());
        assert!("arn:aws:iam::1234:role/Admin".parse::<RoleArn>().is_err());
        assert!("arn:aws:iam::123412341234:saml-provider/a,b".parse::<SamlProviderArn>().is_err());
        assert!("arn:aws:iam::123412341234:role/a,b".parse::<RoleArn>().is_err());
    }
}
