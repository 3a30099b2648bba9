use std::sync::Arc;

use domain::port::{Store, StoreError};
use model::{EventKind, ListQuery};

use super::fixture::{block_on, event, memory, on_disk};
use crate::SurrealStore;

#[test]
fn events_are_listed_newest_first_searched_and_filtered() {
    block_on(async {
        let store = memory().await;
        for n in 0..60 {
            let (kind, actor) = if n % 3 == 0 { (EventKind::SignIn, "Ada") } else { (EventKind::Updated, "bob") };
            store.append_events(vec![event(n, kind, actor)]).await.unwrap();
        }
        let list = |q: &str, filter: &str, page| {
            let query = ListQuery { q: q.to_owned(), filter: filter.to_owned(), page, ..ListQuery::default() };
            let store = &store;
            async move {
                let found = store.events(&query).await.unwrap();
                (found.total, found.rows.len(), found.rows.first().map(|event| event.id.clone()))
            }
        };
        assert_eq!(list("", "", 1).await, (60, 25, Some("00000059".to_owned())));
        assert_eq!(list("", "", 3).await, (60, 10, Some("00000009".to_owned())));
        assert_eq!(list("", "sign_in", 1).await, (20, 20, Some("00000057".to_owned())));
        assert_eq!(list("ADA", "", 1).await, (20, 20, Some("00000057".to_owned())));
        assert_eq!(list("message 5", "updated", 1).await, (8, 8, Some("00000059".to_owned())));
        assert_eq!(list("", "no_such_kind", 1).await, (0, 0, None));
        let kept = store.event("00000003").await.unwrap();
        assert_eq!(kept, Some(event(3, EventKind::SignIn, "Ada")));
        assert_eq!(store.event("none").await.unwrap(), None);
    });
}

#[test]
fn an_event_is_never_written_over_and_spoils_nobody_elses() {
    block_on(async {
        let store = Arc::new(memory().await);
        store.append_events(vec![event(0, EventKind::SignIn, "ada")]).await.unwrap();
        let tasks: Vec<_> = [0, 1, 0, 2, 3]
            .map(|n| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.append_events(vec![event(n, EventKind::Updated, "bob")]).await })
            })
            .into();
        let mut refused = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => {}
                Err(StoreError::Corrupt(_)) => refused += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert_eq!(refused, 2);
        assert_eq!(store.events(&ListQuery::default()).await.unwrap().total, 4);
        assert_eq!(store.event("00000000").await.unwrap().unwrap().kind, EventKind::SignIn);
    });
}

#[test]
fn only_what_came_later_counts_as_new() {
    block_on(async {
        let store = memory().await;
        for n in 0..30 {
            store.append_events(vec![event(n, EventKind::SignIn, "ada")]).await.unwrap();
        }
        assert_eq!(store.events_after("00000026", 100).await.unwrap(), 3);
        assert_eq!(store.events_after("00000029", 100).await.unwrap(), 0);
        assert_eq!(store.events_after("", 10).await.unwrap(), 10);
    });
}

#[test]
fn on_disk_who_reads_sees_every_event_that_was_acknowledged() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SurrealStore::open(&on_disk(folder.path())).await.unwrap());
        for n in 0..40 {
            store.append_events(vec![event(n, EventKind::SignIn, "ada")]).await.unwrap();
            assert_eq!(store.events(&ListQuery::default()).await.unwrap().total, u64::from(n) + 1);
            assert_eq!(store.event(&format!("{n:08}")).await.unwrap(), Some(event(n, EventKind::SignIn, "ada")));
        }
        let many: Vec<_> = (40..1400)
            .map(|n| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.append_events(vec![event(n, EventKind::Updated, "bob")]).await })
            })
            .collect();
        for task in many {
            task.await.unwrap().unwrap();
        }
        assert_eq!(store.events_after("00000039", 5000).await.unwrap(), 1360);
        Arc::into_inner(store).unwrap().close().await;
        for file in ["db.events.0", "db.events.1"] {
            assert_eq!(folder.path().join(file).metadata().unwrap().len(), 0, "{file} keeps what the database has");
        }
    });
}

/// What a crash leaves: events in both files, of which the database has some already.
#[test]
fn events_left_in_the_journal_are_moved_once_at_the_next_start() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
        store.append_events(vec![event(0, EventKind::SignIn, "ada")]).await.unwrap();
        store.close().await;
        let line = |n| serde_json::to_string(&event(n, EventKind::SignIn, "ada")).unwrap() + "\n";
        std::fs::write(folder.path().join("db.events.0"), line(0) + &line(1)).unwrap();
        std::fs::write(folder.path().join("db.events.1"), line(2) + &line(3)[..40]).unwrap();
        for _ in 0..2 {
            let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
            let found = store.events(&ListQuery::default()).await.unwrap();
            let ids: Vec<_> = found.rows.iter().map(|event| event.id.as_str()).collect();
            assert_eq!(ids, ["00000002", "00000001", "00000000"]);
            store.close().await;
        }
    });
}
