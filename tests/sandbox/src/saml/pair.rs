//! A value of the `Role` attribute.

use super::Attributes;
use crate::arn::{Arn, Resource};
use crate::fault::Fault;

/// `roleArn,providerArn`: no space, role first, one account of one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) role: Arn,
    pub(crate) provider: Arn,
}

impl Pair {
    /// Reads two ARNs.
    ///
    /// # Errors
    /// `Request ARN is invalid`, as STS says when the two are swapped.
    pub(crate) fn new(role: &str, provider: &str) -> Result<Self, Fault> {
        let role = Arn::parse(role).filter(|arn| arn.resource == Resource::Role);
        let provider = Arn::parse(provider).filter(|arn| arn.resource == Resource::SamlProvider);
        match (role, provider) {
            (Some(role), Some(provider))
                if (role.partition, &role.account) == (provider.partition, &provider.account) =>
            {
                Ok(Self { role, provider })
            }
            _ => Err(Fault::arn()),
        }
    }

    /// Every pair of an assertion. One that is malformed makes the whole response invalid.
    pub(crate) fn all(attributes: &Attributes) -> Result<Vec<Self>, Fault> {
        let values = attributes.aws("Role");
        let read = |value: &String| {
            let (role, provider) = value.rsplit_once(',').ok_or_else(Fault::invalid_response)?;
            Self::new(role, provider).map_err(|_| Fault::invalid_response())
        };
        let pairs: Vec<Self> = values.iter().map(read).collect::<Result<_, _>>()?;
        if pairs.is_empty() { Err(Fault::invalid_response()) } else { Ok(pairs) }
    }
}
