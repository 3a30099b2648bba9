use model::{EventKind, Role, User};
use serde_json::json;

use crate::{
    Error, Services,
    events::Entry,
    identifiers, passwords,
    port::{ChangeSet, Document, Expect, Kind, UserRecord, Write},
    validate,
};

/// Hashes a password where it does not hold up requests.
pub(crate) async fn hash_password(services: &Services, password: String) -> Result<String, Error> {
    let entropy = services.entropy_handle();
    services.busy(move || passwords::hash(entropy.as_ref(), &password)).await?
}

/// Whether this user may administer.
pub(crate) fn administers(record: &UserRecord) -> bool {
    record.user.active && record.user.role == Role::Administrator
}

/// A user as the command line makes one.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    pub username: String,
    pub name: String,
    pub email: String,
    pub administrator: bool,
    pub password: String,
}

impl Services {
    /// For the operator of the machine: whoever can open the data directory is trusted with this.
    pub async fn create_user(&self, draft: NewUser, actor: &str) -> Result<(), Error> {
        let faults = validate::user(&draft.username, &[("name", draft.name.as_str())], &draft.email);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        self.passwords().check(&draft.username, &draft.password)?;
        let user = User {
            uid: identifiers::hex::<16>(self.entropy()),
            name: if draft.name.is_empty() { draft.username.clone() } else { draft.name },
            given_name: String::new(),
            family_name: String::new(),
            email: draft.email,
            active: true,
            role: if draft.administrator { Role::Administrator } else { Role::Member },
            service_account: false,
            groups: Default::default(),
            attributes: Default::default(),
            username: draft.username,
        };
        let event = self.event(Entry {
            kind: EventKind::Created,
            actor,
            target: format!("user {}", user.username),
            address: "",
            message: format!("{actor} created the user {}", user.username),
            detail: json!({ "before": null, "after": user }),
        });
        let password = Some(hash_password(self, draft.password).await?);
        let document = Document::User(UserRecord { user, password });
        let writes = vec![Write::Put { document, expect: Expect::Absent }];
        self.commit(ChangeSet { writes, events: vec![event], ..ChangeSet::default() }).await
    }

    /// Sets a password and ends the user's sessions. For the operator of the machine.
    pub async fn set_password(&self, username: &str, password: String, actor: &str) -> Result<(), Error> {
        let found = self.store().user(username).await?.ok_or_else(|| Error::missing(Kind::User, username))?;
        self.passwords().check(username, &password)?;
        let (version, mut record) = (found.version, found.value);
        record.password = Some(hash_password(self, password).await?);
        let name = record.user.username.clone();
        let event = self.event(Entry {
            kind: EventKind::Updated,
            actor,
            target: format!("user {name}"),
            address: "",
            message: format!("{actor} set the password of {name}"),
            detail: json!({}),
        });
        let write = Write::Put { document: Document::User(record), expect: Expect::Version(version) };
        let end_sessions_of = vec![name];
        let writes = vec![write];
        self.commit(ChangeSet { writes, events: vec![event], end_sessions_of, ..ChangeSet::default() }).await
    }

    /// All user names, in order.
    pub async fn usernames(&self) -> Result<Vec<String>, Error> {
        let (mut names, mut after) = (Vec::new(), String::new());
        loop {
            let batch = self.store().users_after(&after, 1000).await?;
            let Some(last) = batch.last() else { return Ok(names) };
            after = last.value.user.username.to_lowercase();
            names.extend(batch.into_iter().map(|r| r.value.user.username));
        }
    }
}
