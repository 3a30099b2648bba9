use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::port::{IssuedResponse, ResponseRecord, ResponseStore, Sealed, Store};
use surrealdb::types::Variables;

use super::fixture::{block_on, memory, on_disk};
use crate::SurrealStore;

/// A response that counts how many were sealed; one for nobody cannot be.
struct Issued(ResponseRecord, Arc<AtomicUsize>);

impl IssuedResponse for Issued {
    fn provider(&self) -> &str {
        &self.0.provider
    }

    fn sealed(self: Box<Self>) -> Result<ResponseRecord, domain::Error> {
        let Self(record, sealed) = *self;
        sealed.fetch_add(1, Ordering::Relaxed);
        if record.username.is_empty() { Err(domain::Error::Internal("no seal".to_owned())) } else { Ok(record) }
    }
}

fn keep(store: &SurrealStore, record: ResponseRecord, most: u32) {
    store.keep_response(Box::new(Issued(record, Arc::default())), most);
}

fn response(number: u32, provider: &str) -> ResponseRecord {
    let sealed = Sealed { key_id: "k".to_owned(), nonce: "n".to_owned(), ciphertext: "c".to_owned() };
    ResponseRecord {
        id: format!("{number:08}"),
        provider: provider.to_owned(),
        application: "aws".to_owned(),
        username: "ada".to_owned(),
        destination: "https://sp.example/acs".to_owned(),
        at: i64::from(number),
        expires: i64::from(number) + 100,
        sealed,
    }
}

#[test]
fn the_newest_of_each_provider_are_kept_and_no_more() {
    block_on(async {
        let store = memory().await;
        for n in 0..300 {
            keep(&store, response(n, if n % 3 == 0 { "b" } else { "a" }), 5);
        }
        let ids = |provider: &'static str| {
            let store = &store;
            async move {
                let found = store.kept_responses(provider).await.unwrap();
                found.into_iter().map(|r| r.id.trim_start_matches('0').to_owned()).collect::<Vec<_>>()
            }
        };
        assert_eq!(ids("a").await, ["299", "298", "296", "295", "293"]);
        assert_eq!(ids("b").await, ["297", "294", "291", "288", "285"]);
        assert_eq!(ids("nobody").await, Vec::<String>::new());
        assert_eq!(store.kept_response("a", "00000299").await.unwrap(), Some(response(299, "a")));
        assert_eq!(store.kept_response("b", "00000299").await.unwrap(), None, "of another provider");
        assert_eq!(store.kept_response("a", "00000001").await.unwrap(), None);
        let all: Vec<String> =
            store.kept_responses_after("", 4).await.unwrap().into_iter().map(|kept| kept.id).collect();
        assert_eq!(all, ["00000285", "00000288", "00000291", "00000293"]);
        let rest = store.kept_responses_after("00000293", 100).await.unwrap();
        assert!(rest.len() == 6 && rest[0].id == "00000294", "{rest:?}");
        let anew = ResponseRecord { username: "grace".to_owned(), ..response(299, "a") };
        store.replace_response(&anew).await.unwrap();
        assert_eq!(store.kept_response("a", "00000299").await.unwrap(), Some(anew));
        store.replace_response(&response(1, "a")).await.unwrap();
        assert_eq!(store.kept_response("a", "00000001").await.unwrap(), None, "what had gone is back");
        store.limit_responses(&[("a".to_owned(), 2)]).await.unwrap();
        assert_eq!(ids("a").await, ["299", "298"]);
        store.limit_responses(&[("b".to_owned(), 0)]).await.unwrap();
        assert_eq!(ids("b").await, Vec::<String>::new());
    });
}

#[test]
fn a_response_that_is_over_is_swept() {
    block_on(async {
        let store = memory().await;
        keep(&store, response(1, "a"), 5);
        keep(&store, response(2, "a"), 5);
        assert_eq!(store.kept_responses("a").await.unwrap().len(), 2);
        store.sweep_sessions(102, 10).await.unwrap();
        let left = store.kept_responses("a").await.unwrap();
        assert_eq!(left, [response(2, "a")]);
    });
}

#[test]
fn of_many_that_come_together_only_those_that_stay_are_sealed_and_one_that_fails_spoils_no_other() {
    block_on(async {
        let (store, sealed) = (memory().await, Arc::<AtomicUsize>::default());
        for n in 0..300 {
            let mut record = response(n, "a");
            if n == 298 {
                record.username.clear();
            }
            store.keep_response(Box::new(Issued(record, Arc::clone(&sealed))), 5);
        }
        let ids: Vec<_> = store.kept_responses("a").await.unwrap().into_iter().map(|kept| kept.id).collect();
        assert_eq!(ids, ["00000299", "00000297", "00000296", "00000295"]);
        // Fewer than that, unless the machine stood still between two of them.
        let sealed = sealed.load(Ordering::Relaxed);
        assert!(sealed < 100, "{sealed} of 300 were sealed");
    });
}

#[test]
fn a_response_that_nobody_asks_for_is_in_the_database_before_long_and_when_the_store_is_closed() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
        keep(&store, response(1, "a"), 5);
        let mut rounds = 0;
        loop {
            let found = store.engine.read("SELECT id FROM kept_response", Variables::new()).await;
            if !found.unwrap().rows(0).unwrap().is_empty() {
                break;
            }
            rounds += 1;
            assert!(rounds < 200, "it is not written");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        keep(&store, response(2, "a"), 5);
        store.close().await;
        let store = SurrealStore::open(&on_disk(folder.path())).await.unwrap();
        assert_eq!(store.kept_responses("a").await.unwrap(), [response(2, "a"), response(1, "a")]);
        store.close().await;
    });
}
