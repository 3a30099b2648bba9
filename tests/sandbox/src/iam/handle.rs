//! The door to providers and roles.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::encryption::{Encryption, EncryptionChange};
use super::metadata::Metadata;
use super::{NewRole, Provider, Role, TrustPolicy};
use crate::arn::{Arn, is_account};
use crate::entropy::unique_id;
use crate::fault::Fault;
use crate::options::Now;
use crate::partition::Partition;

/// Accounts by partition and id, things by name.
type Shelf<T> = BTreeMap<(String, String), T>;

#[derive(Debug, Default)]
struct Shelves {
    providers: Shelf<Provider>,
    roles: Shelf<Role>,
}

/// The IAM of one account of one partition. Clones share what they hold.
#[derive(Clone)]
pub struct Iam {
    partition: Partition,
    account: String,
    now: Now,
    shelves: Arc<Mutex<Shelves>>,
}

impl Iam {
    pub(crate) fn new(partition: Partition, account: &str, now: Now) -> Self {
        Self { partition, account: account.into(), now, shelves: Arc::default() }
    }

    /// The same store, seen from an account of another partition.
    #[must_use]
    pub fn in_partition(&self, partition: Partition) -> Self {
        Self { partition, ..self.clone() }
    }

    /// The same store, seen from another account.
    #[must_use]
    pub fn in_account(&self, account: &str) -> Self {
        Self { account: account.into(), ..self.clone() }
    }

    /// The account id.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// `CreateSAMLProvider`: name `[\w._-]{1,128}`, at most 100 in an account.
    ///
    /// # Errors
    /// `InvalidInput`, `EntityAlreadyExists`, `LimitExceeded`, `ValidationError`.
    pub fn create_saml_provider(&self, name: &str, metadata: &str) -> Result<Provider, Fault> {
        self.create_saml_provider_with(name, metadata, EncryptionChange::default())
    }

    /// `CreateSAMLProvider` with `AddPrivateKey` and `AssertionEncryptionMode`.
    ///
    /// # Errors
    /// `InvalidInput`, `EntityAlreadyExists`, `LimitExceeded`, `ValidationError`.
    pub fn create_saml_provider_with(
        &self,
        name: &str,
        metadata: &str,
        encryption: EncryptionChange<'_>,
    ) -> Result<Provider, Fault> {
        self.check_name(name, 128, "._-", "name")?;
        let arn = Arn::provider(self.partition, &self.account, name);
        let mut shelves = self.shelves();
        if shelves.providers.contains_key(&self.key(name)) {
            return Err(exists(format!("SAMLProvider {arn} already exists.")));
        }
        if shelves.providers.keys().filter(|(account, _)| *account == self.shelf()).count() >= 100 {
            return Err(Fault::new(409, "LimitExceeded", "Cannot exceed quota for SAMLProvidersPerAccount: 100"));
        }
        let provider = Provider {
            arn,
            uuid: unique_id("SAMLSP")?,
            document: metadata.into(),
            created: (self.now)(),
            metadata: Metadata::parse(metadata)?,
            encryption: Encryption::default().changed(encryption, (self.now)())?,
        };
        shelves.providers.insert(self.key(name), provider.clone());
        Ok(provider)
    }

    /// `UpdateSAMLProvider`: puts another metadata document in the place of the present one.
    ///
    /// # Errors
    /// `InvalidInput`, `NoSuchEntity`.
    pub fn update_saml_provider(&self, arn: &str, metadata: &str) -> Result<Provider, Fault> {
        self.update_saml_provider_with(arn, Some(metadata), EncryptionChange::default())
    }

    /// `UpdateSAMLProvider` with whatever it can change, all of it or nothing.
    ///
    /// # Errors
    /// `InvalidInput`, `LimitExceeded`, `NoSuchEntity`.
    pub fn update_saml_provider_with(
        &self,
        arn: &str,
        metadata: Option<&str>,
        encryption: EncryptionChange<'_>,
    ) -> Result<Provider, Fault> {
        let name = self.provider(arn)?.arn.name;
        if metadata.is_none() && encryption.is_empty() {
            let message =
                "Unable to update identity provider. No updates are defined for metadata or encryption assertion.";
            return Err(Fault::new(400, "InvalidInput", message));
        }
        let read = metadata.map(Metadata::parse).transpose()?;
        let mut shelves = self.shelves();
        let provider = shelves.providers.get_mut(&self.key(&name)).ok_or_else(|| no_provider(arn))?;
        provider.encryption = provider.encryption.changed(encryption, (self.now)())?;
        if let (Some(read), Some(document)) = (read, metadata) {
            provider.metadata = read;
            provider.document = document.into();
        }
        Ok(provider.clone())
    }

    /// The provider of a consumer service of its own, in whatever account.
    pub(crate) fn provider_at(&self, uuid: &str) -> Option<Provider> {
        self.shelves().providers.values().find(|provider| provider.uuid == uuid).cloned()
    }

    /// `GetSAMLProvider`, by ARN, in this account.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn provider(&self, arn: &str) -> Result<Provider, Fault> {
        let name = Arn::parse(arn).ok_or_else(|| no_provider(arn))?.name;
        let found = self.shelves().providers.get(&self.key(&name)).cloned();
        found.filter(|provider| provider.arn.as_str() == arn).ok_or_else(|| no_provider(arn))
    }

    /// `ListSAMLProviders`.
    #[must_use]
    pub fn providers(&self) -> Vec<Provider> {
        let all = |((account, _), provider): (&(String, String), &Provider)| {
            (*account == self.shelf()).then(|| provider.clone())
        };
        self.shelves().providers.iter().filter_map(all).collect()
    }

    /// `DeleteSAMLProvider`.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn delete_saml_provider(&self, arn: &str) -> Result<(), Fault> {
        let name = self.provider(arn)?.arn.name;
        self.shelves().providers.remove(&self.key(&name)).map(drop).ok_or_else(|| no_provider(arn))
    }

    /// `CreateRole`.
    ///
    /// # Errors
    /// `MalformedPolicyDocument`, `EntityAlreadyExists`, `ValidationError`.
    pub fn create_role(&self, new: NewRole) -> Result<Role, Fault> {
        self.check_name(&new.name, 64, "+=,.@_-", "roleName")?;
        if !(3_600..=43_200).contains(&new.max_session) {
            return Err(invalid("maxSessionDuration"));
        }
        if !(new.path.starts_with('/') && new.path.ends_with('/')) {
            return Err(Fault::validation(
                "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.",
            ));
        }
        let mut shelves = self.shelves();
        if shelves.roles.contains_key(&self.key(&new.name)) {
            return Err(exists(format!("Role with name {} already exists.", new.name)));
        }
        let role = Role {
            arn: Arn::role(self.partition, &self.account, &new.path, &new.name),
            id: unique_id("AROA")?,
            path: new.path,
            description: new.description,
            trust: TrustPolicy::parse(&new.trust_policy)?,
            document: new.trust_policy,
            max_session: new.max_session,
            created: (self.now)(),
        };
        shelves.roles.insert(self.key(&new.name), role.clone());
        Ok(role)
    }

    /// `UpdateAssumeRolePolicy`.
    ///
    /// # Errors
    /// `MalformedPolicyDocument`, `NoSuchEntity`.
    pub fn update_trust_policy(&self, name: &str, document: &str) -> Result<(), Fault> {
        let mut shelves = self.shelves();
        let role = shelves.roles.get_mut(&self.key(name)).ok_or_else(|| no_role(name))?;
        role.trust = TrustPolicy::parse(document)?;
        role.document = document.into();
        Ok(())
    }

    /// `GetRole`, by name.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn role(&self, name: &str) -> Result<Role, Fault> {
        self.shelves().roles.get(&self.key(name)).cloned().ok_or_else(|| no_role(name))
    }

    /// `ListRoles`.
    #[must_use]
    pub fn roles(&self) -> Vec<Role> {
        let all = |((account, _), role): (&(String, String), &Role)| (*account == self.shelf()).then(|| role.clone());
        self.shelves().roles.iter().filter_map(all).collect()
    }

    /// `DeleteRole`.
    ///
    /// # Errors
    /// `NoSuchEntity`.
    pub fn delete_role(&self, name: &str) -> Result<(), Fault> {
        self.shelves().roles.remove(&self.key(name)).map(drop).ok_or_else(|| no_role(name))
    }

    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, name: &str) -> (String, String) {
        (self.shelf(), name.into())
    }

    fn shelf(&self) -> String {
        format!("{}:{}", self.partition, self.account)
    }

    fn check_name(&self, name: &str, longest: usize, extra: &str, what: &str) -> Result<(), Fault> {
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || extra.contains(c);
        let good = (1..=longest).contains(&name.len()) && name.chars().all(legal) && is_account(&self.account);
        if good { Ok(()) } else { Err(invalid(what)) }
    }
}

impl std::fmt::Debug for Iam {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Iam").field("account", &self.account).finish_non_exhaustive()
    }
}

fn invalid(what: &str) -> Fault {
    Fault::validation(format!("1 validation error detected: Value at '{what}' failed to satisfy constraint"))
}

fn exists(message: String) -> Fault {
    Fault::new(409, "EntityAlreadyExists", message)
}

fn no_provider(arn: &str) -> Fault {
    Fault::new(404, "NoSuchEntity", format!("Manifest not found for arn {arn}"))
}

fn no_role(name: &str) -> Fault {
    Fault::new(404, "NoSuchEntity", format!("The role with name {name} cannot be found."))
}
