use std::sync::Arc;

use domain::port::{ChangeSet, Store, StoreError};
use model::{Event, EventKind, ListQuery};

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

async fn all_pages(store: &SurrealStore, query: &ListQuery) -> (Vec<String>, u64) {
    let (mut ids, mut total) = (Vec::new(), 0);
    for page in 1.. {
        let found = store.events(&ListQuery { page, ..query.clone() }).await.unwrap();
        total = found.total;
        if found.rows.is_empty() {
            break;
        }
        ids.extend(found.rows.into_iter().map(|event| event.id));
    }
    (ids, total)
}

/// Some alone in their row, some with many others, as they come when many write at once.
#[test]
fn every_event_is_on_one_page_of_each_list_it_belongs_to() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
        let made: Vec<Event> = (0..400)
            .map(|n| {
                let kind = [EventKind::SignIn, EventKind::Updated, EventKind::Created][n as usize % 3];
                let mut event = event(n, kind, ["ada", "Bob"][n as usize % 2]);
                event.target = format!("application {}", n % 5);
                event
            })
            .collect();
        for (number, some) in made.chunks(57).enumerate() {
            store.append_events(some.to_vec()).await.unwrap();
            if number % 2 == 0 {
                store.event("settles").await.unwrap();
            }
        }
        for (filter, target, q) in [
            ("", "", ""),
            ("updated", "", ""),
            ("", "application 3", ""),
            ("created", "application 2", ""),
            ("", "", "BOB"),
            ("sign_in", "application 0", "bob"),
        ] {
            let query = ListQuery {
                filter: filter.to_owned(),
                target: target.to_owned(),
                q: q.to_owned(),
                ..ListQuery::default()
            };
            let fits = |event: &&Event| {
                (filter.is_empty() || event.kind.code() == filter)
                    && (target.is_empty() || event.target == target)
                    && (q.is_empty() || event.actor.eq_ignore_ascii_case(q))
            };
            let expected: Vec<String> = made.iter().filter(fits).rev().map(|event| event.id.clone()).collect();
            let (ids, total) = all_pages(&store, &query).await;
            assert_eq!((ids.len(), total), (expected.len(), expected.len() as u64), "{query:?}");
            assert_eq!(ids, expected, "{query:?}");
        }
        for event in &made {
            assert_eq!(store.event(&event.id).await.unwrap().as_ref(), Some(event));
        }
        assert_eq!(store.events_after("00000100", 1000).await.unwrap(), 299);
        assert_eq!(store.events_after("00000100", 10).await.unwrap(), 10);
        store.close().await;
    });
}

#[test]
fn events_of_changes_stand_in_the_trail_where_they_happened() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
        for n in 0..30 {
            let event = event(n, EventKind::Updated, "ada");
            if n % 3 == 1 {
                store.commit(ChangeSet { events: vec![event], ..ChangeSet::default() }).await.unwrap();
            } else {
                store.append_events(vec![event]).await.unwrap();
            }
        }
        let (ids, total) = all_pages(&store, &ListQuery::default()).await;
        let expected: Vec<String> = (0..30).rev().map(|n| format!("{n:08}")).collect();
        assert_eq!((ids, total), (expected, 30));
        store.close().await;
    });
}

/// A crash after the move and before the journal was cleared; the rows of the second move would be cut otherwise.
#[test]
fn events_that_are_moved_again_after_a_crash_are_there_once() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let events: Vec<Event> = (0..20).map(|n| event(n, EventKind::SignIn, "ada")).collect();
        let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
        store.append_events(events[..3].to_vec()).await.unwrap();
        store.event("settles").await.unwrap();
        store.append_events(events[3..10].to_vec()).await.unwrap();
        store.close().await;
        let left: String = events[5..].iter().map(|event| serde_json::to_string(event).unwrap() + "\n").collect();
        std::fs::write(folder.path().join("db.events.0"), left).unwrap();
        for _ in 0..2 {
            let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
            for filter in ["", "sign_in"] {
                let query = ListQuery { filter: filter.to_owned(), ..ListQuery::default() };
                let (ids, total) = all_pages(&store, &query).await;
                let expected: Vec<String> = events.iter().rev().map(|event| event.id.clone()).collect();
                assert_eq!((ids, total), (expected, 20));
            }
            store.close().await;
        }
    });
}
