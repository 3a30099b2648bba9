use domain::port::{LogoutJourney, LogoutStore, Store, Waiting};
use model::{EventKind, ListQuery};

use super::fixture::{block_on, event, memory, on_disk};
use crate::SurrealStore;

fn journey(id: &str, expires: i64) -> LogoutJourney {
    LogoutJourney {
        id: id.to_owned(),
        expires,
        username: "ada".to_owned(),
        queue: Vec::new(),
        waiting: Some(Waiting { slug: "aws".to_owned(), request_id: format!("_{id}"), participant: None }),
        ended: vec!["first".to_owned()],
        failed: Vec::new(),
        unanswered: Vec::new(),
        initiator: None,
        holder: String::new(),
        by: None,
    }
}

async fn lost(store: &SurrealStore, now: i64) -> Vec<String> {
    store.lost_journeys(now).await.unwrap().into_iter().map(|journey| journey.id).collect()
}

/// The event cannot be kept, here because another has its id; a crash between the two would be the same.
#[test]
fn a_logout_is_not_forgotten_while_the_event_that_tells_of_it_is_not_kept() {
    block_on(async {
        let store = memory().await;
        store.append_events(vec![event(1, EventKind::SignIn, "bob")]).await.unwrap();
        store.put_journey(&journey("j1", 100)).await.unwrap();
        assert!(store.end_journey("j1", event(1, EventKind::SignOut, "ada")).await.is_err());
        assert_eq!(store.journey("j1").await.unwrap(), Some(journey("j1", 100)), "nobody would ever be told");
        assert_eq!(lost(&store, 101).await, ["j1"]);
        assert!(store.end_journey("j1", event(2, EventKind::SignOut, "ada")).await.unwrap());
        assert_eq!(store.journey("j1").await.unwrap(), None);
        assert_eq!(store.event("00000002").await.unwrap(), Some(event(2, EventKind::SignOut, "ada")));
    });
}

#[test]
fn of_two_who_go_on_from_the_same_request_one_does_and_none_after_the_end() {
    block_on(async {
        let store = memory().await;
        let first = LogoutJourney { waiting: None, ..journey("j1", 100) };
        store.put_journey(&first).await.unwrap();
        let next = journey("j1", 100);
        assert!(!store.turn_journey("_j1", &next).await.unwrap(), "nothing is out yet");
        assert!(store.turn_journey("", &next).await.unwrap());
        assert!(!store.turn_journey("", &first).await.unwrap(), "it went on already");
        let last = LogoutJourney { ended: vec!["aws".to_owned()], ..first };
        assert!(store.turn_journey("_j1", &last).await.unwrap());
        assert_eq!(store.journey("j1").await.unwrap(), Some(last.clone()));
        store.end_journey("j1", event(1, EventKind::SignOut, "ada")).await.unwrap();
        assert!(!store.turn_journey("", &last).await.unwrap(), "what has ended must not come back");
        assert_eq!(store.journey("j1").await.unwrap(), None);
    });
}

#[test]
fn of_all_who_end_a_logout_one_tells() {
    block_on(async {
        let store = std::sync::Arc::new(memory().await);
        store.put_journey(&journey("j1", 100)).await.unwrap();
        let ending = |n| {
            let store = std::sync::Arc::clone(&store);
            tokio::spawn(async move { store.end_journey("j1", event(n, EventKind::SignOut, "ada")).await.unwrap() })
        };
        let tasks: Vec<_> = (0..6).map(ending).collect();
        let mut told = 0;
        for task in tasks {
            told += u32::from(task.await.unwrap());
        }
        assert_eq!((told, store.events(&ListQuery::default()).await.unwrap().total), (1, 1));
    });
}

#[test]
fn logouts_that_ran_out_are_found_until_they_are_ended_also_after_a_restart() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
        for (id, expires) in [("j1", 100), ("j2", 200)] {
            store.put_journey(&journey(id, expires)).await.unwrap();
        }
        assert!(lost(&store, 100).await.is_empty());
        assert_eq!(lost(&store, 150).await, ["j1"]);
        store.close().await;
        let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
        assert_eq!(lost(&store, 150).await, ["j1"], "reading them must not be what removes them");
        assert!(store.end_journey("j1", event(3, EventKind::SignOut, "ada")).await.unwrap());
        assert!(lost(&store, 150).await.is_empty());
        store.close().await;
        let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
        assert!(store.event("00000003").await.unwrap().is_some() && lost(&store, 150).await.is_empty());
        store.close().await;
    });
}
