//! A strict double of AWS sign-in, STS and IAM for SAML federation, and of IAM Identity Center with its SCIM endpoint. It refuses
//! what AWS refuses, in the words of AWS, and shares no code with the identity provider that it judges: signatures are verified by
//! the `xmlsec1` program. The README beside it says how to test with it and where AWS says nothing.
//!
//! - `sandbox`  the whole: router, handles, `AssumeRoleWithSAML` without HTTP; `options` is what it starts with
//! - `http`     the pages, the Query protocol of STS and IAM, the SCIM endpoint, the control endpoint, service providers' metadata
//! - `identity_center`  the instance as a whole, and SAML sign-on to its portal
//! - `scim`     its SCIM endpoint: operations, rules of attributes, tokens, throttling
//! - `directory`  its identity store
//! - `faults`   what shall go wrong, and the log of requests
//! - `saml`     a response: decoding, decryption, the shape of signatures, verification, and what AWS asks of the content
//! - `sts`      from a verified response to a session, and the credentials that are out
//! - `iam`      SAML providers and their metadata, their keys, roles and their trust policies
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
mod partition;
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
pub use partition::Partition;
pub use sandbox::Sandbox;
pub use scim::{Rates, Token};
pub use sts::{Credentials, Session};
