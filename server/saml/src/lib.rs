//! SAML 2.0 for an identity provider, sans-IO: bytes in, bytes out; time and identifiers are arguments.
//!
//! - [`request`]  an `AuthnRequest` from the POST or the Redirect binding, guarded before it is parsed
//! - [`response`] a `Response` with one `Assertion`, signed as asked
//! - [`metadata`] the signed `EntityDescriptor` that a service provider imports
//! - [`aws`]      what AWS would say about a response, said before it is issued
//! - [`key`]      the signing key: parsed once, shared by every signature
//! - [`time`]     `xs:dateTime` in UTC to and from unix seconds
//! - [`error`]    the one error of the crate
//! - `xml`        the one writer (canonical by construction) and the guard over untrusted input
//! - `signature`  the enveloped XML signature over bytes that the writer made

pub mod aws;
pub mod error;
pub mod key;
pub mod metadata;
pub mod request;
pub mod response;
mod signature;
pub mod time;
mod xml;

pub use aws::{AwsFacts, AwsVerdict, Level, lint};
pub use error::SamlError;
pub use key::{CertificateFacts, GeneratedKey, SigningKey, certificate_facts};
pub use metadata::{MetadataSpec, build_metadata};
pub use request::{AuthnRequest, parse_post, parse_redirect};
pub use response::{Attribute, ResponseSpec, Sign, SignedResponse, build};
pub use time::{instant, parse_instant};

#[cfg(test)]
mod judge;
