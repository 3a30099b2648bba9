//! The ARNs of roles and SAML providers.

use std::fmt;

use crate::partition::Partition;

/// What an IAM ARN names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// `role/…`
    Role,
    /// `saml-provider/…`
    SamlProvider,
}

/// An ARN of the form `arn:partition:iam::account:role/path/name` or `arn:partition:iam::account:saml-provider/name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn {
    text: String,
    /// Whose account it is.
    pub partition: Partition,
    /// Twelve digits.
    pub account: String,
    /// Role or provider.
    pub resource: Resource,
    /// The last part of the path.
    pub name: String,
}

impl Arn {
    /// Reads an ARN of a partition that there is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (partition, rest) = text.strip_prefix("arn:")?.split_once(':')?;
        let partition = partition.parse().ok()?;
        let (account, rest) = rest.strip_prefix("iam::")?.split_once(':')?;
        let (kind, path) = rest.split_once('/')?;
        let resource = match kind {
            "role" => Resource::Role,
            "saml-provider" if !path.contains('/') => Resource::SamlProvider,
            _ => return None,
        };
        let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
        let legal = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-/".contains(c);
        (is_account(account) && path.chars().all(legal)).then(|| Self {
            text: text.into(),
            partition,
            account: account.into(),
            resource,
            name: name.into(),
        })
    }

    /// The ARN of a role; `path` begins and ends with a slash.
    #[must_use]
    pub fn role(partition: Partition, account: &str, path: &str, name: &str) -> Self {
        Self::new(partition, account, Resource::Role, &format!("role{path}"), name)
    }

    /// The ARN of a SAML provider.
    #[must_use]
    pub fn provider(partition: Partition, account: &str, name: &str) -> Self {
        Self::new(partition, account, Resource::SamlProvider, "saml-provider/", name)
    }

    fn new(partition: Partition, account: &str, resource: Resource, path: &str, name: &str) -> Self {
        Self {
            text: format!("arn:{partition}:iam::{account}:{path}{name}"),
            partition,
            account: account.into(),
            resource,
            name: name.into(),
        }
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether this is an account id: twelve digits.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}
