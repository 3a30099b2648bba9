use std::{collections::HashMap, sync::Arc};

use expression::Expression;
use model::{Application, SamlProvider};
use saml::{DecryptionKey, SigningKey};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Error, Vault,
    groups::{Ancestry, ancestry},
    key_life, managed,
    port::{Configuration, Document, Expect, Kind, Setting, Write},
    renaming::GroupIds,
};

/// A compiled mapping or policy, or why it does not compile.
pub type Compiled = Result<Expression, expression::ExpressionError>;

/// The configuration with everything derived from it that sign-on needs: parsed keys, compiled expressions, ancestors.
/// Replaced as a whole when the epoch moves.
pub struct Snapshot {
    pub configuration: Configuration,
    pub ancestry: Ancestry,
    /// What services know groups by.
    pub group_ids: GroupIds,
    mappings: HashMap<String, Compiled>,
    policies: HashMap<String, Compiled>,
    keys: HashMap<String, Arc<SigningKey>>,
    /// The providers that name keys for their certificates, with the certificates filled in.
    resolved: HashMap<String, SamlProvider>,
    /// Makes persistent name identifiers pairwise.
    pub pairwise_secret: Vec<u8>,
}

/// The setting that names the key of providers that name none.
pub const DEFAULT_KEY: &str = "default_key";
/// The setting that holds the sealed secret of persistent name identifiers.
pub const PAIRWISE_SECRET: &str = "pairwise_secret";

/// What a private key is sealed for.
pub fn key_purpose(name: &str) -> String {
    format!("private key {name}")
}

impl Snapshot {
    /// Derives everything once; what has not changed since `former` is taken over.
    pub fn derive(mut configuration: Configuration, vault: &Vault, former: Option<&Self>) -> Result<Self, Error> {
        for mapping in managed::mappings() {
            let name = mapping.name.clone();
            configuration.property_mappings.insert(name, model::Versioned { version: 0, value: mapping });
        }
        let compile = |kept: Option<&Compiled>, name: &str, source: &str| match kept {
            Some(Ok(expression)) if expression.source() == source => Ok(expression.clone()),
            _ => Expression::compile(name, source),
        };
        let mappings = configuration
            .property_mappings
            .iter()
            .map(|(name, m)| {
                (name.clone(), compile(former.and_then(|f| f.mappings.get(name)), name, &m.value.expression))
            })
            .collect();
        let policies = configuration
            .policies
            .iter()
            .map(|(name, p)| {
                (name.clone(), compile(former.and_then(|f| f.policies.get(name)), name, &p.value.expression))
            })
            .collect();
        let mut keys = HashMap::new();
        for (name, record) in &configuration.keys {
            let Some(sealed) = &record.value.private_key else { continue };
            let same = former.filter(|f| f.configuration.keys.get(name) == Some(record)).and_then(|f| f.keys.get(name));
            let key = match same {
                Some(key) => Arc::clone(key),
                None => {
                    let pem = vault.open(&key_purpose(name), sealed)?;
                    let pem = String::from_utf8(pem).map_err(|_| Error::Internal(format!("key {name} is not text")))?;
                    let key = SigningKey::from_pem(&record.value.key.certificate, &pem)
                        .map_err(|e| Error::Internal(format!("key {name}: {e}")))?;
                    Arc::new(key)
                }
            };
            keys.insert(name.clone(), key);
        }
        let pairwise_secret = match configuration.settings.get(PAIRWISE_SECRET) {
            Some(setting) => {
                let sealed = serde_json::from_value(setting.value.value.clone())
                    .map_err(|e| Error::Internal(format!("{PAIRWISE_SECRET}: {e}")))?;
                vault.open(PAIRWISE_SECRET, &sealed)?
            }
            None => Vec::new(),
        };
        let (ancestry, resolved) = (ancestry(&configuration.groups), trust_by_name(&configuration));
        let group_ids = GroupIds::of_configuration(&configuration);
        Ok(Self { configuration, ancestry, group_ids, mappings, policies, keys, resolved, pairwise_secret })
    }

    pub fn mapping(&self, name: &str) -> Option<&Compiled> {
        self.mappings.get(name)
    }

    pub fn policy(&self, name: &str) -> Option<&Compiled> {
        self.policies.get(name)
    }

    pub fn application(&self, slug: &str) -> Result<&Application, Error> {
        let found = self.configuration.applications.get(slug);
        found.map(|a| &a.value).ok_or_else(|| Error::missing(Kind::Application, slug))
    }

    /// The SAML provider of an application.
    pub fn provider_of(&self, application: &Application) -> Result<&SamlProvider, Error> {
        let name = application.saml_provider.as_deref().ok_or_else(|| {
            Error::Conflict(format!(
                "the application `{}` has no SAML provider, so nobody can sign on to it",
                application.slug
            ))
        })?;
        if let Some(resolved) = self.resolved.get(name) {
            return Ok(resolved);
        }
        let found = self.configuration.saml_providers.get(name);
        found.map(|p| &p.value).ok_or_else(|| Error::missing(Kind::SamlProvider, name))
    }

    /// What a setting holds; None: there is none, or it is of another shape.
    pub fn setting<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_value(self.configuration.settings.get(name)?.value.value.clone()).ok()
    }

    /// Writes a setting, if it is still the one that is here.
    pub fn put_setting(&self, name: String, value: &impl Serialize) -> Result<Write, Error> {
        let known = self.configuration.settings.get(&name);
        let expect = known.map_or(Expect::Absent, |setting| Expect::Version(setting.version));
        let value = serde_json::to_value(value).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Write::Put { document: Document::Setting(Setting { name, value }), expect })
    }

    /// The name of the key that providers use that name none.
    pub fn default_key(&self) -> Option<&str> {
        self.configuration.settings.get(DEFAULT_KEY).and_then(|s| s.value.value.as_str())
    }

    /// Base64 of the certificates that the metadata shows, the one that signs first.
    pub fn shown_certificates(&self, provider: &SamlProvider) -> Result<Vec<String>, Error> {
        let of = |(name, _): (String, _)| {
            let key = self.keys.get(&name).ok_or_else(|| Error::missing(Kind::Key, name))?;
            Ok(key.certificate_base64().to_owned())
        };
        key_life::shown(provider, self.default_key()).into_iter().map(of).collect()
    }

    pub fn signing_key(&self, provider: &SamlProvider) -> Result<&Arc<SigningKey>, Error> {
        let name = provider.signing_key.as_deref().or_else(|| self.default_key()).unwrap_or_default();
        self.keys.get(name).ok_or_else(|| Error::missing(Kind::Key, name))
    }

    /// The key that the service of a provider encrypts to. None: the provider names none.
    pub fn decryption_key(&self, provider: &SamlProvider) -> Result<Option<DecryptionKey>, Error> {
        let Some(name) = provider.decryption_key.as_deref() else { return Ok(None) };
        let key = self.keys.get(name).ok_or_else(|| Error::missing(Kind::Key, name))?;
        let key = DecryptionKey::new(SigningKey::clone(key));
        key.map(Some).map_err(|error| Error::Internal(format!("key {name}: {error}")))
    }
}

/// Providers that name keys to verify with or to encrypt to, with the certificates of those keys.
fn trust_by_name(configuration: &Configuration) -> HashMap<String, SamlProvider> {
    let certificate = |name: &String| configuration.keys.get(name).map(|k| k.value.key.certificate.clone());
    let providers = configuration.saml_providers.values().map(|p| &p.value);
    let named = |p: &&SamlProvider| {
        !p.verification_keys.is_empty() || p.encryption.as_ref().is_some_and(|encryption| encryption.key.is_some())
    };
    let resolve = |provider: &SamlProvider| {
        let mut provider = provider.clone();
        provider.verification_certificates.extend(provider.verification_keys.iter().filter_map(certificate));
        if let Some(encryption) = &mut provider.encryption
            && let Some(found) = encryption.key.as_ref().and_then(certificate)
        {
            encryption.certificate = found;
        }
        (provider.name.clone(), provider)
    };
    providers.filter(named).map(resolve).collect()
}
