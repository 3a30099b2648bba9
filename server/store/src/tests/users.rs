use domain::port::{Document, Expect, Kind, Store, Write};
use model::{ListQuery, Role};

use super::fixture::{block_on, memory, person, put, save, writes};
use crate::user::{AFTER_EXPLAINED, walk};

#[test]
fn a_user_is_found_without_regard_to_case_and_comes_back_whole() {
    block_on(async {
        let store = memory().await;
        let mut ada = person("Ada");
        ada.user.attributes.insert("weird.`key`".to_owned(), serde_json::json!({"": [u64::MAX, 1.5, null]}));
        save(&store, Document::User(ada.clone())).await;
        let found = store.user("aDA").await.unwrap().unwrap();
        assert_eq!((found.version, found.value), (1, ada));
        assert!(store.user("bob").await.unwrap().is_none());
        let key = "ADA".to_owned();
        store.commit(writes(vec![Write::Delete { kind: Kind::User, key, expect: Expect::Version(1) }])).await.unwrap();
        assert!(store.user("ada").await.unwrap().is_none());
    });
}

#[test]
fn the_list_is_searched_sorted_and_cut_into_pages() {
    block_on(async {
        let store = memory().await;
        let everyone = (0..60).map(|n| {
            let mut record = person(&format!("User{n:02}"));
            record.user.name = format!("Zoë {:02}", 59 - n);
            put(Document::User(record), Expect::Absent)
        });
        store.commit(writes(everyone.collect())).await.unwrap();
        let list = |q: &str, sort: &str, page| {
            let query = ListQuery { q: q.to_owned(), sort: sort.to_owned(), page, ..ListQuery::default() };
            let store = &store;
            async move {
                let found = store.users(&query).await.unwrap();
                (found.total, found.rows.into_iter().map(|row| row.username).collect::<Vec<_>>())
            }
        };
        let (total, rows) = list("", "", 0).await;
        assert_eq!((total, rows.len(), rows[0].as_str()), (60, 25, "User00"));
        let (total, rows) = list("", "", 3).await;
        assert_eq!((total, rows.len(), rows[9].as_str()), (60, 10, "User59"));
        assert_eq!(list("", "-username", 1).await.1[0], "User59");
        assert_eq!(list("", "name", 1).await.1[0], "User59");
        assert_eq!(list("", "-name", 1).await.1[0], "User00");
        assert_eq!(list("", "email", 1).await.1[0], "User00");
        assert_eq!(list("zOË 0", "-email", 1).await.1[0], "User59");
        assert_eq!(list("ER07@EXAMPLE", "name", 1).await, (1, vec!["User07".to_owned()]));
        assert_eq!(list("nobody", "", 1).await, (0, vec![]));
        assert_eq!(list("", "", u32::MAX).await, (60, vec![]));
    });
}

#[test]
fn users_are_walked_in_key_order_from_any_point() {
    block_on(async {
        let store = memory().await;
        for name in ["b", "A", "é", "c", "a'`⟩"] {
            save(&store, Document::User(person(name))).await;
        }
        let (mut after, mut seen) = (String::new(), Vec::new());
        loop {
            let next = store.users_after(&after, 2).await.unwrap();
            let Some(last) = next.last() else { break };
            after = last.value.user.username.to_lowercase();
            seen.extend(next.into_iter().map(|user| user.value.user.username));
        }
        assert_eq!(seen, ["A", "a'`⟩", "b", "c", "é"]);
    });
}

/// How many rows each operator of an executed plan gave to the next.
fn rows_of(plan: &serde_json::Value) -> Vec<u64> {
    let inside = match plan {
        serde_json::Value::Array(parts) => parts.iter().flat_map(rows_of).collect(),
        serde_json::Value::Object(parts) => parts.values().flat_map(rows_of).collect(),
        _ => Vec::new(),
    };
    plan.get("output_rows").and_then(serde_json::Value::as_u64).into_iter().chain(inside).collect()
}

#[test]
fn a_page_of_a_walk_reads_its_own_users_and_not_all_that_follow() {
    block_on(async {
        let store = memory().await;
        let everyone = (0..40).map(|n| put(Document::User(person(&format!("u{n:02}"))), Expect::Absent));
        store.commit(writes(everyone.collect())).await.unwrap();
        for after in ["", "u04"] {
            let mut plan = store.engine.read(AFTER_EXPLAINED, walk(after, 3)).await.unwrap();
            let plan = plan.take(0).unwrap().into_json_value();
            let rows = rows_of(&plan);
            assert!(!rows.is_empty() && rows.iter().all(|rows| *rows == 3), "{plan}");
        }
    });
}

#[test]
fn members_and_administrators_follow_every_change_of_a_user() {
    block_on(async {
        let store = memory().await;
        let mut ada = person("Ada");
        ada.user.role = Role::Administrator;
        ada.user.groups = ["a".to_owned(), "⟩'".to_owned()].into();
        save(&store, Document::User(ada.clone())).await;
        save(&store, Document::User(person("bob"))).await;
        assert_eq!(store.members_of("⟩'").await.unwrap(), ["Ada"]);
        assert_eq!(store.members_of("staff").await.unwrap(), ["bob"]);
        assert_eq!(store.count_administrators().await.unwrap(), 1);
        ada.user.active = false;
        ada.user.groups = ["staff".to_owned()].into();
        save(&store, Document::User(ada)).await;
        assert_eq!(store.members_of("a").await.unwrap(), Vec::<String>::new());
        assert_eq!(store.members_of("staff").await.unwrap(), ["Ada", "bob"]);
        assert_eq!(store.count_administrators().await.unwrap(), 0);
    });
}

#[test]
fn what_is_asked_often_has_an_index() {
    block_on(async {
        let store = memory().await;
        for (text, index) in [
            ("SELECT body FROM user WHERE groups CONTAINS 'g' EXPLAIN", "user_by_group"),
            ("SELECT id, name_key FROM user ORDER BY name_key DESC, id DESC LIMIT 2 EXPLAIN", "user_by_name"),
            ("SELECT body FROM session WHERE username = 'u' AND ended = false EXPLAIN", "session_by_username"),
            ("SELECT VALUE id FROM session WHERE expires < 5 LIMIT 2 EXPLAIN", "session_by_expiry"),
            ("SELECT id, n FROM event_tag:['k', '']..['k', 'w'] LIMIT 2 EXPLAIN", "RecordIdScan"),
        ] {
            let mut plan = store.engine.read(text, surrealdb::types::Variables::new()).await.unwrap();
            let plan = plan.take(0).unwrap().into_json_value().to_string();
            assert!(plan.contains(index), "{text}: {plan}");
        }
    });
}
