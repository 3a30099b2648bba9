use model::{EventKind, SessionSummary};
use serde_json::json;

use crate::{
    Caller, Error, Origin, Services,
    events::Entry,
    identifiers::{self, fingerprint, rfc3339},
    known_browser::{KnownBrowser, known_again},
    passwords,
    port::{SessionRecord, UserRecord},
    throttle::Attempt,
};

/// Seconds without use after which a session ends.
pub const IDLE: i64 = 2 * 3_600;
/// Seconds after which a session ends however much it is used.
pub const ABSOLUTE: i64 = 12 * 3_600;
/// A session's last use is written at most this often, in seconds.
const TOUCH: i64 = 60;

/// What a browser has of earlier sign-ins: its cookies.
#[derive(Clone, Copy, Default)]
pub struct Brought<'a> {
    /// A session id.
    pub session: Option<&'a str>,
    /// What shows to which accounts it is known.
    pub known: Option<&'a str>,
}

/// What a browser gets for a right password: its next cookies. They go there and nowhere else.
pub struct Entrance {
    /// The id of a new session.
    pub session: String,
    /// What shows to which accounts it is known, for [`crate::KNOWN_BROWSER_LIFE`]. No session.
    pub known: String,
}

impl Services {
    /// As [`Self::enter`], by a program that keeps no cookie but that of the session, whose id is returned.
    pub async fn sign_in(
        &self,
        username: &str,
        password: &str,
        former: Option<&str>,
        origin: &Origin,
    ) -> Result<String, Error> {
        let brought = Brought { session: former, known: None };
        Ok(self.enter(username, password, brought, origin).await?.session)
    }

    /// Checks a password and starts a session. The session that the browser came with ends, so that a planted one is
    /// worth nothing. A browser that is known to the account does not wait for what others guess.
    pub async fn enter(
        &self,
        username: &str,
        password: &str,
        brought: Brought<'_>,
        origin: &Origin,
    ) -> Result<Entrance, Error> {
        let account = username.trim().to_lowercase();
        let now = self.clock().now();
        let attempt = Attempt::new(&account, &origin.address).by(self.known_to(&account, brought.known).await?);
        let wait = self.throttle().wait(&attempt, now);
        if wait > 0 {
            return Err(Error::TooMany { seconds: wait });
        }
        let record = self.account_record(&account).await?;
        let right = self.is_right(&attempt, record.as_ref(), password).await?;
        let Some(UserRecord { user, password: checked }) = record.filter(|_| right) else {
            return Err(self.sign_in_failed(&account, origin).await?);
        };
        self.throttle().succeeded(&attempt, self.clock().now());
        if let Some(former) = brought.session {
            self.end_session(&fingerprint(former), Vec::new()).await?;
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
            self.end_session(&fingerprint(&id), Vec::new()).await?;
            self.forget_sessions()?;
            self.throttle().failed(&attempt, self.clock().now());
            return Err(self.sign_in_failed(&account, origin).await?);
        }
        let hash = checked.unwrap_or_default();
        let known = known_again(self.vault(), self.entropy(), &account, &hash, brought.known, now)?;
        let event = self.event(Entry {
            kind: EventKind::SignIn,
            actor: &user.username,
            target: format!("user {}", user.username),
            address: &origin.address,
            message: format!("{} signed in", user.username),
            detail: json!({ "user_agent": origin.user_agent }),
        });
        self.store().append_events(vec![event]).await?;
        Ok(Entrance { session: id, known })
    }

    async fn account_record(&self, account: &str) -> Result<Option<UserRecord>, Error> {
        if account.is_empty() || account.len() > 512 {
            return Ok(None);
        }
        Ok(self.store().user(account).await?.map(|record| record.value))
    }

    /// The id of the browser, if it is known to this account. The store is asked only where the account was there once,
    /// as the cookie shows: how long others are kept waiting must not tell who exists.
    async fn known_to(&self, account: &str, cookie: Option<&str>) -> Result<Option<String>, Error> {
        let Some(cookie) = cookie else { return Ok(None) };
        let Some(known) = KnownBrowser::of(self.vault(), account, cookie, self.clock().now())? else { return Ok(None) };
        let password = self.account_record(account).await?.and_then(|record| record.password);
        Ok(known.fits(self.vault(), password.as_deref())?.then_some(known.id))
    }

    /// Whether somebody who may sign in has this password. It counts as wrong until it is found right, so that the next
    /// attempt waits meanwhile: a hundred attempts at once are no hundred guesses, however many processors there are.
    async fn is_right(&self, attempt: &Attempt, record: Option<&UserRecord>, password: &str) -> Result<bool, Error> {
        let stored = record.and_then(|record| record.password.clone());
        let active = record.is_some_and(|record| record.user.active);
        let (services, attempt, given) = (self.clone(), attempt.clone(), password.to_owned());
        self.busy(move || -> Result<bool, Error> {
            let begun = services.throttle().begin(&attempt, services.clock().now());
            let begun = begun.map_err(|seconds| Error::TooMany { seconds })?;
            let right = passwords::verify(services.passwords().hasher.as_ref(), stored.as_deref(), &given) && active;
            let now = services.clock().now();
            if right {
                services.throttle().was_right(&begun, now);
            } else {
                services.throttle().was_wrong(&begun, now);
            }
            Ok(right)
        })
        .await?
    }

    /// Writes down a sign-in that failed; what whoever tried it is told.
    async fn sign_in_failed(&self, account: &str, origin: &Origin) -> Result<Error, Error> {
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
        if now >= session.expires {
            return Ok(None);
        }
        if now >= session.last_seen + IDLE {
            // Idle here only, perhaps: what was done at another server is noted in the store.
            let Some(stored) = self.session_in_store(&session.id_hash, epoch).await? else { return Ok(None) };
            if now >= stored.last_seen + IDLE {
                return Ok(None);
            }
            session = stored;
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

    /// Removes sessions and kept responses that are over, and tells of logouts that got lost; called by the server now and
    /// then.
    pub async fn sweep(&self) -> Result<u32, Error> {
        self.tell_of_lost_logouts().await?;
        self.limit_all_responses().await?;
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
