use serde_json::{Value, json};
use tests::{Browser, World};

async fn find(browser: &Browser, text: &str) -> Vec<Value> {
    let answer = browser.post_json("/fn/app/search/api/find", &json!({ "text": text })).await;
    answer.json().as_array().cloned().unwrap_or_else(|| panic!("{}", answer.body))
}

fn titles(hits: &[Value], kind: &str) -> Vec<String> {
    let fits = hits.iter().filter(|hit| hit["kind"] == kind);
    fits.map(|hit| hit["title"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_found_by_its_name_and_each_address_leads_somewhere() {
    let world = World::new().await;
    world.apply("version: 1\ngroups: [{ name: \"a/b & 50%\" }]").await;
    let root = world.signed_in("root").await;
    for (text, kind, title) in [
        ("lovelace", "user", "Ada Lovelace"),
        ("AWS-ADM", "group", "aws-admins"),
        ("amazon", "application", "Amazon Web Services"),
        ("aws-iam", "SAML provider", "aws-iam"),
        ("session name", "property mapping", "AWS session name"),
        ("always", "policy", "always"),
        ("rolecall", "key", "rolecall"),
        ("a/b", "group", "a/b & 50%"),
        ("events", "page", "Events"),
        ("new user", "action", "New user"),
    ] {
        let hits = find(&root, text).await;
        assert!(titles(&hits, kind).contains(&title.to_owned()), "{text}: {hits:?}");
        for hit in hits {
            let href = hit["href"].as_str().unwrap();
            assert_eq!(root.get(href).await.status, 200, "{href}");
        }
    }
    let all = find(&root, "").await;
    assert!(titles(&all, "page").len() > 10 && titles(&all, "user").is_empty(), "{all:?}");
    for hit in all {
        let href = hit["href"].as_str().unwrap();
        assert_eq!(root.get(href).await.status, 200, "{href}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changes_nothing_is_offered_nothing_to_do_and_the_page_finds_the_same() {
    let world = World::new().await;
    let audrey = world.signed_in("audrey").await;
    assert!(titles(&find(&audrey, "").await, "action").is_empty());
    let page = audrey.get("/admin/search?q=grace+hopper").await.body;
    assert!(page.contains("/admin/users/grace"), "{page}");
    let hostile = audrey.get("/admin/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.body;
    assert!(!hostile.contains("<script>alert") && hostile.contains("Nothing matches"), "{hostile}");
}

#[tokio::test(flavor = "multi_thread")]
async fn single_keys_can_be_switched_off_for_this_browser() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    assert!(root.get("/admin").await.body.contains("Switch / and ? off"));
    let off = root.post("/theme", &[("single", "off"), ("next", "/admin")]).await;
    assert_eq!(off.location(), "/admin");
    assert!(root.get("/admin").await.body.contains("Switch / and ? on"));
}
