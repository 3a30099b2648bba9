use std::collections::BTreeSet;

use reqwest::StatusCode;
use tests::World;

/// Every form of the pages that the server draws, below `/admin`; all of them change something and so are for administrators.
const FORMS: [&str; 30] = [
    "api-tokens/*/revoke",
    "api-tokens/-/new",
    "applications/-/selected",
    "groups/*/delete",
    "groups/*/edit",
    "groups/*/members",
    "groups/*/rename",
    "groups/-/new",
    "groups/-/selected",
    "policies/*/delete",
    "policies/*/edit",
    "policies/-/new",
    "saml-providers/-/read",
    "saml-providers/-/take",
    "scim-providers/*/plans/*/apply",
    "scim-providers/*/plans/*/discard",
    "scim-providers/*/plans/-/new",
    "users/*/delete",
    "users/*/edit",
    "users/*/password",
    "users/*/rename",
    "users/*/sessions",
    "users/-/new",
    "users/-/selected",
    "webhooks/*/delete",
    "webhooks/*/edit",
    "webhooks/*/secret",
    "webhooks/*/test",
    "webhooks/-/new",
    "no/such/form",
];

/// What every form is sent: enough for each of them to do harm, if it let anybody.
const FIELDS: [(&str, &str); 12] = [
    ("act", "delete"),
    ("sure", "yes"),
    ("item", "aws"),
    ("sure_of", "1 aws"),
    ("version", "1"),
    ("username", "eve"),
    ("name", "eve"),
    ("password", "a-password-of-eve-1"),
    ("owner", "root"),
    ("label", "eve"),
    ("expression", "return True"),
    ("member", "mallory"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_form_is_refused_to_strangers_and_to_the_wrong_role_and_no_other_exists() {
    let world = World::new().await;
    let listed: BTreeSet<&str> = FORMS.into_iter().filter(|form| *form != "no/such/form").collect();
    assert_eq!(listed, app::forms().into_iter().collect(), "a form is new or gone: say here that it is known");
    let before = world.services.export(true).await.unwrap();
    let tokens = world.services.tokens().await.unwrap();
    let (ada, audrey) = (world.signed_in("ada").await, world.signed_in("audrey").await);
    for form in FORMS {
        for name in ["ada", "engineers", "always"] {
            let path = format!("/admin/{}", form.replace('*', name));
            let stranger = world.browser().post(&path, &FIELDS).await;
            assert_eq!(stranger.status, StatusCode::SEE_OTHER, "{path} to a stranger");
            assert!(stranger.location().starts_with("/login?"), "{path}: {}", stranger.location());
            assert_eq!(ada.post(&path, &FIELDS).await.status, StatusCode::FORBIDDEN, "{path} to a member");
            let auditor = audrey.post(&path, &FIELDS).await.status;
            let expected = if form == "no/such/form" { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN };
            assert_eq!(auditor, expected, "{path} to an auditor");
        }
    }
    assert!(world.services.export(true).await.unwrap() == before, "a refused form changed something");
    assert_eq!(world.services.tokens().await.unwrap(), tokens);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_every_page_and_finds_no_form_that_would_be_refused() {
    let world = World::new().await;
    let audrey = world.signed_in("audrey").await;
    for path in [
        "applications",
        "users",
        "users/ada",
        "users/ada/sessions",
        "users/ada/history",
        "groups",
        "groups/engineers",
        "policies",
        "policies/always",
        "api-tokens",
        "webhooks",
        "search?q=ada",
    ] {
        let page = audrey.get(&format!("/admin/{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let own = ["/theme", "/logout"];
        let forms = tests::forms(&page.body).into_iter().filter(|form| form.method == "post");
        let refused: Vec<_> = forms.filter(|form| !own.contains(&form.action.as_str())).collect();
        assert!(refused.is_empty(), "{path}: {refused:?}");
    }
    for path in
        ["users/-/new", "users/ada/edit", "users/ada/delete", "groups/-/new", "policies/-/new", "api-tokens/-/new"]
    {
        assert_eq!(audrey.get(&format!("/admin/{path}")).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_reaches_no_page_that_the_server_draws() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let foreign = [("sec-fetch-site", "cross-site")];
    let body = Some(("application/x-www-form-urlencoded", "version=1&sure=yes".to_owned()));
    let answer = root.send(reqwest::Method::POST, "/admin/users/mallory/delete", &foreign, body).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(root.get("/admin/users/mallory").await.status, StatusCode::OK);
}
