use serde::{Deserialize, Serialize};

use crate::{PreviewAttribute, Verdict};

/// A response, decoded, and what those who receive it would say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ResponseReport {
    /// Slug; empty where it is not known.
    pub application: String,
    /// Whom it is about; empty where it is not known.
    pub username: String,
    pub destination: String,
    pub name_id: String,
    pub name_id_format: String,
    pub attributes: Vec<PreviewAttribute>,
    /// What a service provider by the book says to each rule of SAML.
    pub service: Vec<Verdict>,
    /// What AWS says to each of its rules; empty where the provider is not AWS.
    pub aws: Vec<Verdict>,
    /// Where AWS writes down what came of it.
    pub traces: Vec<AwsTrace>,
    /// The assertion is encrypted on its way to the service.
    pub encrypted: bool,
    /// What is known of its content; none where it is not encrypted.
    pub content: Option<EncryptedContent>,
    /// The response as it was received.
    pub xml: String,
    /// The assertion as it was decrypted; empty where nothing was.
    pub assertion: String,
}

/// What is known here of an assertion that only the service can decrypt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum EncryptedContent {
    /// Nothing: what is inside is neither shown nor judged.
    Closed,
    /// What it was before: a copy of the response that is not encrypted was kept, and is shown and judged.
    Kept,
    /// What came out: for a test the response was encrypted to a key made for that test in the place of the service's.
    Decrypted,
}

/// An event of AWS CloudTrail that tells of a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AwsTrace {
    /// `eventName`.
    pub event: String,
    /// `eventSource`.
    pub source: String,
    /// When it is written.
    pub when: String,
    /// Fields of the event and the values that tell this response from others.
    pub fields: Vec<(String, String)>,
    /// What `errorMessage` or the sign-in page says when it is refused, and what that means here.
    pub messages: Vec<(String, String)>,
}

/// A response that was kept, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeptResponse {
    pub id: String,
    /// RFC 3339.
    pub at: String,
    /// Slug.
    pub application: String,
    pub username: String,
    /// Where it went.
    pub destination: String,
}

/// The responses that are kept of a SAML provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeptResponses {
    /// How many are kept at most; zero: none.
    pub most: u32,
    /// For how many days.
    pub days: u32,
    /// Newest first.
    pub rows: Vec<KeptResponse>,
}
