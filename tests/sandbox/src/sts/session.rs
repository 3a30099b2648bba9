//! A session of an assumed role.

use crate::entropy::{secret, session_token, unique_id};
use crate::fault::Fault;

/// Temporary credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// `ASIA…`
    pub access_key_id: String,
    /// Forty characters.
    pub secret_access_key: String,
    /// Opaque.
    pub session_token: String,
    /// Unix seconds.
    pub expiration: i64,
}

impl Credentials {
    pub(crate) fn issue(expiration: i64) -> Result<Self, Fault> {
        Ok(Self {
            access_key_id: unique_id("ASIA")?,
            secret_access_key: secret()?,
            session_token: session_token()?,
            expiration,
        })
    }
}

/// What `AssumeRoleWithSAML` answers, and what the console shows.
#[derive(Clone, Debug)]
pub struct Session {
    /// The account of the role.
    pub account: String,
    /// The role.
    pub role_arn: String,
    /// The name of the role.
    pub role_name: String,
    /// `AROA…:session`
    pub assumed_role_id: String,
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`
    pub assumed_role_arn: String,
    /// `RoleSessionName`
    pub session_name: String,
    /// The credentials.
    pub credentials: Credentials,
    /// The `Recipient` of the confirmation: what STS calls the audience.
    pub audience: String,
    /// The issuer.
    pub issuer: String,
    /// BASE64(SHA1(issuer + account + "/" + provider name)).
    pub name_qualifier: String,
    /// The `NameID`.
    pub subject: String,
    /// `persistent`, `transient`, or a whole format URI of another family.
    pub subject_type: String,
    /// The share of the space for tags that is used, in percent; `None` without tags.
    pub packed_policy_size: Option<u32>,
    /// Session tags: key and value.
    pub tags: Vec<(String, String)>,
    /// Keys of the tags that follow into further roles.
    pub transitive_tag_keys: Vec<String>,
    /// `SourceIdentity`
    pub source_identity: Option<String>,
}
