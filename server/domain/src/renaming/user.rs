use model::{EventKind, Renamed, User};
use serde_json::json;

use super::{carried::carried, group::ATTEMPTS, guarded, mentions::mentions, names::Renames};
use crate::{
    Admin, Error,
    events::Entry,
    port::{ChangeSet, Document, Expect, Kind, Write},
};

impl Admin<'_> {
    /// Gives a user another user name, in all that names it and all at once. The person stays who it is: `uid`, password,
    /// groups and tokens. Sessions end. `version`: the one that was looked at; None: whichever there is.
    pub async fn rename_user(&self, username: &str, version: Option<u64>, to: &str) -> Result<Renamed, Error> {
        let mut attempts = ATTEMPTS;
        loop {
            attempts -= 1;
            match self.try_rename_user(username, version, to).await {
                Err(Error::Conflict(_)) if attempts > 0 => {}
                done => return done,
            }
        }
    }

    async fn try_rename_user(&self, username: &str, version: Option<u64>, to: &str) -> Result<Renamed, Error> {
        let caller = self.caller();
        let services = &caller.services;
        services.refresh().await?;
        let snapshot = services.snapshot();
        let found = services.store().user(username).await?.ok_or_else(|| Error::missing(Kind::User, username))?;
        let mut record = found.value;
        let before = record.user.clone();
        if version.is_some_and(|version| version != found.version) {
            return Err(Error::Conflict(format!("user `{}` was changed meanwhile; look at it again", before.username)));
        }
        if let Some(fault) = User::username_fault(to) {
            return Err(Error::invalid("username", fault));
        }
        let (old, new) = (before.username.to_lowercase(), to.to_lowercase());
        let mentioned_in = mentions(&snapshot.configuration, &before.username);
        if before.username == to {
            return Ok(Renamed { name: to.to_owned(), followed: 0, mentioned_in });
        }
        if old != new && services.store().user(to).await?.is_some() {
            return Err(Error::invalid("username", "there is a user of this name already"));
        }
        let renames = Renames { users: [(old.clone(), to.to_owned())].into(), ..Renames::default() };
        to.clone_into(&mut record.user.username);
        let event = services.event(Entry {
            kind: EventKind::Updated,
            actor: caller.username(),
            target: format!("user {to}"),
            address: &caller.origin.address,
            message: format!("{} renamed the user {} to {to}", caller.username(), before.username),
            detail: json!({ "before": before, "after": record.user, "mentioned_in": mentioned_in, "token": caller.token }),
        });
        let mut writes = vec![guarded(services, Document::User(record))];
        // A name that differs in case alone is the same key.
        if old != new {
            writes.push(Write::Delete { kind: Kind::User, key: old.clone(), expect: Expect::Version(found.version) });
        }
        let end_sessions_of = vec![old];
        let mut change = ChangeSet { writes, events: vec![event], end_sessions_of, ..ChangeSet::default() };
        let followed = carried(services, &renames, &mut change).await?.len() as u64;
        services.commit(change).await?;
        Ok(Renamed { name: to.to_owned(), followed, mentioned_in })
    }
}
