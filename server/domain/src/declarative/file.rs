use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use model::{Application, Attributes, KeyGeneration, Policy, PropertyMapping};
use serde::{Deserialize, Serialize};

use super::{group::DeclaredGroup, provider::DeclaredProvider, scim::DeclaredScim, webhook::DeclaredWebhook};

/// A secret as a file writes it: itself, or where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Secret {
    Literal(String),
    Elsewhere(Elsewhere),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Elsewhere {
    Env(String),
    File(String),
    /// A file that is no text; it resolves to base64.
    #[serde(skip)]
    Binary(String),
}

/// Finds the text behind a secret; the environment and the file system are not the domain's.
pub type SecretResolver<'a> = &'a (dyn Fn(&Elsewhere) -> Result<String, String> + Sync);

impl Secret {
    pub(super) fn resolve(&self, resolver: SecretResolver<'_>) -> Result<String, String> {
        match self {
            Self::Literal(text) => Ok(text.clone()),
            Self::Elsewhere(place) => resolver(place),
        }
    }

    /// As [`Self::resolve`], for what is no text: a file as it is, anything else in base64.
    pub(super) fn resolve_binary(&self, resolver: SecretResolver<'_>) -> Result<Vec<u8>, String> {
        let text = match self {
            Self::Elsewhere(Elsewhere::File(name)) => resolver(&Elsewhere::Binary(name.clone()))?,
            other => other.resolve(resolver)?,
        };
        let compact: String = text.split_ascii_whitespace().collect();
        STANDARD.decode(compact).map_err(|_| "this is not base64; name a file with { file: PATH }".to_owned())
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredKey {
    pub name: String,
    /// It signs for the SAML providers that name no key. One key is; where the file says of none that it is, the one that
    /// was stays.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generate: Option<KeyGeneration>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Secret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_key: Option<Secret>,
    /// There is no private half: it verifies and encrypts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub certificate_only: bool,
    /// A PKCS#12 file in place of both halves: `file` names it, anything else is its base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pkcs12: Option<Secret>,
    /// Opens the PKCS#12 file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeclaredUser {
    pub username: String,
    /// The user name that the person had before. Who is there under that name is renamed as long as nobody has the new one;
    /// after that the line changes nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub given_name: String,
    #[serde(default)]
    pub family_name: String,
    #[serde(default)]
    pub email: String,
    /// Taken when the user is made; an existing user keeps the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Secret>,
    /// A PHC string, as `export --secrets` writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_hash: Option<String>,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub administrator: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub auditor: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub service_account: bool,
    #[serde(default)]
    pub groups: BTreeSet<String>,
    #[serde(default)]
    pub attributes: Attributes,
    /// Keeps persistent NameIDs the same where a user moves between installations, together with
    /// [`File::persistent_name_id_secret`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
}

fn yes() -> bool {
    true
}

/// The whole file, version 1.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub version: u32,
    #[serde(default)]
    pub keys: Vec<DeclaredKey>,
    #[serde(default)]
    pub groups: Vec<DeclaredGroup>,
    #[serde(default)]
    pub users: Vec<DeclaredUser>,
    #[serde(default)]
    pub property_mappings: Vec<PropertyMapping>,
    #[serde(default)]
    pub saml_providers: Vec<DeclaredProvider>,
    #[serde(default)]
    pub scim_providers: Vec<DeclaredScim>,
    #[serde(default)]
    pub policies: Vec<Policy>,
    #[serde(default)]
    pub applications: Vec<Application>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub webhooks: Vec<DeclaredWebhook>,
    /// A secret, in base64: with it persistent NameIDs are made of service and `uid`, so whoever has it can tell whose they
    /// are. `export --secrets` writes it. Without it a new store makes one of its own, and services know everybody by
    /// another persistent NameID. Taken while there is no SAML provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persistent_name_id_secret: Option<Secret>,
}

/// Why a file is refused: nothing of it was applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct FileError(pub Vec<String>);

/// Of a file, in bytes. It holds fewer nodes than bytes.
const LARGEST: usize = 32 * 1024 * 1024;

/// How a file is read. It is as large as its people are many; what could grow beyond the file itself, aliases, keeps its
/// limits.
pub(super) fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: LARGEST, max_nodes: LARGEST, max_total_scalar_bytes: LARGEST,
        },
    }
}

impl File {
    /// Reads a file; the error names the line.
    pub fn parse(name: &str, text: &str) -> Result<Self, FileError> {
        if text.len() > LARGEST {
            return Err(FileError(vec![format!("{name}: a file has at most 32 MiB")]));
        }
        let file: Self = serde_saphyr::from_str_with_options(text, options()).map_err(|e| {
            // The library draws the lines around the fault; one line is what a terminal and a log want.
            let text = e.to_string();
            let place = e.location().map(|l| format!(":{}:{}", l.line(), l.column())).unwrap_or_default();
            FileError(vec![format!("{name}{place}: {}", text.lines().next().unwrap_or_default())])
        })?;
        if file.version != 1 {
            return Err(FileError(vec![format!("{name}: version {} is not known; this is version 1", file.version)]));
        }
        Ok(file)
    }
}
