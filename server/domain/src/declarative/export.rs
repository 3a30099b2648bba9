use base64::{Engine, engine::general_purpose::STANDARD};
use model::{Application, Role};

use super::{
    file::{DeclaredKey, DeclaredUser, Elsewhere, File, Secret},
    group::DeclaredGroup,
};
use crate::{
    Error, Services,
    first_run::FIRST_KEY,
    port::{KeyRecord, UserRecord},
    snapshot::key_purpose,
};

/// Users read at a time.
const BATCH: u32 = 1000;

/// What the reader of such a file must know.
const WITHOUT_SECRETS: &str = "\
# Without --secrets. Where this file is applied to a new store, services know everybody by another persistent NameID,
# for what those are made with is not in it.
";

impl Services {
    /// Everything as a declarative file, in a stable order. With `secrets`, private keys and password hashes too.
    pub async fn export(&self, secrets: bool) -> Result<String, Error> {
        self.refresh().await?;
        let snapshot = self.snapshot();
        let configuration = &snapshot.configuration;
        let mut file = File { version: 1, ..File::default() };
        for record in configuration.keys.values() {
            let key = self.exported_key(&record.value, secrets)?;
            // A store that is new has the key of the first start for its default, and older versions know no other way.
            let default = snapshot.default_key() == Some(&key.name) && key.name != FIRST_KEY;
            file.keys.push(DeclaredKey { default, ..key });
        }
        let ids = &snapshot.group_ids;
        let groups = configuration.groups.iter();
        file.groups = groups.map(|(name, g)| DeclaredGroup::of(g.value.clone(), ids.first_name(name))).collect();
        let mut after = String::new();
        loop {
            let batch = self.store().users_after(&after, BATCH).await?;
            let Some(last) = batch.last() else { break };
            after = last.value.user.username.to_lowercase();
            file.users.extend(batch.into_iter().map(|r| exported_user(r.value, secrets)));
        }
        let mappings = configuration.property_mappings.values().map(|m| &m.value);
        file.property_mappings = mappings.filter(|m| !m.managed).cloned().collect();
        file.saml_providers = configuration.saml_providers.values().map(|p| p.value.clone().into()).collect();
        for record in configuration.scim_providers.values() {
            file.scim_providers.push(self.exported_scim(&record.value, secrets)?);
        }
        for record in configuration.webhooks.values() {
            file.webhooks.push(self.exported_webhook(&record.value, secrets)?);
        }
        file.policies = configuration.policies.values().map(|p| p.value.clone()).collect();
        file.applications = configuration.applications.values().map(|a| Application::clone(&a.value)).collect();
        file.persistent_name_id_secret = secrets.then(|| Secret::Literal(STANDARD.encode(&snapshot.pairwise_secret)));
        let text = serde_saphyr::to_string(&file).map_err(|e| Error::Internal(format!("export: {e}")))?;
        Ok(if secrets { text } else { format!("{WITHOUT_SECRETS}{text}") })
    }

    fn exported_key(&self, record: &KeyRecord, secrets: bool) -> Result<DeclaredKey, Error> {
        let certificate = Some(Secret::Literal(record.key.certificate.clone()));
        let key = DeclaredKey { name: record.key.name.clone(), certificate, ..DeclaredKey::default() };
        let Some(sealed) = &record.private_key else {
            return Ok(DeclaredKey { certificate_only: true, ..key });
        };
        if secrets {
            let pem = self.vault().open(&key_purpose(&key.name), sealed)?;
            let pem = String::from_utf8(pem).map_err(|_| Error::Internal(format!("key {} is not text", key.name)))?;
            return Ok(DeclaredKey { private_key: Some(Secret::Literal(pem)), ..key });
        }
        if let Some(generate) = &record.key.generated {
            return Ok(DeclaredKey { generate: Some(generate.clone()), certificate: None, ..key });
        }
        // The private half does not leave: the file says where the reader must put it.
        let variable: String =
            key.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
        let private_key = Some(Secret::Elsewhere(Elsewhere::Env(format!("ROLECALL_KEY_{variable}"))));
        Ok(DeclaredKey { private_key, ..key })
    }
}

fn exported_user(record: UserRecord, secrets: bool) -> DeclaredUser {
    let user = record.user;
    DeclaredUser {
        administrator: user.role == Role::Administrator,
        auditor: user.role == Role::Auditor,
        username: user.username,
        renamed_from: None,
        name: user.name,
        given_name: user.given_name,
        family_name: user.family_name,
        email: user.email,
        password: None,
        password_hash: record.password.filter(|_| secrets),
        active: user.active,
        service_account: user.service_account,
        groups: user.groups,
        attributes: user.attributes,
        uid: Some(user.uid),
    }
}
