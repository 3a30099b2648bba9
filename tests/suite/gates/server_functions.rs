use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::{Browser, World};

/// The least role that a server function takes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Least {
    Member,
    Auditor,
    Administrator,
}

/// Every server function, with arguments of the right shape: a role that is let in is then answered in earnest.
#[expect(clippy::too_many_lines, reason = "a list of all of them")]
fn all() -> Vec<(&'static str, Least, Option<Value>)> {
    let query = json!({ "query": { "q": "", "page": 1, "sort": "", "filter": "" } });
    let application = json!({ "slug": "aws", "version": 0, "application": { "slug": "aws", "name": "X" } });
    let generation = json!({ "algorithm": "rsa-2048", "common_name": "x", "valid_days": 1 });
    let provider = json!({ "name": "aws-iam", "acs_url": "https://x.example/", "audience": "x" });
    let mapping = json!({ "name": "AWS session name", "kind": "saml", "expression": "return 1" });
    let scim = json!({ "name": "x", "url": "no address" });
    vec![
        ("portal/api/list_tiles", Least::Member, None),
        ("portal/api/list_sessions", Least::Member, None),
        ("portal/api/revoke_session", Least::Member, None),
        ("overview/api/read_overview", Least::Auditor, None),
        ("applications/api/read_application", Least::Auditor, Some(json!({ "slug": "aws" }))),
        ("applications/api/read_choices", Least::Auditor, Some(json!({}))),
        ("applications/api/preview_sign_on", Least::Auditor, Some(json!({ "slug": "aws", "username": "ada" }))),
        ("applications/api/create_application", Least::Administrator, Some(application.clone())),
        ("applications/api/update_application", Least::Administrator, Some(application.clone())),
        ("applications/api/delete_application", Least::Administrator, Some(application)),
        ("keys/api/list_keys", Least::Auditor, Some(query.clone())),
        ("keys/api/read_key", Least::Auditor, Some(json!({ "name": "rolecall" }))),
        ("keys/api/generate_key", Least::Administrator, Some(json!({ "name": "rolecall", "generation": generation }))),
        ("keys/api/make_key_default", Least::Administrator, Some(json!({ "name": "rolecall" }))),
        ("keys/api/delete_key", Least::Administrator, Some(json!({ "name": "rolecall", "version": 1 }))),
        ("property_mappings/api/list_mappings", Least::Auditor, Some(query.clone())),
        ("property_mappings/api/read_mapping", Least::Auditor, Some(json!({ "name": "AWS session name" }))),
        ("property_mappings/api/create_mapping", Least::Administrator, Some(json!({ "mapping": mapping }))),
        (
            "property_mappings/api/update_mapping",
            Least::Administrator,
            Some(json!({ "name": "AWS session name", "version": 9, "mapping": mapping })),
        ),
        ("property_mappings/api/delete_mapping", Least::Administrator, Some(json!({ "name": "m", "version": 1 }))),
        (
            "property_mappings/api/try_expression",
            Least::Administrator,
            Some(json!({ "trial": { "source": "return 1", "subject": "ada", "place": "aws" } })),
        ),
        ("saml_providers/api/list_providers", Least::Auditor, Some(query.clone())),
        ("saml_providers/api/read_provider", Least::Auditor, Some(json!({ "name": "aws-iam" }))),
        ("saml_providers/api/read_provider_choices", Least::Auditor, Some(json!({}))),
        (
            "saml_providers/api/read_sp_metadata",
            Least::Administrator,
            Some(json!({ "metadata": "", "certificate": null, "existing": null })),
        ),
        ("saml_providers/api/fetch_sp_metadata", Least::Administrator, Some(json!({ "url": "https://127.0.0.1/" }))),
        (
            "saml_providers/api/read_sp_metadata_at",
            Least::Administrator,
            Some(json!({ "url": "https://127.0.0.1/", "certificate": null, "existing": null, "entity_id": null })),
        ),
        (
            "saml_providers/api/import_provider",
            Least::Administrator,
            Some(json!({ "provider": provider, "mappings": [mapping] })),
        ),
        ("saml_providers/api/create_provider", Least::Administrator, Some(json!({ "provider": provider }))),
        (
            "saml_providers/api/update_provider",
            Least::Administrator,
            Some(json!({ "name": "aws-iam", "version": 9, "provider": provider })),
        ),
        (
            "saml_providers/api/renew_provider",
            Least::Administrator,
            Some(json!({ "name": "aws-iam", "version": 9, "provider": provider, "mappings": [mapping] })),
        ),
        (
            "saml_providers/api/confirm_key",
            Least::Administrator,
            Some(json!({ "name": "aws-iam", "key": "x", "has": true })),
        ),
        ("saml_providers/api/make_metadata_address", Least::Administrator, Some(json!({ "name": "aws-iam" }))),
        (
            "saml_providers/api/promote_key",
            Least::Administrator,
            Some(json!({ "name": "aws-iam", "version": 9, "key": "rolecall", "anyway": true })),
        ),
        (
            "saml_providers/api/retire_key",
            Least::Administrator,
            Some(json!({ "name": "aws-iam", "version": 9, "key": "rolecall", "anyway": true })),
        ),
        (
            "saml_providers/api/test_sign_on",
            Least::Administrator,
            Some(json!({ "name": "aws-iam", "slug": "aws", "username": "ada" })),
        ),
        (
            "saml_providers/api/judge_response",
            Least::Administrator,
            Some(json!({ "name": "aws-iam", "saml_response": "x" })),
        ),
        ("saml_providers/api/list_responses", Least::Administrator, Some(json!({ "name": "aws-iam" }))),
        ("saml_providers/api/read_response", Least::Administrator, Some(json!({ "name": "aws-iam", "id": "x" }))),
        ("saml_providers/api/delete_provider", Least::Administrator, Some(json!({ "name": "aws-iam", "version": 9 }))),
        ("scim_providers/api/list_scim_providers", Least::Auditor, Some(query.clone())),
        ("scim_providers/api/read_scim_provider", Least::Auditor, Some(json!({ "name": "x" }))),
        ("scim_providers/api/list_scim_objects", Least::Auditor, Some(json!({ "name": "x", "query": { "q": "" } }))),
        ("scim_providers/api/plan_scim", Least::Auditor, Some(json!({ "name": "x" }))),
        ("scim_providers/api/read_scim_choices", Least::Auditor, Some(json!({}))),
        ("scim_providers/api/preview_scim_user", Least::Auditor, Some(json!({ "name": "x", "username": "ada" }))),
        ("scim_providers/api/preview_scim_group", Least::Auditor, Some(json!({ "name": "x", "group": "y" }))),
        (
            "scim_providers/api/create_scim_provider",
            Least::Administrator,
            Some(json!({ "provider": scim, "token": "t", "expires": "2027-01-31", "applications": ["aws"] })),
        ),
        (
            "scim_providers/api/update_scim_provider",
            Least::Administrator,
            Some(json!({ "name": "x", "version": 1, "provider": scim })),
        ),
        (
            "scim_providers/api/set_scim_token",
            Least::Administrator,
            Some(json!({ "name": "x", "version": 1, "slot": 1, "token": "t", "expires": null })),
        ),
        (
            "scim_providers/api/remove_scim_token",
            Least::Administrator,
            Some(json!({ "name": "x", "version": 1, "slot": 2 })),
        ),
        ("scim_providers/api/test_scim_token", Least::Administrator, Some(json!({ "name": "x", "slot": 1 }))),
        ("scim_providers/api/switch_scim_token", Least::Administrator, Some(json!({ "name": "x", "version": 1 }))),
        (
            "scim_providers/api/test_scim_connection",
            Least::Administrator,
            Some(json!({ "provider": scim, "token": null })),
        ),
        ("scim_providers/api/delete_scim_provider", Least::Administrator, Some(json!({ "name": "x", "version": 1 }))),
        ("scim_providers/api/approve_scim_plan", Least::Administrator, Some(json!({ "name": "x", "id": "y" }))),
        ("scim_providers/api/sync_scim_provider", Least::Administrator, Some(json!({ "name": "x" }))),
        ("scim_providers/api/verify_scim_provider", Least::Administrator, Some(json!({ "name": "x" }))),
        ("scim_providers/api/read_scim_drift", Least::Auditor, Some(json!({ "name": "x" }))),
        ("scim_providers/api/list_scim_adoption", Least::Auditor, Some(json!({ "name": "x", "query": { "q": "" } }))),
        ("scim_providers/api/reread_scim_adoption", Least::Auditor, Some(json!({ "name": "x" }))),
        ("scim_providers/api/repair_scim_drift", Least::Administrator, Some(json!({ "name": "x", "id": "y" }))),
        (
            "scim_providers/api/decide_scim_adoption",
            Least::Administrator,
            Some(json!({ "name": "x", "decisions": [] })),
        ),
        ("scim_providers/api/read_scim_progress", Least::Auditor, Some(json!({ "name": "x" }))),
        ("scim_providers/api/read_scim_run", Least::Auditor, Some(json!({ "name": "x", "run": 1, "query": {} }))),
        (
            "scim_providers/api/read_scim_object",
            Least::Auditor,
            Some(json!({ "name": "x", "kind": "user", "local": "y" })),
        ),
        (
            "scim_providers/api/sync_scim_object",
            Least::Administrator,
            Some(json!({ "name": "x", "kind": "user", "local": "y" })),
        ),
        ("scim_providers/api/cancel_scim_run", Least::Administrator, Some(json!({ "name": "x" }))),
        ("connect/api/check_name_id", Least::Auditor, Some(json!({ "slug": "aws", "username": "ada" }))),
        ("connect/api/check_name_ids", Least::Auditor, Some(json!({ "slug": "aws" }))),
        ("drawn/api/read_page", Least::Auditor, Some(json!({ "path": "/admin/users", "query": "" }))),
        ("search/api/find", Least::Auditor, Some(json!({ "text": "ada" }))),
        ("users/api/list_users", Least::Auditor, Some(query.clone())),
        ("events/api/list_events", Least::Auditor, Some(query)),
        ("events/api/read_event", Least::Auditor, Some(json!({ "id": "x" }))),
    ]
}

async fn call(browser: &Browser, path: &str, arguments: Option<&Value>) -> StatusCode {
    let path = format!("/fn/app/{path}");
    match arguments {
        Some(arguments) => browser.post_json(&path, arguments).await.status,
        None => browser.post(&path, &[("handle", "x")]).await.status,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_is_refused_to_strangers_and_to_the_wrong_role_and_no_other_exists() {
    let world = World::new().await;
    let listed: BTreeSet<String> = all().iter().map(|(path, ..)| format!("/fn/app/{path}")).collect();
    let known: BTreeSet<String> = app::server_functions().into_iter().map(|(path, _)| path.to_owned()).collect();
    assert_eq!(listed, known, "a server function is new or gone: say here which role it takes");
    let before = world.services.export(true).await.unwrap();
    let people = [("ada", Least::Member), ("audrey", Least::Auditor), ("root", Least::Administrator)];
    for (path, least, arguments) in all() {
        assert_eq!(
            call(&world.browser(), path, arguments.as_ref()).await,
            StatusCode::UNAUTHORIZED,
            "{path} to a stranger"
        );
        for (name, role) in people {
            let status = call(&world.signed_in(name).await, path, arguments.as_ref()).await;
            if role < least {
                assert_eq!(status, StatusCode::FORBIDDEN, "{path} to {name}");
            } else {
                // The change is made from another version, the name is taken, the event does not exist: refused for that, not
                // for the role.
                let expected =
                    [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY];
                assert!(expected.contains(&status), "{path} to {name}: {status}");
            }
        }
    }
    assert!(world.services.export(true).await.unwrap() == before, "a refused call changed something");
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_of_the_wrong_shape_are_refused_as_such_and_reads_by_get_do_not_exist() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    for arguments in [json!({}), json!({ "slug": 7 }), json!([]), json!(null)] {
        let answer = root.post_json("/fn/app/applications/api/read_application", &arguments).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{arguments}: {}", answer.body);
    }
    let by_get = root.send(Method::GET, "/fn/app/portal/api/list_tiles", &[], None).await;
    assert!(by_get.status.is_client_error(), "{}", by_get.status);
    let foreign = [("sec-fetch-site", "cross-site")];
    let forged = root.send(Method::POST, "/fn/app/portal/api/list_tiles", &foreign, None).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}
