use model::ScimStatus;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{Answer, Browser, Provisioned};

use crate::{
    provisioning::PEOPLE,
    provisioning_adoption::{by_hand, user},
};

/// The people of the provisioning tests, with an application that has no SCIM provider behind it.
fn unprovisioned() -> String {
    let cut: Vec<&str> = PEOPLE.lines().filter(|line| !line.contains("scim")).collect();
    let application = "  - { slug: aws, name: AWS, saml_provider: center, bindings: [{ group: engineers }] }\n";
    let provider = "saml_providers:\n  - name: center\n    acs_url: https://eu-central-1.signin.aws/platform/saml/acs/x\n    \
        audience: https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278\n    name_id: { format: email_address }\n";
    format!("{}\n{application}{provider}", cut.join("\n"))
}

const NARROWED: &str = "version: 1\nscim_providers: [{ name: aws-scim, url: \"{url}\", groups: [pilots] }]\n";

async fn call(root: &Browser, path: &str, body: Value) -> Answer {
    root.post_json(&format!("/fn/app/{path}"), &body).await
}

async fn good(root: &Browser, path: &str, body: Value) -> Value {
    let answer = call(root, path, body).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn named(field: &str, answer: &Answer) -> bool {
    let fault: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let fields = fault.get("detail").and_then(Value::as_array).cloned().unwrap_or_default();
    let told = fields.iter().any(|f| f.get("field").and_then(Value::as_str) == Some(field));
    answer.status == StatusCode::UNPROCESSABLE_ENTITY && told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scim_provider_is_tested_made_behind_an_application_and_runs_when_it_is_switched_on() {
    let provisioned = Provisioned::new(&unprovisioned()).await;
    let root = provisioned.world.signed_in("root").await;
    let token = provisioned.center().create_token().unwrap().secret;
    let mut provider =
        json!({ "name": "aws-scim", "url": provisioned.endpoint, "enabled": false, "writes_per_second": 1000 });

    let test = |token: Value| {
        call(&root, "scim_providers/api/test_scim_connection", json!({ "provider": provider, "token": token }))
    };
    assert_eq!(test(json!(token)).await.status, StatusCode::OK);
    assert!(named("token", &test(json!("another")).await), "a wrong token is told at its field");

    let create = |applications: Value| {
        let body =
            json!({ "provider": provider, "token": token, "expires": "2027-01-31", "applications": applications });
        call(&root, "scim_providers/api/create_scim_provider", body)
    };
    let refused = create(json!(["aws", "nothing"])).await;
    assert!(named("applications", &refused), "{}", refused.body);
    let list = good(&root, "scim_providers/api/list_scim_providers", json!({ "query": {} })).await;
    assert_eq!(list["total"], 0, "half of it was kept");
    let made = create(json!(["aws"])).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);

    let read = call(&root, "scim_providers/api/read_scim_provider", json!({ "name": "aws-scim" })).await;
    assert!(!read.body.contains(&token), "the token came back");
    let detail: Value = serde_json::from_str(&read.body).unwrap();
    assert_eq!(detail["used_by"], json!(["aws"]));
    assert!(detail["tokens"][0]["expires"].as_str().unwrap().starts_with("2027-01-31T00:00:00"), "{detail}");
    for page in ["/admin/scim-providers/aws-scim", "/admin/scim-providers/aws-scim/edit", "/admin/events"] {
        let page = root.get(page).await;
        assert!(page.status == StatusCode::OK && !page.body.contains(&token), "a page shows the token");
    }

    provisioned.status(ScimStatus::Disabled).await;
    let plan = good(&root, "scim_providers/api/plan_scim", json!({ "name": "aws-scim" })).await;
    assert!(plan["total"].as_u64().unwrap() > 0, "{plan}");
    assert_eq!(provisioned.users().len(), 0, "something was sent before it was switched on");
    provider["enabled"] = json!(true);
    let body = json!({ "name": "aws-scim", "version": detail["version"], "provider": provider });
    good(&root, "scim_providers/api/update_scim_provider", body).await;
    provisioned.synced().await;
    assert_eq!(provisioned.users().len(), 2);

    let delete =
        call(&root, "scim_providers/api/delete_scim_provider", json!({ "name": "aws-scim", "version": 2 })).await;
    assert!(delete.status == StatusCode::CONFLICT && delete.body.contains("aws"), "{}", delete.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_token_is_not_sent_to_an_address_that_was_just_typed() {
    let provisioned = Provisioned::new(PEOPLE).await;
    let root = provisioned.world.signed_in("root").await;
    let test = |url: String| {
        let provider = json!({ "name": "aws-scim", "url": url });
        call(&root, "scim_providers/api/test_scim_connection", json!({ "provider": provider, "token": null }))
    };
    assert_eq!(test(provisioned.endpoint.clone()).await.status, StatusCode::OK);
    provisioned.synced().await;
    provisioned.sandbox.forget_requests();
    assert!(named("token", &test(format!("{}/elsewhere", provisioned.endpoint)).await));
    assert_eq!(provisioned.sandbox.requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_id_is_checked_against_the_user_name_that_is_pushed() {
    let provisioned = Provisioned::new(&unprovisioned()).await;
    let root = provisioned.world.signed_in("root").await;
    let check =
        |user: &'static str| good(&root, "connect/api/check_name_id", json!({ "slug": "aws", "username": user }));
    let ada = check("ada").await;
    assert_eq!(
        (ada["name_id"].as_str(), ada["user_name"].as_str()),
        (Some("ada@example.com"), Some("ada@example.com"))
    );
    assert_eq!((&ada["equal"], &ada["may_open"], &ada["scim_provider"]), (&json!(true), &json!(true), &Value::Null));
    assert_eq!(ada["problems"], json!([]), "{ada}");

    // A mapping of the administrator's own pushes something else, and another by hand makes the NameID.
    let own = "version: 1\nproperty_mappings:\n  - { name: by-hand, kind: saml, expression: return user.email }\n  - { name: own, kind: scim_user, expression: 'return {\"userName\": user.username, \"displayName\": user.name, \"name\": {\"givenName\": \"A\", \"familyName\": \"B\"}}' }\n\
        saml_providers:\n  - { name: center, acs_url: \"https://eu-central-1.signin.aws/platform/saml/acs/x\", audience: \"https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278\", \
        name_id: { format: email_address, mapping: by-hand } }\n\
        scim_providers:\n  - { name: own-scim, url: \"https://scim.example/scim/v2\", user_mappings: [own], enabled: false }\n\
        applications:\n  - { slug: aws, name: AWS, saml_provider: center, backchannel_providers: [own-scim], bindings: [{ group: engineers }] }\n";
    provisioned.world.apply(own).await;
    let ada = check("ada").await;
    assert_eq!(
        (&ada["equal"], &ada["user_name"], &ada["scim_provider"]),
        (&json!(false), &json!("ada"), &json!("own-scim"))
    );
    assert!(ada["problems"][0].as_str().unwrap().contains("would find nobody"), "{ada}");
    let program = provisioned.world.api("root").await;
    assert_eq!(program.read("/applications/aws/name-ids/ada").await, ada);
    let all = program.read("/applications/aws/name-ids").await;
    assert!(all["differ"].as_u64() > Some(0) && all["shown"].to_string().contains("ada"), "{all}");

    let bare = "version: 1\nusers: [{ username: ada, name: Ada, groups: [engineers] }]\n";
    provisioned.world.apply(bare).await;
    let ada = check("ada").await;
    assert!(ada["problems"].as_array().unwrap().iter().any(|p| p.as_str().unwrap().contains("give ada one")), "{ada}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_of_a_user_shows_by_which_application_and_by_which_groups_the_user_is_there() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let root = provisioned.world.signed_in("root").await;
    let preview = "/admin/scim-providers/aws-scim/preview";
    let grace = root.get(&format!("{preview}?user=grace")).await.body;
    assert!(
        grace.contains("In scope, since these may be opened") && grace.contains("/admin/applications/aws"),
        "{grace}"
    );
    assert!(grace.contains("Sent as a member of") && grace.contains("by pilots → engineers"), "{grace}");
    let ada = root.get(&format!("{preview}?user=ada")).await.body;
    assert!(ada.contains("Sent as a member of") && !ada.contains("by pilots"), "ada is in engineers directly: {ada}");
    // Taken by the bindings, and left out by the group that the provider is narrowed to.
    provisioned.world.apply(&NARROWED.replace("{url}", &provisioned.endpoint)).await;
    let ada = root.get(&format!("{preview}?user=ada")).await.body;
    assert!(ada.contains("These may be opened, and that is not enough"), "{ada}");
    assert!(!ada.contains("Sent as a member of"), "{ada}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_is_in_the_way_of_the_pages_that_make_things() {
    let text = format!(
        "{}property_mappings:\n  - {{ name: new, kind: saml, saml_name: x, expression: return 1 }}\n\
         saml_providers:\n  - {{ name: new, acs_url: \"https://sp.example/acs\", audience: x }}\n  - {{ name: import, acs_url: \"https://sp.example/acs\", audience: x }}\n",
        PEOPLE.replace("aws-scim", "new").replace("slug: aws", "slug: new"),
    );
    let provisioned = Provisioned::quiet(&text).await;
    let root = provisioned.world.signed_in("root").await;
    for name in ["new", "import", "-"] {
        let generation = json!({ "algorithm": "rsa-2048", "common_name": "x", "valid_days": 30 });
        good(&root, "keys/api/generate_key", json!({ "name": name, "generation": generation })).await;
    }
    for (path, heading) in [
        ("/admin/keys/new", "Key new"),
        ("/admin/keys/import", "Key import"),
        ("/admin/keys/-", "Key -"),
        ("/admin/property-mappings/new", "Property mapping new"),
        ("/admin/saml-providers/new", "SAML provider new"),
        ("/admin/saml-providers/import", "SAML provider import"),
        ("/admin/scim-providers/new", "SCIM provider new"),
        ("/admin/applications/new", "Application new"),
        ("/admin/keys/-/new", "Generate a key"),
        ("/admin/keys/-/import", "Import a key"),
        ("/admin/property-mappings/-/new", "New property mapping"),
        ("/admin/saml-providers/-/new", "New SAML provider"),
        ("/admin/saml-providers/-/import", "SAML provider from metadata"),
        ("/admin/scim-providers/-/new", "New SCIM provider"),
        ("/admin/applications/-/new", "New application"),
    ] {
        let page = root.get(path).await;
        let title = format!("<title>{heading} · Rolecall</title>");
        assert!(page.status == StatusCode::OK && page.body.contains(&title), "{path} is not {heading}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_step_of_connecting_identity_center_stands_in_the_page_without_scripts() {
    let provisioned = Provisioned::quiet(&unprovisioned()).await;
    let root = provisioned.world.signed_in("root").await;
    for (step, told) in [
        ("", "platform/saml/d-99672f8278"),
        ("/application", "group engineers"),
        ("/exchange", "IdP SAML metadata"),
        ("/portal", "AWS access portal sign-in URL"),
        ("/name-id?user=ada", "Identity Center would find"),
        ("/provisioning", "SCIM endpoint"),
    ] {
        let page = root.get(&format!("/admin/connect/identity-center/center{step}")).await;
        assert!(page.status == StatusCode::OK && page.body.contains(told), "{step} does not say {told}");
    }
    let audrey = "version: 1\nusers: [{ username: audrey, email: audrey@example.com, password: \"analytical-engine-1843\", auditor: true }]\n";
    provisioned.world.apply(audrey).await;
    let page =
        provisioned.world.signed_in("audrey").await.get("/admin/connect/identity-center/center/provisioning").await;
    assert!(page.body.contains("Only administrators connect AWS.") && !page.body.contains("<form class=\"form\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_run_the_wizard_and_the_provider_show_whose_is_what_is_there() {
    let behind =
        unprovisioned().replace("saml_provider: center,", "saml_provider: center, backchannel_providers: [aws-scim],");
    let scim = "scim_providers: [{ name: aws-scim, {scim}, enabled: false, adopt: ask, writes_per_second: 1000 }]\n";
    let provisioned = Provisioned::quiet(&format!("{behind}{scim}")).await;
    for name in ["ada@example.com", "stranger@example.com"] {
        by_hand(&provisioned, "/Users", user(name)).await;
    }
    provisioned.sandbox.forget_requests();
    let root = provisioned.world.signed_in("root").await;
    for page in ["/admin/connect/identity-center/center/provisioning", "/admin/scim-providers/aws-scim/adoption"] {
        let shown = root.get(page).await.body;
        for words in ["stranger@example.com", "in conflict", "foreign", "it waits for a decision", "it is left alone"] {
            assert!(shown.contains(words), "{words} is not in {page}: {shown}");
        }
        assert!(
            shown.contains("Take over ada@example.com") && !shown.contains("Take over stranger"),
            "{page}: {shown}"
        );
    }
    let foreign = root.get("/admin/scim-providers/aws-scim/adoption?filter=foreign").await.body;
    assert!(foreign.contains("stranger@example.com") && !foreign.contains("ada@example.com"), "{foreign}");
    let provider = root.get("/admin/scim-providers/aws-scim").await.body;
    assert!(provider.contains("It is switched off, and nothing was sent yet."), "{provider}");
    assert_eq!(provisioned.writes(), [""; 0]);
}
