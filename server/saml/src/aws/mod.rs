//! What AWS would say about a response, said before it is issued.

mod address;
mod arn;
mod attributes;
mod center;
mod envelope;
mod idp_metadata;
mod lint;
mod names;
mod roles;
mod service;
mod verdict;

pub use address::is_address;
pub use center::USER_NAME;
pub use idp_metadata::{MAX_KEYS, MetadataFacts, ShownCertificate, lint_metadata};
pub use lint::{AwsFacts, PushedName, lint, lint_size};
pub use names::{
    ACCESS_CONTROL_PREFIX, PRINCIPAL_TAG_PREFIX, ROLE, ROLE_SESSION_NAME, SESSION_DURATION, SOURCE_IDENTITY,
    TRANSITIVE_TAG_KEYS, is_name_format,
};
pub use verdict::{AwsVerdict, Level};

#[cfg(test)]
mod tests;
