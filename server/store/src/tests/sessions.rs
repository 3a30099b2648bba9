use domain::port::{ChangeSet, Store};
use model::EventKind;

use super::fixture::{block_on, event, memory, session};

#[test]
fn a_session_is_kept_changed_and_found_by_its_user() {
    block_on(async {
        let store = memory().await;
        let mut one = session("h1", "Ada", 100);
        store.put_session(&one).await.unwrap();
        store.put_session(&session("h2", "ada", 100)).await.unwrap();
        one.last_seen = 50;
        store.put_session(&one).await.unwrap();
        assert_eq!(store.session("h1").await.unwrap(), Some(one));
        assert_eq!(store.sessions_of("ADA").await.unwrap().len(), 2);
        assert!(store.session("h3").await.unwrap().is_none());
        assert_eq!(store.epoch().await.unwrap(), 0);
    });
}

#[test]
fn an_ended_session_is_not_brought_back_by_a_request_that_was_on_its_way() {
    block_on(async {
        let store = memory().await;
        let one = session("h1", "ada", 100);
        store.put_session(&one).await.unwrap();
        let ended = store.end_session("h1", vec![event(1, EventKind::SessionRevoked, "root")]).await.unwrap();
        store.put_session(&one).await.unwrap();
        assert!(store.session("h1").await.unwrap().is_none());
        assert!(store.sessions_of("ada").await.unwrap().is_empty());
        assert_eq!((store.epoch().await.unwrap(), ended), (1, 1));
        assert!(store.event("00000001").await.unwrap().is_some());
        store.end_session("never", vec![]).await.unwrap();
    });
}

#[test]
fn a_change_ends_the_sessions_of_those_it_names() {
    block_on(async {
        let store = memory().await;
        for (hash, username) in [("h1", "Ada"), ("h2", "ada"), ("h3", "bob")] {
            store.put_session(&session(hash, username, 100)).await.unwrap();
        }
        let change = ChangeSet { end_sessions_of: vec!["aDa".to_owned()], ..ChangeSet::default() };
        assert_eq!(store.commit(change).await.unwrap(), 1);
        assert!(store.sessions_of("ada").await.unwrap().is_empty());
        assert!(store.session("h1").await.unwrap().is_none());
        assert!(store.session("h3").await.unwrap().is_some());
    });
}

#[test]
fn a_sweep_removes_what_is_over_and_no_more_than_asked() {
    block_on(async {
        let store = memory().await;
        for n in 0..10 {
            store.put_session(&session(&format!("h{n}"), "ada", n)).await.unwrap();
        }
        assert_eq!(store.sweep_sessions(6, 4).await.unwrap(), 4);
        assert_eq!(store.sweep_sessions(6, 100).await.unwrap(), 2);
        assert_eq!(store.sweep_sessions(6, 100).await.unwrap(), 0);
        assert_eq!(store.sessions_of("ada").await.unwrap().len(), 4);
        assert!(store.session("h6").await.unwrap().is_some());
    });
}

/// Anybody may send requests, so a sweep must not fall behind.
#[test]
fn a_sweep_removes_every_request_that_is_over_however_many_there_are() {
    block_on(async {
        let store = memory().await;
        let many = "FOR $n IN 0..4500 { CREATE request SET first_seen = 1, answered = false, expires = 5 }";
        store.engine.write(many, crate::engine::variables([])).await.unwrap();
        store.note_request("later", 1, 7).await.unwrap();
        store.sweep_sessions(6, 1).await.unwrap();
        let mut left = store.engine.read("SELECT VALUE id FROM request", crate::engine::variables([])).await.unwrap();
        assert_eq!(left.rows(0).unwrap().len(), 1);
        assert_eq!(store.request_seen("later").await.unwrap(), Some(1));
    });
}
