use std::collections::{BTreeMap, BTreeSet};

use model::{MappingKind, Partition, SamlProvider};

/// The names that others may refer to, as they will be once a change is made.
#[derive(Debug, Default)]
pub struct Names {
    pub groups: BTreeSet<String>,
    pub saml_providers: BTreeSet<String>,
    pub scim_providers: BTreeSet<String>,
    pub policies: BTreeSet<String>,
    /// Keys that can sign.
    pub keys: BTreeSet<String>,
    /// All keys: each has a certificate.
    pub certificates: BTreeSet<String>,
    /// Those on elliptic curves, as far as is known.
    pub elliptic: BTreeSet<String>,
    /// What signs for providers that name no key.
    pub default_key: Option<String>,
    /// With each mapping, whether it has a SAML name.
    pub mappings: BTreeMap<String, (MappingKind, bool)>,
    /// The AWS partitions that SAML providers speak to, by name, where that is known.
    pub partitions: BTreeMap<String, Partition>,
    /// Users named in bindings that do exist, in lower case.
    pub users: BTreeSet<String>,
}

impl Names {
    /// Which partition a SAML provider speaks to, as it will be.
    pub fn speaks(&mut self, provider: &SamlProvider) {
        match provider.partition() {
            Some(partition) => _ = self.partitions.insert(provider.name.clone(), partition),
            None => _ = self.partitions.remove(&provider.name),
        }
    }
}
