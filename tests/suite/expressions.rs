//! What the editors of expressions say is so.

use serde_json::{Value, json};
use tests::World;

/// The names that the editor of a page offers.
fn offered(page: &str) -> Vec<String> {
    let names = page.split("data-names=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
    names.split(' ').map(str::to_owned).collect()
}

/// An expression that uses a name as it is offered.
fn using(name: &str) -> String {
    let rest = match name {
        "regex_match(" => "'a', 'a')",
        "regex_replace(" => "'a', 'a', 'b')",
        _ if name.ends_with('(') => "'a')",
        _ => "",
    };
    format!("x = {name}{rest}\nreturn 'there'")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_name_that_an_editor_offers_is_there_for_the_expression() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let names = offered(&root.get("/admin/property-mappings/-/new").await.body);
    assert!(names.len() > 20, "{names:?}");
    // What mappings of SCIM have beside the others: this trial is that of a sign-on.
    let of_scim = |name: &str| name.starts_with("group") || ["provider.url", "provider.dialect"].contains(&name);
    for name in names.iter().filter(|name| !of_scim(name)) {
        let body = json!({ "trial": { "source": using(name), "subject": "ada", "place": "aws" } });
        let answer = root.post_json("/fn/app/property_mappings/api/try_expression", &body).await.json();
        if name == "SkipObject" {
            assert_eq!(answer, "skipped");
        } else {
            assert_eq!(answer["value"]["values"], json!(["there"]), "{name}: {answer}");
        }
    }
    let absent = json!({ "trial": { "source": using("user.nothing"), "subject": "ada", "place": "aws" } });
    let absent = root.post_json("/fn/app/property_mappings/api/try_expression", &absent).await.json();
    assert_eq!(absent["value"], Value::Null, "the trial would not notice: {absent}");

    let names = offered(&root.get("/admin/policies/-/new").await.body);
    assert!(names.len() > 20, "{names:?}");
    for name in &names {
        let source = using(name);
        let fields =
            [("act", "try"), ("expression", source.as_str()), ("trial_user", "ada"), ("trial_application", "aws")];
        let answer = root.post("/admin/policies/-/new", &fields).await;
        assert!(answer.body.contains("it gave"), "{name}: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_at_fault_is_marked_without_javascript_too_and_an_expression_is_read_in_colours() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let source = "x = 1\nreturn x.missing";
    let tried = [("act", "try"), ("name", "p"), ("expression", source), ("trial_user", "ada")];
    for fields in [&tried[..], &[("name", "p"), ("expression", "x = 1\nreturn ) + 1")][..]] {
        let answer = root.post("/admin/policies/-/new", fields).await.body;
        assert!(answer.contains("data-fault=\"2\"") && answer.contains("class=\"line fault\""), "{answer}");
    }
    let made = [("name", "colours"), ("expression", "return '<b>' # what \"this\" is")];
    assert_eq!(root.post("/admin/policies/-/new", &made).await.status, 303);
    let shown = root.get("/admin/policies/colours").await.body;
    let expected = "<span class=\"keyword\">return</span> <span class=\"text\">'&lt;b&gt;'</span>";
    assert!(shown.contains(expected) && shown.contains("<span class=\"comment\"># what"), "{shown}");
    let mapping = root.get("/admin/property-mappings/AWS%20session%20name").await.body;
    assert!(mapping.contains("<span class=\"name\">user</span>"), "{mapping}");
}
