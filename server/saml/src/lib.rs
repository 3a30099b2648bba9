//! SAML 2.0 for an identity provider, sans-IO: bytes in, bytes out; time and identifiers are arguments.
//!
//! Received, guarded before it is read, and never trusted before it is verified:
//! - [`Inbound`]      a message by the POST or the Redirect binding: whose it is, whether the signature holds, what it says
//! - [`request`]      an `AuthnRequest`, and whether it is accepted, answered with a status or shown to the person
//! - [`logout`]       `LogoutRequest` and `LogoutResponse`, read and made
//! - [`sp_metadata`]  what a service provider says of itself
//! - [`decryption`]   the `EncryptedID` of a verified message, and the `EncryptedAssertion` that the other side receives
//!
//! Made, canonical by construction:
//! - [`response`]     a `Response` with one `Assertion`, signed and encrypted as asked
//! - [`status`]       a `Response` that says no
//! - [`metadata`]     the signed `EntityDescriptor` that a service provider imports
//! - [`encryption`]   the `EncryptedAssertion`; [`sign_redirect`] for a query
//!
//! - [`service_provider`] the other side: receives a response and judges it by the book
//! - [`aws`]          what AWS would say about a response, said before it is issued
//! - [`key`]          the signing key: parsed once, shared by every signature; `certificate` is somebody else's
//! - [`time`]         `xs:dateTime` in UTC to and from unix seconds
//! - [`error`]        the one error of the crate
//! - `xml`            the one writer, the one reader of untrusted input, and the canonical form of what it read
//! - `signature`      makes an enveloped XML signature; `verify` verifies one, or that of a query

mod acs;
mod algorithm;
pub mod aws;
pub mod binding;
mod certificate;
pub mod decryption;
mod encoding;
pub mod encryption;
pub mod error;
mod inbound;
pub mod key;
mod kind;
pub mod logout;
mod message;
pub mod metadata;
mod name_id;
mod outbound;
pub mod request;
pub mod response;
pub mod service_provider;
mod signature;
pub mod sp_metadata;
pub mod status;
pub mod time;
mod trust;
mod verify;
mod xml;

pub use acs::Acs;
pub use algorithm::SignatureAlgorithm;
pub use aws::{AwsFacts, AwsVerdict, Level, PushedName, lint, lint_size};
pub use certificate::{Certificate, CertificateFacts, certificate_facts};
pub use decryption::DecryptionKey;
pub use encryption::{ContentCipher, Encryption, KeyTransport, OaepDigest};
pub use error::{SamlError, SignatureFault};
pub use inbound::{Inbound, MessageKind, Verified};
pub use key::{GeneratedKey, SigningKey, import_pkcs12};
pub use kind::KeyKind;
pub use logout::{
    LogoutRequest, LogoutRequestSpec, LogoutResponse, LogoutResponseSpec, build_logout_request, build_logout_response,
};
pub use metadata::{MetadataSpec, build_metadata};
pub use name_id::NameId;
pub use outbound::{Outbound, sign_redirect};
pub use request::{
    Accepted, AuthnRequest, Comparison, Expectations, Refusal, RequestedAuthnContext, check, parse_post, parse_redirect,
};
pub use response::{Attribute, ResponseOptions, ResponseSpec, Sign, SignedResponse, build, build_with};
pub use service_provider::{Examined, ServiceProvider, SpVerdict, examine};
pub use sp_metadata::{
    LogoutEndpoint, Note, RequestedAttribute, SpMetadata, parse_signed_sp_metadata, parse_sp_metadata,
    verify_metadata_signature,
};
pub use status::{Status, StatusCode, StatusReason, StatusResponseSpec, build_status};
pub use time::{instant, parse_instant};
pub use trust::Distrust;
pub use xml::limits::Limits;

#[cfg(test)]
mod interop;
#[cfg(test)]
mod judge;
