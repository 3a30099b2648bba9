use domain::port::{ApiTokenRecord, ApiTokenStore, Document, Expect, Kind, Store, Write};

use super::fixture::{block_on, memory, put, save, session, writes};

fn token(id: &str) -> Document {
    Document::ApiToken(ApiTokenRecord {
        id: id.to_owned(),
        hash: "h".to_owned(),
        owner: "ada".to_owned(),
        owner_uid: "uid-ada".to_owned(),
        label: "backup".to_owned(),
        created: 1,
        expires: None,
    })
}

#[test]
fn a_token_is_configuration_and_its_use_is_not() {
    block_on(async {
        let store = memory().await;
        store.commit(writes(vec![put(token("a1"), Expect::Absent)])).await.unwrap();
        let epoch = store.epoch().await.unwrap();
        store.note_token_use("a1", 70).await.unwrap();
        store.note_token_use("a1", 60).await.unwrap();
        assert_eq!(store.token_uses().await.unwrap(), [("a1".to_owned(), 70)].into());
        assert_eq!(store.epoch().await.unwrap(), epoch);
        let kept = store.configuration().await.unwrap().api_tokens;
        assert_eq!(Document::ApiToken(kept["a1"].value.clone()), token("a1"));
        let delete = Write::Delete { kind: Kind::ApiToken, key: "a1".to_owned(), expect: Expect::Version(1) };
        store.commit(writes(vec![delete])).await.unwrap();
        store.forget_token_use("a1").await.unwrap();
        assert!(store.token_uses().await.unwrap().is_empty());
        assert!(store.configuration().await.unwrap().api_tokens.is_empty());
    });
}

#[test]
fn live_sessions_are_counted_and_those_that_are_over_or_idle_are_not() {
    block_on(async {
        let store = memory().await;
        // Seen at 2 each.
        for (id, expires) in [("h1", 100), ("h2", 100), ("h3", 50)] {
            store.put_session(&session(id, "ada", expires)).await.unwrap();
        }
        store.end_session("h2", vec![]).await.unwrap();
        assert_eq!(store.count_sessions(60, 1).await.unwrap(), 1);
        assert_eq!(store.count_sessions(10, 1).await.unwrap(), 2);
        assert_eq!(store.count_sessions(10, 2).await.unwrap(), 0);
        save(&store, token("a1")).await;
        assert_eq!(store.waiting_events(), 0);
    });
}
