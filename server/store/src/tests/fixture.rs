use std::sync::atomic::{AtomicU32, Ordering};

use domain::port::{ChangeSet, Document, Expect, SessionRecord, Setting, Store, UserRecord, Write};
use model::{Event, EventKind, Group, Role, User};

use crate::{StoreOptions, SurrealStore};

/// Runs on a runtime like the server's, with the stack the database needs.
pub(crate) fn block_on<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .thread_stack_size(10 << 20)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async { tokio::spawn(work).await.unwrap() })
}

/// In memory; or, where `ROLECALL_TEST_DATABASE` names a database server, a database of its own there.
pub(crate) async fn memory() -> SurrealStore {
    let options = on_a_server().unwrap_or_default();
    SurrealStore::open(&options).await.unwrap()
}

/// A database that is new, on the database server that `ROLECALL_TEST_DATABASE` names.
pub(crate) fn on_a_server() -> Option<StoreOptions> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let url = std::env::var("ROLECALL_TEST_DATABASE").ok()?;
    let root = Some("root".to_owned());
    let database = format!("store{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    Some(StoreOptions { database, user: root.clone(), password: root, ..StoreOptions::new(url) })
}

pub(crate) fn on_disk(folder: &std::path::Path) -> StoreOptions {
    StoreOptions::new(format!("surrealkv://{}", folder.join("db").display()))
}

pub(crate) fn person(username: &str) -> UserRecord {
    UserRecord {
        user: User {
            username: username.to_owned(),
            uid: format!("uid-{username}"),
            name: format!("Name of {username}"),
            given_name: "Name".to_owned(),
            family_name: username.to_owned(),
            email: format!("{username}@Example.com"),
            active: true,
            role: Role::Member,
            service_account: false,
            groups: ["staff".to_owned()].into(),
            attributes: serde_json::Map::new(),
        },
        password: Some("$argon2id$x".to_owned()),
    }
}

pub(crate) fn setting(name: &str, value: i64) -> Document {
    Document::Setting(Setting { name: name.to_owned(), value: value.into() })
}

pub(crate) fn group(name: &str) -> Document {
    Document::Group(Group {
        name: name.to_owned(),
        attributes: serde_json::Map::new(),
        parents: ["top".to_owned()].into(),
    })
}

pub(crate) fn put(document: Document, expect: Expect) -> Write {
    Write::Put { document, expect }
}

pub(crate) fn writes(writes: Vec<Write>) -> ChangeSet {
    ChangeSet { writes, ..ChangeSet::default() }
}

pub(crate) async fn save(store: &SurrealStore, document: Document) -> u64 {
    store.commit(writes(vec![put(document, Expect::Anything)])).await.unwrap()
}

pub(crate) fn event(number: u32, kind: EventKind, actor: &str) -> Event {
    Event {
        id: format!("{number:08}"),
        at: "2026-01-01T00:00:00Z".to_owned(),
        kind,
        actor: actor.to_owned(),
        target: "application aws".to_owned(),
        address: "192.0.2.1".to_owned(),
        message: format!("Message {number}"),
        detail: serde_json::json!({ "before": null, "after": { "n": number } }),
    }
}

pub(crate) fn session(id_hash: &str, username: &str, expires: i64) -> SessionRecord {
    SessionRecord {
        id_hash: id_hash.to_owned(),
        username: username.to_owned(),
        started: 1,
        last_seen: 2,
        expires,
        address: "192.0.2.1".to_owned(),
        user_agent: "test".to_owned(),
        session_index: format!("_{id_hash}"),
    }
}
