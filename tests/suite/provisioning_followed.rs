//! A round after a change of few people looks at those people alone, and nothing is lost by that.

use serde_json::Value;
use tests::Provisioned;

use crate::provisioning::PEOPLE;

fn person(username: &str, name: &str, groups: &str) -> String {
    format!(
        "version: 1\nusers: [{{ username: {username}, name: {name}, email: {username}@example.com, groups: [{groups}] }}]\n"
    )
}

/// What people are called at the service, and whether they are active, sorted.
fn called(provisioned: &Provisioned) -> Vec<(String, bool)> {
    let directory = provisioned.center().directory();
    let text = |row: &Value| row["displayName"].as_str().unwrap_or_default().to_owned();
    let rows = directory["users"].as_array().cloned().unwrap_or_default();
    let mut called: Vec<_> = rows.iter().map(|row| (text(row), row["active"] == true)).collect();
    called.sort();
    called
}

fn named(names: &[(&str, bool)]) -> Vec<(String, bool)> {
    names.iter().map(|(name, active)| ((*name).to_owned(), *active)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_server_changes_between_our_own_changes_is_followed_with_them() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let other = provisioned.world.restarted().await;
    for turn in 0..3 {
        provisioned.world.apply(&person("ada", &format!("Ada King {turn}"), "engineers")).await;
        let grace = person("grace", &format!("Grace Murray {turn}"), "pilots");
        other.apply("other.yaml", &grace, &|_| Err(String::new()), "test", false).await.unwrap();
        provisioned.world.apply(&person("ada", &format!("Ada Byron {turn}"), "engineers")).await;
        provisioned.synced().await;
        let (ada, grace) = (format!("Ada Byron {turn}"), format!("Grace Murray {turn}"));
        assert_eq!(called(&provisioned), named(&[(ada.as_str(), true), (grace.as_str(), true)]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_is_renamed_leaves_or_is_deleted_is_followed_one_after_the_other() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    provisioned.world.apply(&person("linus", "Linus", "engineers")).await;
    provisioned.synced().await;
    assert_eq!(called(&provisioned), named(&[("Ada Lovelace", true), ("Grace Hopper", true), ("Linus", true)]));
    let root = provisioned.root().await;
    let (admin, auditor) = (root.admin().unwrap(), root.auditor().unwrap());
    admin.rename_user("grace", None, "hopper").await.unwrap();
    provisioned.synced().await;
    assert_eq!(called(&provisioned), named(&[("Ada Lovelace", true), ("Grace Hopper", true), ("Linus", true)]));
    // By the name that she has now, and out of scope.
    provisioned
        .world
        .apply("version: 1\nusers: [{ username: hopper, name: Amazing Grace, email: g@example.com }]\n")
        .await;
    let version = auditor.user("ada").await.unwrap().version;
    admin.delete_user("ada", version).await.unwrap();
    provisioned.synced().await;
    let rest = named(&[("Ada Lovelace", false), ("Grace Hopper", false), ("Linus", true)]);
    assert_eq!(called(&provisioned), rest);
    // Somebody who signs out is nobody's change, and is followed all the same.
    provisioned.sandbox.forget_requests();
    root.member().sign_out().await.unwrap();
    provisioned.synced().await;
    assert!(provisioned.sandbox.requests().is_empty());
    assert_eq!(called(&provisioned), rest);
}
