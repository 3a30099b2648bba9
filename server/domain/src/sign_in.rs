use std::sync::Arc;

use model::{EventKind, SessionSummary};
use serde_json::json;

use crate::{
    Caller, Error, Origin, Services,
    events::Entry,
    identifiers::{self, fingerprint, rfc3339},
    passwords,
    port::{SessionRecord, UserRecord},
};

/// Seconds without use after which a session ends.
pub const IDLE: i64 = 2 * 3_600;
/// Seconds after which a session ends however much it is used.
pub const ABSOLUTE: i64 = 12 * 3_600;
/// A session's last use is written at most this often, in seconds.
const TOUCH: i64 = 60;

impl Services {
    /// Checks a password and starts a session. The id that is returned goes into the cookie and nowhere else.
    /// `former` is the session id the browser came with: it ends, so that a planted one is worth nothing.
    pub async fn sign_in(
        &self,
        username: &str,
        password: &str,
        former: Option<&str>,
        origin: &Origin,
    ) -> Result<String, Error> {
        let account = username.trim().to_lowercase();
        let now = self.clock().now();
        let wait = self.throttle().wait(&account, &origin.address, now);
        if wait > 0 {
            return Err(Error::TooMany { seconds: wait });
        }
        let record = if account.is_empty() || account.len() > 512 { None } else { self.store().user(&account).await? };
        let stored = record.as_ref().and_then(|r| r.value.password.clone());
        let (given, hasher) = (password.to_owned(), Arc::clone(&self.passwords().hasher));
        let right = self.busy(move || passwords::verify(hasher.as_ref(), stored.as_deref(), &given)).await?;
        let Some(UserRecord { user, password: checked }) =
            record.map(|r| r.value).filter(|record| right && record.user.active)
        else {
            return Err(self.sign_in_failed(&account, origin).await?);
        };
        self.throttle().succeeded(&account, &origin.address);
        if let Some(former) = former {
            self.store().end_session(&fingerprint(former), Vec::new()).await?;
            self.forget_sessions()?;
        }
        let epoch = self.cache_epoch()?;
        let id = identifiers::secret(self.entropy());
        let session = SessionRecord {
            id_hash: fingerprint(&id),
            username: user.username.clone(),
            started: now,
            last_seen: now,
            expires: now + ABSOLUTE,
            address: origin.address.clone(),
            user_agent: origin.user_agent.chars().take(200).collect(),
            session_index: format!("_{}", identifiers::hex::<16>(self.entropy())),
        };
        self.keep_session(session, epoch).await?;
        // Whoever took the password or the person away while it was looked at has ended the sessions of that moment, and
        // this one was not there yet.
        let stands = self.store().user(&account).await?;
        if stands.is_none_or(|now| now.value.password != checked || !now.value.user.active) {
            self.store().end_session(&fingerprint(&id), Vec::new()).await?;
            self.forget_sessions()?;
            return Err(self.sign_in_failed(&account, origin).await?);
        }
        let event = self.event(Entry {
            kind: EventKind::SignIn,
            actor: &user.username,
            target: format!("user {}", user.username),
            address: &origin.address,
            message: format!("{} signed in", user.username),
            detail: json!({ "user_agent": origin.user_agent }),
        });
        self.store().append_events(vec![event]).await?;
        Ok(id)
    }

    /// Writes down a sign-in that failed, which makes the next one wait; what whoever tried it is told.
    async fn sign_in_failed(&self, account: &str, origin: &Origin) -> Result<Error, Error> {
        self.throttle().failed(account, &origin.address, self.clock().now());
        let shown: String = account.chars().filter(|c| !c.is_control()).take(128).collect();
        let event = self.event(Entry {
            kind: EventKind::SignInFailed,
            actor: "",
            target: format!("user {shown}"),
            address: &origin.address,
            message: format!("a sign-in as {shown} failed"),
            detail: json!({ "user_agent": origin.user_agent }),
        });
        self.store().append_events(vec![event]).await?;
        Ok(Error::Unauthenticated)
    }

    /// Who the bearer of a session id is. None: the session is unknown, over, or its person is gone or deactivated.
    /// Counts as a use of the session.
    pub async fn caller(&self, id: &str, origin: &Origin) -> Result<Option<Caller>, Error> {
        self.bearer(id, origin, true).await
    }

    /// The same for what a page asks by itself, without its reader: an open page must not keep a session alive.
    pub async fn caller_unattended(&self, id: &str, origin: &Origin) -> Result<Option<Caller>, Error> {
        self.bearer(id, origin, false).await
    }

    async fn bearer(&self, id: &str, origin: &Origin, attended: bool) -> Result<Option<Caller>, Error> {
        let epoch = self.cache_epoch()?;
        let Some(mut session) = self.session_record(&fingerprint(id)).await? else { return Ok(None) };
        let now = self.clock().now();
        if now >= session.expires || now >= session.last_seen + IDLE {
            return Ok(None);
        }
        let Some(person) = self.person(&session.username).await? else { return Ok(None) };
        if !person.user.active {
            return Ok(None);
        }
        if attended && now >= session.last_seen + TOUCH {
            session.last_seen = now;
            self.keep_session(session.clone(), epoch).await?;
        }
        Ok(Some(Caller::new(self.clone(), person, session, origin.clone())))
    }

    /// Removes sessions that are over, and tells of logouts that got lost; called by the server now and then.
    pub async fn sweep(&self) -> Result<u32, Error> {
        self.tell_of_lost_logouts().await?;
        Ok(self.store().sweep_sessions(self.clock().now(), 500).await?)
    }
}

/// A session as its owner sees it.
pub(crate) fn summary(record: &SessionRecord, current: bool) -> SessionSummary {
    SessionSummary {
        handle: record.id_hash.clone(),
        username: record.username.clone(),
        started: rfc3339(record.started),
        last_seen: rfc3339(record.last_seen),
        address: record.address.clone(),
        user_agent: record.user_agent.clone(),
        current,
    }
}
