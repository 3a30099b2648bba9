use model::{EventKind, FieldError, User};
use serde_json::json;

use crate::{
    Admin, Error,
    events::Entry,
    identifiers,
    port::{ChangeSet, Document, Expect, Kind, UserRecord, Write},
    users, validate,
};

impl Admin<'_> {
    /// Makes a user; its `uid` is made here. Without a password there is no sign-in by password.
    pub async fn create_user(&self, user: User, password: Option<String>) -> Result<(), Error> {
        let services = &self.caller().services;
        let user = User { uid: identifiers::hex::<16>(services.entropy()), ..user };
        let mut faults = self.user_faults(&user);
        if let Some(Err(Error::Invalid(more))) =
            password.as_ref().map(|plain| services.passwords().check(&user.username, plain))
        {
            faults.extend(more);
        }
        if services.store().user(&user.username).await?.is_some() {
            faults.push(FieldError::new("username", "there is a user of this name already"));
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let password = match password {
            Some(plain) => Some(users::hash_password(services, plain).await?),
            None => None,
        };
        let event = self.changed(EventKind::Created, Kind::User, &user.username, None, Some(&user));
        let document = Document::User(UserRecord { user, password });
        self.write(Write::Put { document, expect: Expect::Absent }, event).await
    }

    /// `version` is the one the change was made from; a newer one in the store is a conflict. User name, `uid` and
    /// password stay. Who is deactivated is signed out everywhere.
    pub async fn update_user(&self, username: &str, version: u64, user: User) -> Result<(), Error> {
        let before = self.user_record(username).await?;
        if user.username != before.user.username {
            let why = "the user name stays: bindings and services know the person by it; rename the user, which all of them follow";
            return Err(Error::invalid("username", why));
        }
        let user = User { uid: before.user.uid.clone(), ..user };
        let faults = self.user_faults(&user);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let after = UserRecord { user, password: before.password.clone() };
        let takes_administrator = self.takes_administrator(&before, Some(&after)).await?;
        let event =
            self.changed(EventKind::Updated, Kind::User, &before.user.username, Some(&before.user), Some(&after.user));
        let ended = before.user.active && !after.user.active;
        let end_sessions_of = if ended { vec![before.user.username] } else { Vec::new() };
        let write = Write::Put { document: Document::User(after), expect: Expect::Version(version) };
        let change = ChangeSet { writes: vec![write], events: vec![event], end_sessions_of, takes_administrator };
        self.caller().services.commit(change).await
    }

    /// Lets somebody sign in, or not any more.
    pub async fn set_user_active(&self, username: &str, version: u64, active: bool) -> Result<(), Error> {
        let before = self.user_record(username).await?.user;
        self.update_user(username, version, User { active, ..before }).await
    }

    /// Sets a password and signs its person out everywhere.
    pub async fn set_user_password(&self, username: &str, version: u64, password: String) -> Result<(), Error> {
        let caller = self.caller();
        let mut record = self.user_record(username).await?;
        caller.services.passwords().check(&record.user.username, &password)?;
        record.password = Some(users::hash_password(&caller.services, password).await?);
        let name = record.user.username.clone();
        let event = caller.services.event(Entry {
            kind: EventKind::Updated,
            actor: caller.username(),
            target: format!("user {name}"),
            address: &caller.origin.address,
            message: format!("{} set the password of {name}", caller.username()),
            detail: json!({}),
        });
        let write = Write::Put { document: Document::User(record), expect: Expect::Version(version) };
        let end_sessions_of = vec![name];
        let change = ChangeSet { writes: vec![write], events: vec![event], end_sessions_of, ..ChangeSet::default() };
        caller.services.commit(change).await
    }

    /// Refused while an application names the user: with its last binding gone, everybody could open it. Sessions end, and
    /// tokens of the API stand for nobody from then on.
    pub async fn delete_user(&self, username: &str, version: u64) -> Result<(), Error> {
        let before = self.user_record(username).await?;
        let bound = self.user_standing(username).await?.bindings;
        if !bound.is_empty() {
            let why = format!(
                "bindings of these applications name the user: {}; take them out there first",
                bound.join(", ")
            );
            return Err(Error::Conflict(why));
        }
        let takes_administrator = self.takes_administrator(&before, None).await?;
        let name = before.user.username.clone();
        let event = self.changed(EventKind::Deleted, Kind::User, &name, Some(&before.user), None);
        let write = Write::Delete { kind: Kind::User, key: name.clone(), expect: Expect::Version(version) };
        let end_sessions_of = vec![name];
        let change = ChangeSet { writes: vec![write], events: vec![event], end_sessions_of, takes_administrator };
        self.caller().services.commit(change).await
    }

    /// Ends a session of somebody.
    pub async fn end_session_of(&self, username: &str, handle: &str) -> Result<(), Error> {
        let caller = self.caller();
        let owner = self.user_record(username).await?.user.username;
        let owned = caller.services.store().session(handle).await?.is_some_and(|s| s.username == owner);
        if !owned {
            return Err(Error::NotFound { kind: "session", key: handle.chars().take(12).collect() });
        }
        let event = caller.services.event(Entry {
            kind: EventKind::SessionRevoked,
            actor: caller.username(),
            target: format!("user {owner}"),
            address: &caller.origin.address,
            message: format!("{} ended a session of {owner}", caller.username()),
            detail: json!({}),
        });
        caller.services.end_session(handle, vec![event]).await?;
        caller.services.refresh().await?;
        caller.services.forget_sessions()
    }

    pub(crate) async fn user_record(&self, username: &str) -> Result<UserRecord, Error> {
        let found = self.caller().services.store().user(username).await?;
        found.map(|found| found.value).ok_or_else(|| Error::missing(Kind::User, username))
    }

    /// Whether a change takes an administrator away. The console must never be left without somebody who can use it: the
    /// last one stays, and of two who go at once the store refuses the second.
    async fn takes_administrator(&self, before: &UserRecord, after: Option<&UserRecord>) -> Result<bool, Error> {
        let lost = users::administers(before) && !after.is_some_and(users::administers);
        if lost && self.caller().services.store().count_administrators().await? <= 1 {
            let name = &before.user.username;
            return Err(Error::Conflict(format!(
                "{name} is the last active administrator; make another user an administrator first"
            )));
        }
        Ok(lost)
    }

    fn user_faults(&self, user: &User) -> Vec<FieldError> {
        let User { username, name, given_name, family_name, email, .. } = user;
        let names =
            [("name", name.as_str()), ("given_name", given_name.as_str()), ("family_name", family_name.as_str())];
        let mut faults = validate::user(username, &names, email);
        let snapshot = self.caller().services.snapshot();
        for group in user.groups.iter().filter(|g| !snapshot.configuration.groups.contains_key(*g)) {
            faults.push(FieldError::new("groups", format!("there is no group `{group}`")));
        }
        faults
    }
}
