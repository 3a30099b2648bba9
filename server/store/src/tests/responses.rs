use domain::port::{ResponseRecord, ResponseStore, Sealed, Store};

use super::fixture::{block_on, memory};

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
            store.keep_response(response(n, if n % 3 == 0 { "b" } else { "a" }), 5);
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
        store.limit_responses("a", 2).await.unwrap();
        assert_eq!(ids("a").await, ["299", "298"]);
        store.limit_responses("b", 0).await.unwrap();
        assert_eq!(ids("b").await, Vec::<String>::new());
    });
}

#[test]
fn a_response_that_is_over_is_swept() {
    block_on(async {
        let store = memory().await;
        store.keep_response(response(1, "a"), 5);
        store.keep_response(response(2, "a"), 5);
        assert_eq!(store.kept_responses("a").await.unwrap().len(), 2);
        store.sweep_sessions(102, 10).await.unwrap();
        let left = store.kept_responses("a").await.unwrap();
        assert_eq!(left, [response(2, "a")]);
    });
}
