//! Users and groups renamed in the console, as a browser without JavaScript does it.

use reqwest::StatusCode;
use tests::{Answer, Browser, PASSWORD, Provisioned, World};

use crate::provisioning::PEOPLE;

/// The version that the form of a page would send.
async fn version(browser: &Browser, path: &str) -> String {
    let page = browser.get(path).await;
    let form = tests::forms(&page.body).into_iter().find(|form| form.action == path);
    form.and_then(|form| form.field("version").map(str::to_owned)).unwrap_or_else(|| panic!("{path}: {}", page.body))
}

fn gone_to(answer: &Answer, path: &str) {
    assert!(answer.status == StatusCode::SEE_OTHER && answer.location() == path, "{}: {}", answer.status, answer.body);
}

fn says(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.body.contains(text), "{text} is missing: {}", answer.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_renamed_after_reading_what_it_means_and_signs_in_by_the_new_name() {
    let world = World::new().await;
    world
        .apply(
            "version: 1
property_mappings: [{ name: by name, kind: saml, expression: return user.username }]
saml_providers:
  - { name: follows, acs_url: 'https://a.example/acs', audience: a, name_id: { format: unspecified, mapping: null } }
  - { name: mapped, acs_url: 'https://b.example/acs', audience: b, name_id: { format: persistent, mapping: by name } }
  - { name: steady, acs_url: 'https://c.example/acs', audience: c, name_id: { format: email_address, mapping: null } }
applications:
  - { slug: follows, name: F, saml_provider: follows, bindings: [{ user: ada }] }
  - { slug: mapped, name: M, saml_provider: mapped }
  - { slug: steady, name: S, saml_provider: steady }
policies: [{ name: only her, expression: \"return user.username == 'ada'\" }]
",
        )
        .await;
    let (root, ada) = (world.signed_in("root").await, world.signed_in("ada").await);
    let form = root.get("/admin/users/ada/rename").await;
    says(
        &form,
        &[
            "signed out everywhere (1 session now)",
            "the bindings that name the user follow: follows",
            "takes the person for another one: follows, mapped",
            "no SCIM service is told",
            "policy only her",
        ],
    );
    assert!(!form.body.contains("mapped, steady"), "an address by email does not follow: {}", form.body);
    let at = version(&root, "/admin/users/ada/rename").await;
    let rename =
        async |to: &str, at: &str| root.post("/admin/users/ada/rename", &[("version", at), ("username", to)]).await;
    for (to, why) in [
        ("", "1 to 128 characters"),
        ("two words", "no spaces"),
        ("grace", "there is a user of this name already"),
        ("ada", "this is the user name already"),
    ] {
        let refused = rename(to, &at).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{to}: {}", refused.body);
        says(&refused, &[why, "aria-invalid=\"true\"", "href=\"#username\""]);
    }
    let overtaken = rename("countess", "99").await;
    assert_eq!(overtaken.status, StatusCode::CONFLICT, "{}", overtaken.body);
    says(&overtaken, &["was changed meanwhile", "value=\"countess\""]);
    assert_eq!(ada.get("/").await.status, StatusCode::OK, "a refused rename ended a session");

    gone_to(&rename("countess", &at).await, "/admin/users/countess?done=renamed");
    says(&root.get("/admin/users/countess?done=renamed").await, &["It has the new name", "Ada Lovelace"]);
    assert_eq!(root.get("/admin/users/ada").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ada.get("/").await.status, StatusCode::SEE_OTHER, "the session goes on");
    assert_eq!(world.browser().sign_in("ada", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.browser().sign_in("countess", PASSWORD).await.status, StatusCode::SEE_OTHER);
    says(&root.get("/admin/events?q=countess").await, &["root renamed the user ada to countess"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_renamed_after_reading_what_it_means_and_is_the_same_there() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    provisioned.sandbox.forget_requests();
    let root = provisioned.world.signed_in("root").await;
    let form = root.get("/admin/groups/engineers/rename").await;
    says(
        &form,
        &[
            "2 direct members",
            "the groups below it stay there: pilots",
            "what names it follows: a binding of the application aws",
            "not made anew: aws-scim",
            "a group that is called engineers later is another one",
        ],
    );
    let at = version(&root, "/admin/groups/engineers/rename").await;
    let rename =
        async |to: &str, at: &str| root.post("/admin/groups/engineers/rename", &[("version", at), ("name", to)]).await;
    for (to, why) in
        [("", "field-error"), ("pilots", "there is a group of this name already"), ("engineers", "already")]
    {
        let refused = rename(to, &at).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{to}: {}", refused.body);
        says(&refused, &[why, "aria-invalid=\"true\"", "href=\"#name\""]);
    }
    assert_eq!(rename("crew", "99").await.status, StatusCode::CONFLICT);
    gone_to(&rename("Engine Room", &at).await, "/admin/groups/Engine%20Room?done=renamed");
    provisioned.synced().await;
    assert_eq!(provisioned.writes(), ["PatchGroup"]);
    says(&root.get("/admin/groups/Engine%20Room").await, &["a binding of the application aws", "ada"]);
    assert_eq!(root.get("/admin/groups/engineers/rename").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_says_which_scim_services_are_told_of_it() {
    let mapping = "property_mappings:\n  - { name: z, kind: scim_user, expression: \"return {'nickName': user.username}\" }\nscim_providers:";
    let text = PEOPLE.replace("scim_providers:", mapping);
    let text =
        text.replace("writes_per_second", "user_mappings: ['rolecall default SCIM: user', z], writes_per_second");
    let provisioned = Provisioned::quiet(&text).await;
    let root = provisioned.world.signed_in("root").await;
    says(&root.get("/admin/users/ada/rename").await, &["not made anew: aws-scim"]);
    // Who is not in scope is no matter of a service.
    says(&root.get("/admin/users/robot/rename").await, &["no SCIM service is told"]);
}
