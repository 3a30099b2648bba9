use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use domain::{
    MasterKey, Parts, PasswordPolicy, Services, Vault,
    port::{
        BackupStore, ChangeSet, Clock, Document, Expect, MetadataSource, Pace, PasswordHasher, ProvisioningStore,
        ScimTransport, Store, WebhookTransport, Write,
    },
};
use server::{
    HttpOptions,
    outbound::{HttpMetadata, HttpScim, HttpWebhook},
    system::{SystemEntropy, SystemPace},
};
use store::{StoreOptions, SurrealStore};
use tokio::net::TcpListener;

use crate::{
    Api, Browser, TestClock,
    shared_store::{Claims, SharedStore},
};

/// Where the sample provider's responses go.
pub const ACS: &str = "https://signin.aws.amazon.com/saml";
/// Of every sample person.
pub const PASSWORD: &str = "analytical-engine-1843";

/// Sample people and one application, in the declarative format.
const SAMPLE: &str = include_str!("../fixtures/sample.yaml");

/// A running Rolecall.
pub struct World {
    pub services: Services,
    pub clock: Arc<TestClock>,
    pub url: String,
    store: Arc<SurrealStore>,
    pace: Arc<dyn Pace>,
}

impl World {
    /// With the sample people.
    pub async fn new() -> Self {
        let world = Self::empty().await;
        world.apply(&SAMPLE.replace("{acs}", ACS).replace("{password}", PASSWORD)).await;
        world
    }

    /// The sample people, whose passwords are compared by `hasher`.
    pub async fn with_hasher(hasher: Arc<dyn PasswordHasher>) -> Self {
        let world = Self::made(
            PasswordPolicy { hasher, ..PasswordPolicy::default() },
            Arc::new(TestClock::default()),
            Arc::new(SystemPace::default()),
        )
        .await;
        world.apply(&SAMPLE.replace("{acs}", ACS).replace("{password}", PASSWORD)).await;
        world
    }

    /// Without anybody.
    pub async fn empty() -> Self {
        Self::made(PasswordPolicy::default(), Arc::new(TestClock::default()), Arc::new(SystemPace::default())).await
    }

    /// The same with a time of the test's own.
    pub async fn paced(clock: Arc<TestClock>, pace: Arc<dyn Pace>) -> Self {
        Self::made(PasswordPolicy::default(), clock, pace).await
    }

    async fn made(passwords: PasswordPolicy, clock: Arc<TestClock>, pace: Arc<dyn Pace>) -> Self {
        let (listener, url) = bind().await;
        let store = Arc::new(ok(SurrealStore::open(&database()).await));
        let metadata = Arc::new(HttpMetadata::new(false));
        let webhooks = Arc::new(ok(HttpWebhook::new(true)));
        let services =
            ok(Services::start(Self::parts(&store, &clock, &pace, &url, passwords, metadata, webhooks)).await);
        let app = server::router(services.clone(), HttpOptions::default());
        tokio::spawn(async move {
            let service = app.into_make_service_with_connect_info::<SocketAddr>();
            let _ = axum::serve(listener, service).await;
        });
        Self { services, clock, url, store, pace }
    }

    fn parts(
        store: &Arc<SurrealStore>,
        clock: &Arc<TestClock>,
        pace: &Arc<dyn Pace>,
        url: &str,
        passwords: PasswordPolicy,
        metadata: Arc<dyn MetadataSource>,
        webhooks: Arc<dyn WebhookTransport>,
    ) -> Parts {
        Parts {
            store: Arc::clone(store) as Arc<dyn Store>,
            provisioning: Arc::clone(store) as Arc<dyn ProvisioningStore>,
            scim: Arc::new(ok(HttpScim::new())),
            metadata,
            backup: Arc::clone(store) as Arc<dyn BackupStore>,
            webhooks,
            pace: Arc::clone(pace),
            clock: Arc::clone(clock) as Arc<dyn Clock>,
            entropy: Arc::new(SystemEntropy),
            vault: Arc::new(Vault::new(MasterKey::new([7; 32]), Vec::new())),
            passwords,
            public_url: url.to_owned(),
        }
    }

    /// The same store under new services, as after a restart.
    pub async fn restarted(&self) -> Services {
        self.reading_metadata_by(Arc::new(HttpMetadata::new(false))).await
    }

    /// Another server on the same store, which reads the metadata of services by `metadata`.
    pub async fn reading_metadata_by(&self, metadata: Arc<dyn MetadataSource>) -> Services {
        self.another(metadata, Arc::new(ok(HttpWebhook::new(true)))).await
    }

    /// Another server on the same store, which tells webhooks by `webhooks`.
    pub async fn sending_by(&self, webhooks: Arc<dyn WebhookTransport>) -> Services {
        self.another(Arc::new(HttpMetadata::new(false)), webhooks).await
    }

    async fn another(&self, metadata: Arc<dyn MetadataSource>, webhooks: Arc<dyn WebhookTransport>) -> Services {
        let passwords = PasswordPolicy::default();
        let parts = Self::parts(&self.store, &self.clock, &self.pace, &self.url, passwords, metadata, webhooks);
        ok(Services::start(parts).await)
    }

    /// Another server on the same store, which any number of servers may hold, with a way of its own to SCIM services.
    pub async fn beside(&self, scim: Arc<dyn ScimTransport>) -> Services {
        self.claiming_by(scim, &Arc::default()).await
    }

    /// The same, whose claims to leases take a way that a test can cut.
    pub async fn claiming_by(&self, scim: Arc<dyn ScimTransport>, claims: &Arc<Claims>) -> Services {
        let (metadata, webhooks) = (Arc::new(HttpMetadata::new(false)), Arc::new(ok(HttpWebhook::new(true))));
        let passwords = PasswordPolicy::default();
        let parts = Self::parts(&self.store, &self.clock, &self.pace, &self.url, passwords, metadata, webhooks);
        let store = Arc::clone(&self.store) as Arc<dyn ProvisioningStore>;
        let provisioning = Arc::new(SharedStore { store, claims: Arc::clone(claims) });
        ok(Services::start(Parts { scim, provisioning, ..parts }).await)
    }

    /// Applies a declarative text, which must be good.
    pub async fn apply(&self, text: &str) -> domain::declarative::Plan {
        ok(self.services.apply("test.yaml", text, &|_| Err("tests give secrets literally".into()), "test", false).await)
    }

    /// Puts a SAML provider unchecked, as an earlier version may have left it.
    pub async fn put_unchecked(&self, provider: model::SamlProvider) {
        let write = Write::Put { document: Document::SamlProvider(provider), expect: Expect::Anything };
        ok(self.store.commit(ChangeSet { writes: vec![write], ..ChangeSet::default() }).await);
        ok(self.services.refresh().await);
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// A program with a new token of somebody.
    pub async fn api(&self, username: &str) -> Api {
        Api::new(&self.url, &self.token(username).await)
    }

    /// A new token of somebody.
    pub async fn token(&self, username: &str) -> String {
        let draft = model::ApiTokenDraft { owner: username.to_owned(), label: "test".to_owned(), valid_days: None };
        ok(self.services.create_token(&draft, "test").await).secret
    }

    /// A browser in which somebody has signed in.
    pub async fn signed_in(&self, username: &str) -> Browser {
        let browser = self.browser();
        let answer = browser.sign_in(username, PASSWORD).await;
        assert_eq!(answer.status, 303, "{username} could not sign in: {}", answer.body);
        browser
    }
}

/// In memory; or, where `ROLECALL_TEST_DATABASE` names a database server, one of its own there.
fn database() -> StoreOptions {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Ok(url) = std::env::var("ROLECALL_TEST_DATABASE") else { return StoreOptions::new("memory") };
    let root = Some("root".to_owned());
    let database = format!("world{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    StoreOptions { database, user: root.clone(), password: root, ..StoreOptions::new(url) }
}

async fn bind() -> (TcpListener, String) {
    let listener = ok(TcpListener::bind("127.0.0.1:0").await);
    let url = format!("http://{}", ok(listener.local_addr()));
    (listener, url)
}

#[expect(clippy::panic, reason = "a world that does not start is a failed test")]
fn ok<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}
