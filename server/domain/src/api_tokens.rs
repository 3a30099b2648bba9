use std::sync::PoisonError;

use model::{ApiToken, ApiTokenDraft, EventKind, FieldError, ListQuery, NewApiToken, Page};

use crate::{
    Admin, Auditor, Caller, Error, Origin, Services,
    applications::page,
    events::Entry,
    identifiers::{self, fingerprint, rfc3339},
    port::{ApiTokenRecord, ChangeSet, Document, Expect, Kind, SessionRecord, Write},
    sign_in::ABSOLUTE,
};

/// What every token begins with, so that those who look for leaked secrets know one.
const MARK: &str = "rolecall_";
/// A token's last use is written at most this often, in seconds.
const TOUCH: i64 = 60;
/// The longest that a token may be asked for, in days.
const LONGEST: u32 = 3_650;
/// Longer ones are none of ours.
const MOST_BYTES: usize = 200;

impl Services {
    /// Who the bearer of an API token acts as: its owner, with the owner's role of this moment. None: there is no such
    /// token, it is over, or its owner is gone or deactivated.
    pub async fn caller_by_token(&self, token: &str, origin: &Origin) -> Result<Option<Caller>, Error> {
        let id = token.strip_prefix(MARK).and_then(|rest| rest.split('_').next());
        let Some(id) = id.filter(|_| token.len() <= MOST_BYTES) else { return Ok(None) };
        let snapshot = self.snapshot();
        let Some(record) = snapshot.configuration.api_tokens.get(id).map(|t| &t.value) else { return Ok(None) };
        let now = self.clock().now();
        let fits = openssl::memcmp::eq(record.hash.as_bytes(), fingerprint(token).as_bytes());
        if !fits || record.expires.is_some_and(|expires| now >= expires) {
            return Ok(None);
        }
        let Some(person) = self.person(&record.owner).await? else { return Ok(None) };
        if !person.user.active || person.user.uid != record.owner_uid {
            return Ok(None);
        }
        self.note_use(&record.id, now).await?;
        // What is issued by it is as if the owner had signed in at this moment; there is no session to end.
        let session = SessionRecord {
            id_hash: format!("token {}", record.id),
            username: person.user.username.clone(),
            started: now,
            last_seen: now,
            expires: now + ABSOLUTE,
            address: origin.address.clone(),
            user_agent: origin.user_agent.chars().take(200).collect(),
            session_index: format!("_{}", identifiers::hex::<16>(self.entropy())),
        };
        let token = Some(record.id.clone());
        Ok(Some(Caller { token, ..Caller::new(self.clone(), person, session, origin.clone()) }))
    }

    async fn note_use(&self, id: &str, now: i64) -> Result<(), Error> {
        let due = {
            let mut uses = self.token_uses().lock().unwrap_or_else(PoisonError::into_inner);
            let due = uses.get(id).is_none_or(|last| now >= last + TOUCH);
            if due {
                uses.insert(id.to_owned(), now);
            }
            due
        };
        if due {
            self.store().note_token_use(id, now).await?;
        }
        Ok(())
    }

    /// Makes a token, for the operator of the machine: whoever can open the data directory is trusted with this.
    pub async fn create_token(&self, draft: &ApiTokenDraft, actor: &str) -> Result<NewApiToken, Error> {
        self.make_token(draft, actor, "", None).await
    }

    /// Revokes a token by its id. For the operator of the machine.
    pub async fn revoke_token(&self, id: &str, actor: &str) -> Result<(), Error> {
        self.end_token(id, Expect::Anything, actor, "", None).await
    }

    /// All tokens, by owner and label.
    pub async fn tokens(&self) -> Result<Vec<ApiToken>, Error> {
        let uses = self.store().token_uses().await?;
        let snapshot = self.snapshot();
        let records = snapshot.configuration.api_tokens.values();
        let mut tokens: Vec<ApiToken> =
            records.map(|r| shown(&r.value, r.version, uses.get(&r.value.id).copied())).collect();
        tokens.sort_by_cached_key(|t| (t.owner.to_lowercase(), t.label.to_lowercase(), t.id.clone()));
        Ok(tokens)
    }

    async fn make_token(
        &self,
        draft: &ApiTokenDraft,
        actor: &str,
        address: &str,
        by: Option<&str>,
    ) -> Result<NewApiToken, Error> {
        let label = draft.label.trim();
        let mut faults = Vec::new();
        if label.is_empty() || label.chars().count() > 100 || label.chars().any(char::is_control) {
            faults.push(FieldError::new("label", "a label has 1 to 100 characters; it says what the token is for"));
        }
        if draft.valid_days.is_some_and(|days| days == 0 || days > LONGEST) {
            faults.push(FieldError::new("valid_days", format!("a token is valid for 1 to {LONGEST} days")));
        }
        let owner = self.store().user(&draft.owner).await?.map(|found| found.value.user);
        let Some(owner) = owner.filter(|_| faults.is_empty()) else {
            if faults.is_empty() {
                faults.push(FieldError::new("owner", format!("there is no user `{}`", draft.owner)));
            }
            return Err(Error::Invalid(faults));
        };
        let (id, now) = (identifiers::hex::<6>(self.entropy()), self.clock().now());
        let secret = format!("{MARK}{id}_{}", identifiers::secret(self.entropy()));
        let record = ApiTokenRecord {
            hash: fingerprint(&secret),
            owner: owner.username,
            owner_uid: owner.uid,
            label: label.to_owned(),
            created: now,
            expires: draft.valid_days.map(|days| now + i64::from(days) * 86_400),
            id,
        };
        let token = shown(&record, 1, None);
        let event = self.event(Entry {
            kind: EventKind::Created,
            actor,
            target: format!("{} {}", Kind::ApiToken.word(), record.id),
            address,
            message: format!("{actor} made the API token {} ({label}) for {}", token.prefix, token.owner),
            detail: serde_json::json!({ "before": null, "after": token, "token": by }),
        });
        let write = Write::Put { document: Document::ApiToken(record), expect: Expect::Absent };
        self.commit(ChangeSet { writes: vec![write], events: vec![event], ..ChangeSet::default() }).await?;
        Ok(NewApiToken { secret, token })
    }

    async fn end_token(
        &self,
        id: &str,
        expect: Expect,
        actor: &str,
        address: &str,
        by: Option<&str>,
    ) -> Result<(), Error> {
        // Also by the beginning of the token, as lists show it, or the whole of it.
        let id = id.strip_prefix(MARK).and_then(|rest| rest.split('_').next()).unwrap_or(id);
        let snapshot = self.snapshot();
        let found = snapshot.configuration.api_tokens.get(id).ok_or_else(|| Error::missing(Kind::ApiToken, id))?;
        let before = shown(&found.value, found.version, None);
        let event = self.event(Entry {
            kind: EventKind::Deleted,
            actor,
            target: format!("{} {id}", Kind::ApiToken.word()),
            address,
            message: format!("{actor} revoked the API token {} ({}) of {}", before.prefix, before.label, before.owner),
            detail: serde_json::json!({ "before": before, "after": null, "token": by }),
        });
        let write = Write::Delete { kind: Kind::ApiToken, key: id.to_owned(), expect };
        self.commit(ChangeSet { writes: vec![write], events: vec![event], ..ChangeSet::default() }).await?;
        Ok(self.store().forget_token_use(id).await?)
    }
}

impl Auditor<'_> {
    /// Search in owner, label and the beginning of the token; by owner and label.
    pub async fn api_tokens(&self, query: &ListQuery) -> Result<Page<ApiToken>, Error> {
        let wanted = query.q.trim().to_lowercase();
        let mut tokens = self.0.services.tokens().await?;
        tokens.retain(|t| [&t.owner, &t.label, &t.prefix].iter().any(|text| text.to_lowercase().contains(&wanted)));
        Ok(page(tokens, query))
    }

    /// One token by its id.
    pub async fn api_token(&self, id: &str) -> Result<ApiToken, Error> {
        let found = self.0.services.tokens().await?.into_iter().find(|token| token.id == id);
        found.ok_or_else(|| Error::missing(Kind::ApiToken, id))
    }
}

impl Admin<'_> {
    /// Makes a token for any user. Who made it for whom is an event.
    pub async fn create_api_token(&self, draft: &ApiTokenDraft) -> Result<NewApiToken, Error> {
        let caller = self.caller();
        let by = caller.token.as_deref();
        caller.services.make_token(draft, caller.username(), &caller.origin.address, by).await
    }

    /// `version` is the one that was looked at.
    pub async fn revoke_api_token(&self, id: &str, version: u64) -> Result<(), Error> {
        let (caller, expect) = (self.caller(), Expect::Version(version));
        let by = caller.token.as_deref();
        caller.services.end_token(id, expect, caller.username(), &caller.origin.address, by).await
    }
}

fn shown(record: &ApiTokenRecord, version: u64, used: Option<i64>) -> ApiToken {
    ApiToken {
        id: record.id.clone(),
        version,
        prefix: format!("{MARK}{}", record.id),
        label: record.label.clone(),
        owner: record.owner.clone(),
        created: rfc3339(record.created),
        expires: record.expires.map(rfc3339),
        last_used: used.map(rfc3339),
    }
}
