use std::collections::{BTreeMap, BTreeSet};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::Least;
use tests::{Answer, Api, Browser, World};

/// Every operation of the API and the least role that it takes. A new one is a decision that is made here too.
const OPERATIONS: &[(&str, Least)] = &[
    ("read_document", Least::Member),
    ("read_me", Least::Member),
    ("list_my_applications", Least::Member),
    ("sign_on", Least::Member),
    ("list_users", Least::Auditor),
    ("read_user", Least::Auditor),
    ("list_groups", Least::Auditor),
    ("read_group", Least::Auditor),
    ("create_user", Least::Administrator),
    ("update_user", Least::Administrator),
    ("set_user_password", Least::Administrator),
    ("delete_user", Least::Administrator),
    ("create_group", Least::Administrator),
    ("update_group", Least::Administrator),
    ("delete_group", Least::Administrator),
    ("list_policies", Least::Auditor),
    ("create_policy", Least::Administrator),
    ("read_policy", Least::Auditor),
    ("update_policy", Least::Administrator),
    ("delete_policy", Least::Administrator),
    ("try_policy", Least::Administrator),
    ("rename_group", Least::Administrator),
    ("rename_user", Least::Administrator),
    ("list_applications", Least::Auditor),
    ("create_application", Least::Administrator),
    ("read_application", Least::Auditor),
    ("update_application", Least::Administrator),
    ("delete_application", Least::Administrator),
    ("preview_sign_on", Least::Auditor),
    ("check_name_ids", Least::Auditor),
    ("check_name_id", Least::Auditor),
    ("list_saml_providers", Least::Auditor),
    ("create_saml_provider", Least::Administrator),
    ("read_saml_provider", Least::Auditor),
    ("update_saml_provider", Least::Administrator),
    ("delete_saml_provider", Least::Administrator),
    ("read_sp_metadata", Least::Administrator),
    ("list_scim_providers", Least::Auditor),
    ("read_scim_provider", Least::Auditor),
    ("read_scim_health", Least::Auditor),
    ("plan_scim", Least::Auditor),
    ("list_scim_plans", Least::Auditor),
    ("keep_scim_plan", Least::Administrator),
    ("read_scim_plan", Least::Auditor),
    ("apply_scim_plan", Least::Administrator),
    ("discard_scim_plan", Least::Administrator),
    ("list_scim_objects", Least::Auditor),
    ("preview_scim_user", Least::Auditor),
    ("preview_scim_group", Least::Auditor),
    ("create_scim_provider", Least::Administrator),
    ("update_scim_provider", Least::Administrator),
    ("delete_scim_provider", Least::Administrator),
    ("test_scim_connection", Least::Administrator),
    ("list_scim_tokens", Least::Auditor),
    ("set_scim_token", Least::Administrator),
    ("remove_scim_token", Least::Administrator),
    ("test_scim_token", Least::Administrator),
    ("switch_scim_token", Least::Administrator),
    ("approve_scim_plan", Least::Administrator),
    ("sync_scim_provider", Least::Administrator),
    ("verify_scim_provider", Least::Administrator),
    ("read_scim_progress", Least::Auditor),
    ("list_scim_runs", Least::Auditor),
    ("read_scim_run", Least::Auditor),
    ("cancel_scim_run", Least::Administrator),
    ("read_scim_drift", Least::Auditor),
    ("repair_scim_drift", Least::Administrator),
    ("read_scim_object", Least::Auditor),
    ("sync_scim_object", Least::Administrator),
    ("list_scim_adoption", Least::Auditor),
    ("reread_scim_adoption", Least::Auditor),
    ("decide_scim_adoption", Least::Administrator),
    ("list_property_mappings", Least::Auditor),
    ("create_property_mapping", Least::Administrator),
    ("read_property_mapping", Least::Auditor),
    ("update_property_mapping", Least::Administrator),
    ("delete_property_mapping", Least::Administrator),
    ("try_expression", Least::Administrator),
    ("list_keys", Least::Auditor),
    ("create_key", Least::Administrator),
    ("read_key", Least::Auditor),
    ("make_key_default", Least::Administrator),
    ("delete_key", Least::Administrator),
    ("list_tokens", Least::Auditor),
    ("create_token", Least::Administrator),
    ("revoke_token", Least::Administrator),
    ("list_webhooks", Least::Auditor),
    ("create_webhook", Least::Administrator),
    ("read_webhook", Least::Auditor),
    ("update_webhook", Least::Administrator),
    ("set_webhook_secret", Least::Administrator),
    ("test_webhook", Least::Administrator),
    ("delete_webhook", Least::Administrator),
    ("take_backup", Least::Administrator),
    ("list_events", Least::Auditor),
    ("read_event", Least::Auditor),
    ("read_overview", Least::Auditor),
];

/// An operation as the document describes it.
struct Documented {
    id: String,
    method: Method,
    /// With a name in the place of every parameter, and a version where one is asked for.
    path: String,
    takes_body: bool,
    role: String,
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap()
}

async fn documented(api: &Api) -> Vec<Documented> {
    let document = api.read("/openapi.json").await;
    let mut found = Vec::new();
    for (template, operations) in document.get("paths").and_then(Value::as_object).unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let mut path = template.clone();
            for parameter in operation.get("parameters").and_then(Value::as_array).unwrap() {
                let name = text(parameter, "name");
                if text(parameter, "in") == "path" {
                    path = path.replace(&format!("{{{name}}}"), "nothing");
                } else if parameter.get("required") == Some(&json!(true)) {
                    path = format!("{path}?{name}=9");
                }
            }
            assert!(!path.contains('{'), "{template} has a parameter that is not described");
            found.push(Documented {
                id: text(operation, "operationId").to_owned(),
                method: method.to_uppercase().parse().unwrap(),
                path,
                takes_body: operation.get("requestBody").is_some(),
                role: text(operation, "x-least-role").to_owned(),
            });
        }
    }
    found
}

async fn call(api: &Api, operation: &Documented) -> Answer {
    let body = operation.takes_body.then(|| json!({}));
    api.send(operation.method.clone(), &operation.path, body.as_ref()).await
}

fn is_problem(answer: &Answer, status: StatusCode, what: &str) {
    assert_eq!(answer.status, status, "{what}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
    assert_eq!(answer.json().get("status"), Some(&json!(status.as_u16())), "{what}: {}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_names_every_operation_that_is_served_and_each_is_known_here_with_its_role() {
    let world = World::new().await;
    let documented = documented(&world.api("root").await).await;
    let known: BTreeMap<&str, &str> = OPERATIONS.iter().map(|(id, least)| (*id, least.word())).collect();
    let found: BTreeMap<&str, &str> = documented.iter().map(|o| (o.id.as_str(), o.role.as_str())).collect();
    assert_eq!(found, known, "an operation is new or gone: say here which role it takes");
    let served: BTreeSet<&str> = server::operations().iter().map(|o| o.id).collect();
    assert_eq!(served, known.keys().copied().collect(), "what is served is not what is documented");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_is_refused_to_strangers_and_to_the_wrong_role_and_changes_nothing_then() {
    let world = World::new().await;
    let (member, auditor, root) = (world.api("ada").await, world.api("audrey").await, world.api("root").await);
    let (before, browser) = (world.services.export(true).await.unwrap(), world.signed_in("root").await);
    for operation in documented(&root).await {
        let what = format!("{} {}", operation.method, operation.path);
        for stranger in ["", "Bearer", "Bearer rolecall_0123456789ab_x", "Basic cm9vdDpyb290"] {
            let headers: &[(&str, &str)] = if stranger.is_empty() { &[] } else { &[("authorization", stranger)] };
            let path = format!("/api/v1{}", operation.path);
            let answer = Browser::new(&world.url).send(operation.method.clone(), &path, headers, None).await;
            is_problem(&answer, StatusCode::UNAUTHORIZED, &what);
            assert!(answer.header("www-authenticate").starts_with("Bearer realm="), "{what}");
        }
        // A browser that is signed in is a stranger here: no other site can make it act.
        let answer = browser.send(operation.method.clone(), &format!("/api/v1{}", operation.path), &[], None).await;
        is_problem(&answer, StatusCode::UNAUTHORIZED, &what);
        let least = operation.role.as_str();
        if least != "member" {
            is_problem(&call(&member, &operation).await, StatusCode::FORBIDDEN, &format!("{what} to a member"));
        }
        let answer = call(&auditor, &operation).await;
        if least == "administrator" {
            is_problem(&answer, StatusCode::FORBIDDEN, &format!("{what} to an auditor"));
        } else {
            assert!([200, 404].contains(&answer.status.as_u16()), "{what} to an auditor: {}", answer.body);
        }
        // Let in, and then refused for what was asked, not for the role.
        let answer = call(&root, &operation).await;
        let fits = [200, 404, 422].contains(&answer.status.as_u16());
        assert!(fits, "{what} to an administrator: {} {}", answer.status, answer.body);
    }
    assert!(world.services.export(true).await.unwrap() == before, "a refused call changed something");
}

#[tokio::test(flavor = "multi_thread")]
async fn methods_and_paths_that_do_not_exist_are_problems_too_and_only_for_those_with_a_token() {
    let world = World::new().await;
    let root = world.api("root").await;
    let paths: BTreeSet<String> = documented(&root).await.into_iter().map(|o| o.path).collect();
    for path in &paths {
        let answer = root.send(Method::PATCH, path, Some(&Value::Null)).await;
        is_problem(&answer, StatusCode::METHOD_NOT_ALLOWED, path);
        assert!(!answer.header("allow").is_empty(), "{path} does not say what works");
    }
    for path in ["/", "/nothing", "/users/a/b/c"] {
        is_problem(&root.get(path).await, StatusCode::NOT_FOUND, path);
        let stranger = Browser::new(&world.url).get(&format!("/api/v1{path}")).await;
        is_problem(&stranger, StatusCode::UNAUTHORIZED, path);
    }
}
