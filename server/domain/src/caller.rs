use std::{ops::Deref, sync::Arc};

use model::{EventKind, Role, SessionSummary, SignedIn};
use serde_json::json;

use crate::{Error, Origin, Services, events::Entry, person::Person, port::SessionRecord, sign_in};

/// Somebody with a live session or an API token: the door to the handles, and the handles are the only doors to use cases.
#[derive(Clone)]
pub struct Caller {
    pub(crate) services: Services,
    pub(crate) person: Arc<Person>,
    pub(crate) session: SessionRecord,
    pub(crate) origin: Origin,
    /// The id of the API token that stands in for a session.
    pub(crate) token: Option<String>,
}

/// What every signed-in person may do.
pub struct Member<'a>(pub(crate) &'a Caller);

/// Reads everything, changes nothing.
pub struct Auditor<'a>(pub(crate) &'a Caller);

/// Changes everything. What an auditor may read, an administrator may too.
pub struct Admin<'a>(Auditor<'a>);

impl<'a> Deref for Admin<'a> {
    type Target = Auditor<'a>;
    fn deref(&self) -> &Auditor<'a> {
        &self.0
    }
}

impl<'a> Admin<'a> {
    pub(crate) fn caller(&self) -> &'a Caller {
        self.0.0
    }
}

impl Caller {
    pub(crate) fn new(services: Services, person: Arc<Person>, session: SessionRecord, origin: Origin) -> Self {
        Self { services, person, session, origin, token: None }
    }

    pub fn signed_in(&self) -> SignedIn {
        let user = &self.person.user;
        SignedIn { username: user.username.clone(), name: user.name.clone(), role: user.role }
    }

    pub fn member(&self) -> Member<'_> {
        Member(self)
    }

    pub fn auditor(&self) -> Result<Auditor<'_>, Error> {
        if self.person.user.role >= Role::Auditor { Ok(Auditor(self)) } else { Err(Error::Refused("auditor".into())) }
    }

    pub fn admin(&self) -> Result<Admin<'_>, Error> {
        if self.person.user.role == Role::Administrator {
            Ok(Admin(Auditor(self)))
        } else {
            Err(Error::Refused("administrator".into()))
        }
    }

    pub(crate) fn username(&self) -> &str {
        &self.person.user.username
    }
}

impl Member<'_> {
    pub async fn sessions(&self) -> Result<Vec<SessionSummary>, Error> {
        let Caller { services, session, .. } = self.0;
        let now = services.clock().now();
        let mut records = services.store().sessions_of(self.0.username()).await?;
        records.retain(|r| now < r.expires && now < r.last_seen + sign_in::IDLE);
        records.sort_by_key(|r| std::cmp::Reverse(r.last_seen));
        Ok(records.iter().map(|r| sign_in::summary(r, r.id_hash == session.id_hash)).collect())
    }

    /// Ends one of this person's own sessions.
    pub async fn revoke_session(&self, handle: &str) -> Result<(), Error> {
        self.end(handle, EventKind::SessionRevoked, "ended a session").await
    }

    /// Ends the session of this very call.
    pub async fn sign_out(&self) -> Result<(), Error> {
        self.end(&self.0.session.id_hash, EventKind::SignOut, "signed out").await
    }

    async fn end(&self, handle: &str, kind: EventKind, what: &str) -> Result<(), Error> {
        let Caller { services, origin, .. } = self.0;
        let username = self.0.username();
        let owned = services.store().session(handle).await?.is_some_and(|s| s.username == username);
        if !owned {
            return Err(Error::NotFound { kind: "session", key: handle.chars().take(12).collect() });
        }
        let event = services.event(Entry {
            kind,
            actor: username,
            target: format!("user {username}"),
            address: &origin.address,
            message: format!("{username} {what}"),
            detail: json!({}),
        });
        services.end_session(handle, vec![event]).await?;
        services.refresh().await?;
        services.forget_sessions()
    }
}
