//! A strict double of AWS sign-in, STS and IAM for SAML federation, and of IAM Identity Center with its SCIM endpoint. It refuses what AWS refuses, in the words of AWS, and
//! shares no code with the identity provider that it judges: signatures are verified by the `xmlsec1` program.
//!
//! - `sandbox`  the whole: router, IAM handle, `AssumeRoleWithSAML` without HTTP; `options` is what it starts with
//! - `http`     the sign-in page, the Query protocol of STS and IAM, the service provider's metadata
//! - `scim`     the SCIM endpoint of Identity Center: operations, rules of attributes, tokens, throttling
//! - `directory` its identity store; `identity_center` the instance as a whole and its SAML sign-on
//! - `faults`   what shall go wrong, and the log of requests
//! - `saml`     a response: decoding, the shape of signatures, verification, and what AWS asks of the content
//! - `sts`      from a verified response to a session, and the credentials that are out
//! - `iam`      SAML providers and their metadata, roles and their trust policies
//! - `xml`      a tree with namespaces for reading, a builder for answers
//! - `fault`    every refusal; `arn` and `entropy` are names and identifiers
//!
//! Where AWS's own words for a refusal are not known, the answer is that of its sign-in page to an invalid response.

mod arn;
mod directory;
mod entropy;
mod fault;
mod faults;
mod http;
mod iam;
mod identity_center;
mod instant;
mod options;
mod percent;
mod saml;
mod sandbox;
mod scim;
mod sts;
#[cfg(test)]
mod tests;
mod xml;

pub use arn::{Arn, Resource};
pub use fault::Fault;
pub use faults::{Exchange, FaultPlan, FaultRule, Outcome, When};
pub use iam::{EncryptionChange, EncryptionMode, Iam, NewRole, PrivateKey, Provider, Role, trust_policy};
pub use identity_center::{AuthnRequest, Binding, IdentityCenter, IdentityCenterOptions, PortalRefusal, PortalSession};
pub use options::{Now, SandboxOptions};
pub use sandbox::Sandbox;
pub use scim::{Rates, Token};
pub use sts::{Credentials, Session};
