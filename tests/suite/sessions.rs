use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use async_trait::async_trait;
use domain::{
    MasterKey, Origin, Parts, PasswordPolicy, Services, Vault,
    port::{
        ApiTokenStore, BackupStore, ChangeSet, Clock, Configuration, IssuedResponse, LogoutJourney, LogoutStore,
        Participant, ProvisioningStore, ResponseRecord, ResponseStore, SessionRecord, Store, StoreError, UserRecord,
    },
};
use model::{Event, ListQuery, Page, UserRow, Versioned};
use server::{
    outbound::{HttpMetadata, HttpScim, HttpWebhook},
    system::{SystemEntropy, SystemPace},
};
use store::{StoreOptions, SurrealStore};
use tests::{PASSWORD, TestClock, World, in_time};

/// A store in which a session is ended, and this server learns of it, in the moment between the decision to note its
/// last use and the noting.
struct Overtaking {
    inner: Arc<SurrealStore>,
    services: OnceLock<Services>,
}

#[async_trait]
impl LogoutStore for Overtaking {
    async fn put_participant(&self, participant: &Participant) -> Result<(), StoreError> {
        self.inner.put_participant(participant).await
    }
    async fn participants_of(&self, session: &str) -> Result<Vec<Participant>, StoreError> {
        self.inner.participants_of(session).await
    }
    async fn participants_by(&self, uid: &str) -> Result<Vec<Participant>, StoreError> {
        self.inner.participants_by(uid).await
    }
    async fn participants_at(&self, slug: &str, name_id: &str) -> Result<Vec<Participant>, StoreError> {
        self.inner.participants_at(slug, name_id).await
    }
    async fn participants_in(&self, slug: &str, session_indexes: &[String]) -> Result<Vec<Participant>, StoreError> {
        self.inner.participants_in(slug, session_indexes).await
    }
    async fn forget_participants(&self, session: &str) -> Result<(), StoreError> {
        self.inner.forget_participants(session).await
    }
    async fn put_journey(&self, journey: &LogoutJourney) -> Result<(), StoreError> {
        self.inner.put_journey(journey).await
    }
    async fn turn_journey(&self, asked: &str, journey: &LogoutJourney) -> Result<bool, StoreError> {
        self.inner.turn_journey(asked, journey).await
    }
    async fn journey(&self, id: &str) -> Result<Option<LogoutJourney>, StoreError> {
        self.inner.journey(id).await
    }
    async fn end_journey(&self, id: &str, event: Event) -> Result<bool, StoreError> {
        self.inner.end_journey(id, event).await
    }
    async fn lost_journeys(&self, now: i64) -> Result<Vec<LogoutJourney>, StoreError> {
        self.inner.lost_journeys(now).await
    }
}

#[async_trait]
impl ResponseStore for Overtaking {
    fn keep_response(&self, response: Box<dyn IssuedResponse>, most: u32) {
        self.inner.keep_response(response, most);
    }
    async fn limit_responses(&self, limits: &[(String, u32)]) -> Result<(), StoreError> {
        self.inner.limit_responses(limits).await
    }
    async fn kept_responses(&self, provider: &str) -> Result<Vec<ResponseRecord>, StoreError> {
        self.inner.kept_responses(provider).await
    }
    async fn kept_responses_after(&self, after: &str, limit: u32) -> Result<Vec<ResponseRecord>, StoreError> {
        self.inner.kept_responses_after(after, limit).await
    }
    async fn replace_response(&self, record: &ResponseRecord) -> Result<(), StoreError> {
        self.inner.replace_response(record).await
    }
    async fn kept_response(&self, provider: &str, id: &str) -> Result<Option<ResponseRecord>, StoreError> {
        self.inner.kept_response(provider, id).await
    }
}

#[async_trait]
impl ApiTokenStore for Overtaking {
    async fn note_token_use(&self, id: &str, at: i64) -> Result<(), StoreError> {
        self.inner.note_token_use(id, at).await
    }
    async fn token_uses(&self) -> Result<BTreeMap<String, i64>, StoreError> {
        self.inner.token_uses().await
    }
    async fn forget_token_use(&self, id: &str) -> Result<(), StoreError> {
        self.inner.forget_token_use(id).await
    }
}

#[async_trait]
impl Store for Overtaking {
    async fn put_session(&self, session: &SessionRecord) -> Result<(), StoreError> {
        if let Some(services) = self.services.get() {
            self.inner.end_session(&session.id_hash, Vec::new()).await?;
            services.refresh().await.unwrap();
        }
        self.inner.put_session(session).await
    }
    async fn ready(&self) -> Result<(), StoreError> {
        self.inner.ready().await
    }
    async fn epoch(&self) -> Result<u64, StoreError> {
        self.inner.epoch().await
    }
    async fn configuration(&self) -> Result<Configuration, StoreError> {
        self.inner.configuration().await
    }
    async fn commit(&self, change: ChangeSet) -> Result<u64, StoreError> {
        self.inner.commit(change).await
    }
    async fn user(&self, username: &str) -> Result<Option<Versioned<UserRecord>>, StoreError> {
        self.inner.user(username).await
    }
    async fn users(&self, query: &ListQuery) -> Result<Page<UserRow>, StoreError> {
        self.inner.users(query).await
    }
    async fn users_after(&self, after: &str, limit: u32) -> Result<Vec<Versioned<UserRecord>>, StoreError> {
        self.inner.users_after(after, limit).await
    }
    async fn members_of(&self, group: &str) -> Result<Vec<String>, StoreError> {
        self.inner.members_of(group).await
    }
    async fn count_administrators(&self) -> Result<u64, StoreError> {
        self.inner.count_administrators().await
    }
    async fn session(&self, id_hash: &str) -> Result<Option<SessionRecord>, StoreError> {
        self.inner.session(id_hash).await
    }
    async fn sessions_of(&self, username: &str) -> Result<Vec<SessionRecord>, StoreError> {
        self.inner.sessions_of(username).await
    }
    async fn end_session(&self, id_hash: &str, events: Vec<Event>) -> Result<u64, StoreError> {
        self.inner.end_session(id_hash, events).await
    }
    async fn count_sessions(&self, now: i64, seen: i64) -> Result<u64, StoreError> {
        self.inner.count_sessions(now, seen).await
    }
    async fn sweep_sessions(&self, now: i64, limit: u32) -> Result<u32, StoreError> {
        self.inner.sweep_sessions(now, limit).await
    }
    async fn note_request(&self, key: &str, now: i64, expires: i64) -> Result<i64, StoreError> {
        self.inner.note_request(key, now, expires).await
    }
    async fn request_seen(&self, key: &str) -> Result<Option<i64>, StoreError> {
        self.inner.request_seen(key).await
    }
    async fn take_request(&self, key: &str, now: i64, expires: i64) -> Result<bool, StoreError> {
        self.inner.take_request(key, now, expires).await
    }
    async fn append_events(&self, events: Vec<Event>) -> Result<(), StoreError> {
        self.inner.append_events(events).await
    }
    fn waiting_events(&self) -> u64 {
        self.inner.waiting_events()
    }
    async fn events_after(&self, id: &str, limit: u32) -> Result<u32, StoreError> {
        self.inner.events_after(id, limit).await
    }
    async fn events(&self, query: &ListQuery) -> Result<Page<Event>, StoreError> {
        self.inner.events(query).await
    }
    async fn event(&self, id: &str) -> Result<Option<Event>, StoreError> {
        self.inner.event(id).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_ended_while_it_is_used_does_not_come_back_through_the_cache() {
    let inner = Arc::new(SurrealStore::open(&StoreOptions::default()).await.unwrap());
    let provisioning = Arc::clone(&inner) as Arc<dyn ProvisioningStore>;
    let backup = Arc::clone(&inner) as Arc<dyn BackupStore>;
    let store = Arc::new(Overtaking { inner, services: OnceLock::new() });
    let clock = Arc::new(TestClock::default());
    let services = Services::start(Parts {
        store: Arc::clone(&store) as Arc<dyn Store>,
        provisioning,
        scim: Arc::new(HttpScim::new().unwrap()),
        metadata: Arc::new(HttpMetadata::new(false)),
        backup,
        webhooks: Arc::new(HttpWebhook::new(true).unwrap()),
        pace: Arc::new(SystemPace::default()),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        entropy: Arc::new(SystemEntropy),
        vault: Arc::new(Vault::new(MasterKey::new([7; 32]), Vec::new())),
        passwords: PasswordPolicy::default(),
        public_url: "http://127.0.0.1".to_owned(),
    })
    .await
    .unwrap();
    let file = format!("version: 1\nusers: [{{ username: ada, password: {PASSWORD} }}]");
    services.apply("f.yaml", &file, &|_| Err(String::new()), "test", false).await.unwrap();
    let origin = Origin::default();
    let id = services.sign_in("ada", PASSWORD, None, &origin).await.unwrap();
    assert!(services.caller(&id, &origin).await.unwrap().is_some());
    assert!(store.services.set(services.clone()).is_ok());
    clock.advance(61);
    // This very request was on its way; the next one must not be let in.
    let _ = services.caller(&id, &origin).await.unwrap();
    assert!(services.caller(&id, &origin).await.unwrap().is_none(), "a revoked session is alive again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_in_use_at_one_server_is_not_idle_at_another() {
    let world = World::new().await;
    let (here, there) = (&world.services, world.restarted().await);
    let origin = Origin::default();
    let id = here.sign_in("ada", PASSWORD, None, &origin).await.unwrap();
    assert!(there.caller(&id, &origin).await.unwrap().is_some());
    for _ in 0..5 {
        world.clock.advance(domain::IDLE / 2);
        assert!(here.caller(&id, &origin).await.unwrap().is_some());
    }
    assert!(there.caller(&id, &origin).await.unwrap().is_some(), "the work at the other server does not count");
    world.clock.advance(domain::IDLE + 1);
    assert!(there.caller(&id, &origin).await.unwrap().is_none(), "an idle session lives");
}

/// Waits until a server knows that this session is over.
async fn over(server: &Services, id: &str) {
    let refused = async {
        while server.caller(id, &Origin::default()).await.unwrap().is_some() {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    in_time("the end of the session at the other server", refused).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_revoked_at_one_server_is_refused_by_the_others_before_long() {
    let world = World::new().await;
    let (here, there) = (&world.services, world.restarted().await);
    let _jobs = server::jobs::start(&there);
    let origin = Origin::default();
    let ada = here.sign_in("ada", PASSWORD, None, &origin).await.unwrap();
    let grace = here.sign_in("grace", PASSWORD, None, &origin).await.unwrap();
    for id in [&ada, &grace] {
        assert!(there.caller(id, &origin).await.unwrap().is_some());
    }
    here.caller(&ada, &origin).await.unwrap().unwrap().member().sign_out().await.unwrap();
    over(&there, &ada).await;
    assert!(there.caller(&grace, &origin).await.unwrap().is_some(), "somebody else's session ended");
    world.apply("version: 1\nusers: [{ username: grace, name: Grace Hopper, active: false }]").await;
    over(&there, &grace).await;
}
