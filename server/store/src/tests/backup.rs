use std::collections::BTreeSet;

use domain::port::{BackupRow, BackupStore, Document, Store};
use model::EventKind;

use super::fixture::{block_on, event, group, memory, person, save, session, setting};
use crate::backup::{DERIVED, DUMP, LEFT_OUT, TABLES};
use crate::migrate::MIGRATIONS;

#[test]
fn every_table_is_in_a_backup_or_left_out_on_purpose() {
    let defined = MIGRATIONS.iter().flat_map(|migration| migration.text.lines());
    let defined =
        defined.filter_map(|line| line.strip_prefix("DEFINE TABLE ")).filter_map(|line| line.split(' ').next());
    let defined: BTreeSet<&str> = defined.map(|name| name.trim_matches('`')).collect();
    let known: BTreeSet<&str> = TABLES.iter().chain(&LEFT_OUT).chain(&DERIVED).copied().chain(["event"]).collect();
    assert_eq!(defined, known, "a table is new or gone: say whether a backup holds it");
    let read = DUMP.lines().filter_map(|line| line.strip_prefix("SELECT * FROM "));
    let read: Vec<&str> = read.map(|name| name.trim_matches([';', '`'])).collect();
    assert_eq!(read, TABLES, "the statements are not in the order of the tables");
}

async fn all(store: &impl BackupStore) -> Vec<BackupRow> {
    let mut rows = store.dump().await.unwrap();
    let mut after = String::new();
    loop {
        let events = store.dump_events(&after, 2).await.unwrap();
        let Some(last) = events.last() else { return rows };
        after = last.id.clone();
        rows.extend(events);
    }
}

#[test]
fn what_is_loaded_into_an_empty_store_is_what_was_dumped() {
    block_on(async {
        let (store, other) = (memory().await, memory().await);
        assert!(store.is_empty().await.unwrap());
        save(&store, setting("⟨a⟩ `'\"", 1)).await;
        save(&store, setting("b", i64::MAX)).await;
        save(&store, group("g")).await;
        let mut gone = person("Gone");
        gone.user.active = false;
        save(&store, Document::User(gone)).await;
        let mut large = person("Ada");
        large.user.attributes.insert("n".to_owned(), serde_json::json!([u64::MAX, 1.5, null, { "a": {} }]));
        save(&store, Document::User(large.clone())).await;
        store.append_events((1..=5).map(|n| event(n, EventKind::SignIn, "ada")).collect()).await.unwrap();
        store.put_session(&session("h", "ada", 9)).await.unwrap();
        assert!(!store.is_empty().await.unwrap());
        let rows = all(&store).await;
        other.load(rows.clone()).await.unwrap();
        assert_eq!(all(&other).await, rows);
        assert_eq!(other.configuration().await.unwrap(), store.configuration().await.unwrap());
        assert_eq!(other.user("ada").await.unwrap().unwrap().value, large);
        assert_eq!(other.events_after("", 100).await.unwrap(), 5);
        assert!(other.session("h").await.unwrap().is_none(), "a session came back");
        let stray = BackupRow { table: "migration".to_owned(), ..rows[0].clone() };
        assert!(other.load(vec![stray]).await.is_err());
    });
}
