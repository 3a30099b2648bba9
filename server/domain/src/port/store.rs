use std::collections::BTreeMap;

use async_trait::async_trait;
use model::{
    Application, Event, Group, Key, ListQuery, Page, Policy, PropertyMapping, SamlProvider, ScimProvider, User,
    UserRow, Versioned,
};
use serde::{Deserialize, Serialize};

use super::{ApiTokenRecord, ApiTokenStore, LogoutStore, ResponseStore, WebhookRecord};

/// The kinds of thing that are kept under a natural key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    User,
    Group,
    Application,
    SamlProvider,
    ScimProvider,
    PropertyMapping,
    Policy,
    Key,
    Setting,
    ApiToken,
    Webhook,
}

impl Kind {
    /// As a reader says it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::Application => "application",
            Self::SamlProvider => "SAML provider",
            Self::ScimProvider => "SCIM provider",
            Self::PropertyMapping => "property mapping",
            Self::Policy => "policy",
            Self::Key => "key",
            Self::Setting => "setting",
            Self::ApiToken => "API token",
            Self::Webhook => "webhook",
        }
    }
}

/// A user and the hash of the password, which leaves the store for nothing but a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserRecord {
    pub user: User,
    /// PHC string (Argon2id). None: no password, so no sign-in by password.
    pub password: Option<String>,
}

/// A secret encrypted under the master key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Which master key; several are known while one replaces another.
    pub key_id: String,
    /// Base64.
    pub nonce: String,
    /// Base64, with the tag at its end.
    pub ciphertext: String,
}

/// A certificate-key pair as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRecord {
    pub key: Key,
    /// None: a certificate alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_key: Option<Sealed>,
}

/// A bearer token of a SCIM provider as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimToken {
    pub sealed: Sealed,
    /// Unix seconds. None: not known.
    #[serde(default)]
    pub expires: Option<i64>,
}

/// A SCIM provider as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScimRecord {
    pub provider: ScimProvider,
    /// At most two. The first is used; the second takes over when the first is refused.
    #[serde(default)]
    pub tokens: Vec<ScimToken>,
}

/// A value of the whole installation, such as which key is the default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Setting {
    pub name: String,
    pub value: serde_json::Value,
}

/// A live session. Its id is known to the browser alone; the store has the SHA-256 of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRecord {
    /// Lower-case hexadecimal SHA-256 of the id.
    pub id_hash: String,
    pub username: String,
    /// Unix seconds.
    pub started: i64,
    pub last_seen: i64,
    /// When it ends however much it is used.
    pub expires: i64,
    pub address: String,
    pub user_agent: String,
    /// Identifies this session to service providers (`SessionIndex`); says nothing of the id.
    pub session_index: String,
}

/// One thing under its natural key.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a change set holds a few, and they are written at once")]
pub enum Document {
    User(UserRecord),
    Group(Group),
    Application(Application),
    SamlProvider(SamlProvider),
    ScimProvider(ScimRecord),
    PropertyMapping(PropertyMapping),
    Policy(Policy),
    Key(KeyRecord),
    Setting(Setting),
    ApiToken(ApiTokenRecord),
    Webhook(WebhookRecord),
}

impl Document {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::User(_) => Kind::User,
            Self::Group(_) => Kind::Group,
            Self::Application(_) => Kind::Application,
            Self::SamlProvider(_) => Kind::SamlProvider,
            Self::ScimProvider(_) => Kind::ScimProvider,
            Self::PropertyMapping(_) => Kind::PropertyMapping,
            Self::Policy(_) => Kind::Policy,
            Self::Key(_) => Kind::Key,
            Self::Setting(_) => Kind::Setting,
            Self::ApiToken(_) => Kind::ApiToken,
            Self::Webhook(_) => Kind::Webhook,
        }
    }

    /// The natural key: the username in lower case, the slug, or the name.
    pub fn key(&self) -> String {
        match self {
            Self::User(r) => r.user.username.to_lowercase(),
            Self::Group(g) => g.name.clone(),
            Self::Application(a) => a.slug.to_string(),
            Self::SamlProvider(p) => p.name.clone(),
            Self::ScimProvider(r) => r.provider.name.clone(),
            Self::PropertyMapping(m) => m.name.clone(),
            Self::Policy(p) => p.name.clone(),
            Self::Key(k) => k.key.name.clone(),
            Self::Setting(s) => s.name.clone(),
            Self::ApiToken(t) => t.id.clone(),
            Self::Webhook(r) => r.webhook.name.clone(),
        }
    }
}

/// What must be true of a document for a write to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    Anything,
    Absent,
    Version(u64),
    /// Of the whole store: nothing was changed since this epoch.
    Epoch(u64),
}

#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "a change set holds a few, and nearly all are puts")]
pub enum Write {
    Put { document: Document, expect: Expect },
    Delete { kind: Kind, key: String, expect: Expect },
}

/// Writes and the events that tell of them: all of it happens, or none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChangeSet {
    pub writes: Vec<Write>,
    pub events: Vec<Event>,
    /// Sessions that end with the change.
    pub end_sessions_of: Vec<String>,
    /// It takes an administrator away: one has to be left, or all of it is refused.
    pub takes_administrator: bool,
}

/// All that is small and read at every turn. Users are not in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Configuration {
    pub epoch: u64,
    pub groups: BTreeMap<String, Versioned<Group>>,
    pub applications: BTreeMap<String, Versioned<Application>>,
    pub saml_providers: BTreeMap<String, Versioned<SamlProvider>>,
    pub scim_providers: BTreeMap<String, Versioned<ScimRecord>>,
    pub property_mappings: BTreeMap<String, Versioned<PropertyMapping>>,
    pub policies: BTreeMap<String, Versioned<Policy>>,
    pub keys: BTreeMap<String, Versioned<KeyRecord>>,
    pub settings: BTreeMap<String, Versioned<Setting>>,
    pub api_tokens: BTreeMap<String, Versioned<ApiTokenRecord>>,
    pub webhooks: BTreeMap<String, Versioned<WebhookRecord>>,
}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{} `{key}` exists already", .kind.word())]
    Exists { kind: Kind, key: String },
    #[error("{} `{key}` was changed or removed meanwhile", .kind.word())]
    Stale { kind: Kind, key: String },
    #[error("this would take the last active administrator away; make another user an administrator first")]
    LastAdministrator,
    /// Sizes in MiB.
    #[error(
        "this is about {needed} MiB at once, and the database takes at most {limit} MiB at once with the memory of this machine; \
        do it in parts, or where there is more memory"
    )]
    TooLarge { needed: u64, limit: u64 },
    #[error("the store cannot be reached: {0}")]
    Unavailable(String),
    /// What is kept cannot be read as what it should be.
    #[error("the store holds what cannot be read: {0}")]
    Corrupt(String),
}

/// Where everything durable is. A call that returned `Ok` has reached the disk.
#[async_trait]
pub trait Store: LogoutStore + ResponseStore + ApiTokenStore + Send + Sync {
    /// Whether what is written now would be kept, as far as is known.
    async fn ready(&self) -> Result<(), StoreError>;
    /// Grows with every change of configuration, users or revoked sessions. Cheap: read every second.
    async fn epoch(&self) -> Result<u64, StoreError>;
    /// All configuration, as it was at one moment.
    async fn configuration(&self) -> Result<Configuration, StoreError>;
    /// All writes in one transaction that also raises the epoch; the new epoch is returned.
    async fn commit(&self, change: ChangeSet) -> Result<u64, StoreError>;

    /// By username, without regard to case.
    async fn user(&self, username: &str) -> Result<Option<Versioned<UserRecord>>, StoreError>;
    /// Search in username, name and email; sort by `username` (default), `name`, `email`.
    async fn users(&self, query: &ListQuery) -> Result<Page<UserRow>, StoreError>;
    /// The next users after a username (lower case, exclusive; empty: from the start), in key order.
    async fn users_after(&self, after: &str, limit: u32) -> Result<Vec<Versioned<UserRecord>>, StoreError>;
    /// Usernames of the direct members of a group.
    async fn members_of(&self, group: &str) -> Result<Vec<String>, StoreError>;
    /// Active users with the role of administrator.
    async fn count_administrators(&self) -> Result<u64, StoreError>;

    /// Keeps a session, new or changed. Does not raise the epoch.
    async fn put_session(&self, session: &SessionRecord) -> Result<(), StoreError>;
    async fn session(&self, id_hash: &str) -> Result<Option<SessionRecord>, StoreError>;
    async fn sessions_of(&self, username: &str) -> Result<Vec<SessionRecord>, StoreError>;
    /// Ends a session and raises the epoch, so that every server forgets it; the new epoch is returned.
    async fn end_session(&self, id_hash: &str, events: Vec<Event>) -> Result<u64, StoreError>;
    /// How many sessions have not ended, end after `now` and were seen after `seen` (unix seconds).
    async fn count_sessions(&self, now: i64, seen: i64) -> Result<u64, StoreError>;
    /// Removes at most `limit` sessions that ended before `now`, and requests and kept responses that are over;
    /// returns how many sessions.
    async fn sweep_sessions(&self, now: i64, limit: u32) -> Result<u32, StoreError>;

    /// Notes that a service provider's request is there; tells when it was first (unix seconds).
    async fn note_request(&self, key: &str, now: i64, expires: i64) -> Result<i64, StoreError>;
    /// When a request was first seen, as far as it is still remembered (unix seconds).
    async fn request_seen(&self, key: &str) -> Result<Option<i64>, StoreError>;
    /// Takes a request for answering; false: it was taken before, here or on another server.
    async fn take_request(&self, key: &str, now: i64, expires: i64) -> Result<bool, StoreError>;

    /// Appends events; durable when it returns.
    async fn append_events(&self, events: Vec<Event>) -> Result<(), StoreError>;
    /// Events that wait to be written, here.
    fn waiting_events(&self) -> u64;
    /// Newest first. `q` searches actor, target and message; `filter` is an event kind's code; `target` is met exactly.
    async fn events(&self, query: &ListQuery) -> Result<Page<Event>, StoreError>;
    /// How many events came after this one (an id; empty: all), counted up to `limit`.
    async fn events_after(&self, id: &str, limit: u32) -> Result<u32, StoreError>;
    async fn event(&self, id: &str) -> Result<Option<Event>, StoreError>;
}
