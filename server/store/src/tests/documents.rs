use std::sync::Arc;

use domain::port::{ChangeSet, Document, Expect, Kind, Setting, Store, StoreError, Write};
use model::EventKind;

use crate::capacity::Capacity;

use super::fixture::{block_on, event, group, memory, person, put, save, setting, writes};

#[test]
fn a_version_counts_the_writes_of_a_document_and_the_epoch_those_of_the_store() {
    block_on(async {
        let store = memory().await;
        assert_eq!(store.epoch().await.unwrap(), 0);
        assert_eq!(save(&store, setting("a", 1)).await, 1);
        assert_eq!(save(&store, setting("a", 2)).await, 2);
        let configuration = store.configuration().await.unwrap();
        assert_eq!((configuration.epoch, store.epoch().await.unwrap()), (2, 2));
        let kept = &configuration.settings["a"];
        assert_eq!((kept.version, kept.value.value.as_i64()), (2, Some(2)));
    });
}

#[test]
fn what_must_be_absent_or_of_a_version_is_refused_otherwise() {
    block_on(async {
        let store = memory().await;
        let create = || writes(vec![put(group("g"), Expect::Absent)]);
        store.commit(create()).await.unwrap();
        let error = store.commit(create()).await.unwrap_err();
        assert!(matches!(error, StoreError::Exists { kind: Kind::Group, key } if key == "g"));
        store.commit(writes(vec![put(group("g"), Expect::Version(1))])).await.unwrap();
        for (key, version) in [("g", 1), ("g", 3), ("none", 1), ("g", u64::MAX)] {
            let error = store.commit(writes(vec![put(group(key), Expect::Version(version))])).await.unwrap_err();
            assert!(matches!(&error, StoreError::Stale { kind: Kind::Group, key: k } if k == key), "{error}");
        }
        let delete = |version| {
            let key = "g".to_owned();
            writes(vec![Write::Delete { kind: Kind::Group, key, expect: Expect::Version(version) }])
        };
        assert!(matches!(store.commit(delete(1)).await, Err(StoreError::Stale { .. })));
        store.commit(delete(2)).await.unwrap();
        assert!(store.configuration().await.unwrap().groups.is_empty());
    });
}

#[test]
fn what_the_database_could_not_read_again_is_refused_whole_and_the_store_goes_on() {
    block_on(async {
        let mut store = memory().await;
        store.capacity = Capacity::of(64 * 1024);
        let people = |count: usize| {
            let person = |n| put(Document::User(person(&format!("p{n}"))), Expect::Absent);
            writes((0..count).map(person).collect())
        };
        assert!(matches!(store.commit(people(1000)).await, Err(StoreError::TooLarge { limit: 0, .. })));
        assert_eq!(store.epoch().await.unwrap(), 0);
        store.commit(people(10)).await.unwrap();
        assert!(store.user("p9").await.unwrap().is_some() && store.user("p10").await.unwrap().is_none());
    });
}

#[test]
fn of_changes_made_from_the_same_epoch_one_is_taken_and_whatever_happens_between_is_noticed() {
    block_on(async {
        let store = Arc::new(memory().await);
        let first = save(&store, setting("a", 1)).await;
        let guarded = |name: &str| writes(vec![put(setting(name, 1), Expect::Epoch(first))]);
        let racing: Vec<_> = ["b", "c", "d", "e"].map(|name| (Arc::clone(&store), guarded(name))).into();
        let racing = racing.into_iter().map(|(store, change)| tokio::spawn(async move { store.commit(change).await }));
        let mut taken = 0;
        for race in racing.collect::<Vec<_>>() {
            match race.await.unwrap() {
                Ok(epoch) => assert_eq!((epoch, taken), (first + 1, 0), "two of them were taken"),
                Err(error) => {
                    assert!(matches!(error, StoreError::Stale { .. }), "{error}");
                    continue;
                }
            }
            taken += 1;
        }
        assert_eq!(taken, 1);
        assert_eq!(store.configuration().await.unwrap().settings.len(), 2);
    });
}

#[test]
fn who_joins_a_group_under_a_name_that_it_has_left_is_told_so_and_a_new_group_of_that_name_is_joined() {
    block_on(async {
        let store = memory().await;
        let value = serde_json::json!({ "kept": { "crew": "staff" }, "free": { "staff": "0f" } });
        save(&store, Document::Setting(Setting { name: "group_ids".to_owned(), value })).await;
        let joins = || put(Document::User(person("Ada")), Expect::Absent);
        let error = store.commit(writes(vec![joins()])).await.unwrap_err();
        assert!(matches!(&error, StoreError::Stale { kind: Kind::User, key } if key == "ada"), "{error}");
        // In whatever order the two are written.
        store.commit(writes(vec![joins(), put(group("staff"), Expect::Absent)])).await.unwrap();
        save(&store, Document::User(person("Grace"))).await;
    });
}

#[test]
fn when_the_third_write_is_stale_nothing_happens_at_all() {
    block_on(async {
        let store = memory().await;
        save(&store, setting("c", 1)).await;
        let change = ChangeSet {
            writes: vec![
                put(setting("a", 1), Expect::Absent),
                put(Document::User(person("Ada")), Expect::Absent),
                put(setting("c", 2), Expect::Version(7)),
                put(setting("d", 1), Expect::Anything),
            ],
            events: vec![event(1, EventKind::Updated, "root")],
            end_sessions_of: vec!["ada".to_owned()],
            ..ChangeSet::default()
        };
        let error = store.commit(change).await.unwrap_err();
        assert_eq!(error.to_string(), "setting `c` was changed or removed meanwhile");
        let configuration = store.configuration().await.unwrap();
        assert_eq!(configuration.epoch, 1);
        assert_eq!(configuration.settings.keys().collect::<Vec<_>>(), ["c"]);
        assert_eq!(configuration.settings["c"].version, 1);
        assert!(store.user("ada").await.unwrap().is_none());
        assert!(store.event("00000001").await.unwrap().is_none());
    });
}

#[test]
fn keys_of_any_characters_are_kept_as_they_are() {
    block_on(async {
        let store = memory().await;
        let names =
            ["⟩", "⟨a⟩", "`", "'", "\"", "a:b", "a;DROP", "$id", "\\", "ärger 日本 🦀", "1", "A", "a", "x\n", " "];
        for name in names {
            store.commit(writes(vec![put(group(name), Expect::Absent)])).await.unwrap();
            save(&store, Document::User(person(&format!("u{name}")))).await;
        }
        let groups = store.configuration().await.unwrap().groups;
        assert_eq!(groups.len(), names.len());
        for name in names {
            assert_eq!(groups[name].value.name, name);
            let user = store.user(&format!("u{name}")).await.unwrap().unwrap();
            assert_eq!(user.value.user.name.to_lowercase(), format!("Name of u{name}").to_lowercase());
            let key = name.to_owned();
            let delete = Write::Delete { kind: Kind::Group, key, expect: Expect::Version(1) };
            store.commit(writes(vec![delete])).await.unwrap();
        }
        assert!(store.configuration().await.unwrap().groups.is_empty());
    });
}
