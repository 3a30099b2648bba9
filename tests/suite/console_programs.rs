//! Policies, API tokens and webhooks in the console, as a browser without JavaScript uses it.

use reqwest::StatusCode;
use tests::{Api, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_tried_for_somebody_before_it_is_saved_and_stays_while_it_is_used() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let attempt = |source: &'static str, user: &'static str| {
        let root = &root;
        async move {
            let fields = [
                ("act", "try"),
                ("name", "p"),
                ("expression", source),
                ("trial_user", user),
                ("trial_application", "aws"),
            ];
            root.post("/admin/policies/-/new", &fields).await
        }
    };
    assert!(attempt("return user.is_member(\"engineers\")", "ada").await.body.contains("passes"));
    assert!(attempt("return user.is_member(\"engineers\")", "grace").await.body.contains("does not pass"));
    let raised = attempt("x = 1\nreturn x.missing", "ada").await.body;
    assert!(raised.contains("line 2"), "{raised}");
    let nobody = attempt("return True", "nobody").await;
    assert!(nobody.status == 422 && nobody.body.contains("there is no user `nobody`"), "{}", nobody.body);
    assert_eq!(root.get("/admin/policies/p").await.status, StatusCode::NOT_FOUND, "a trial saved it");

    let broken = root.post("/admin/policies/-/new", &[("name", "p"), ("expression", "return (")]).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", broken.body);
    let made = root.post("/admin/policies/-/new", &[("name", "p"), ("expression", "x = 1\r\nreturn x == 1")]).await;
    assert_eq!(made.location(), "/admin/policies/p?done=created", "{}", made.body);
    let saved = root.post("/admin/policies/p/edit", &[("version", "1"), ("expression", "return False")]).await;
    assert_eq!(saved.location(), "/admin/policies/p?done=saved", "{}", saved.body);
    let overtaken = root.post("/admin/policies/p/edit", &[("version", "1"), ("expression", "return 7")]).await;
    assert!(overtaken.status == 409 && overtaken.body.contains("return False"), "{}", overtaken.body);

    world.apply("version: 1\napplications: [{ slug: aws, name: A, bindings: [{ policy: p }] }]").await;
    let kept = root.post("/admin/policies/p/delete", &[("version", "2")]).await;
    assert!(kept.status == 409 && kept.body.contains("aws"), "{}", kept.body);
    world.apply("version: 1\napplications: [{ slug: aws, name: A, bindings: [{ policy: always }] }]").await;
    assert_eq!(
        root.post("/admin/policies/p/delete", &[("version", "2")]).await.location(),
        "/admin/policies?done=deleted"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_told_once_works_and_is_revoked() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let wrong =
        root.post("/admin/api-tokens/-/new", &[("owner", "nobody"), ("label", "x"), ("valid_days", "90")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("there is no user `nobody`"), "{}", wrong.body);
    let days =
        root.post("/admin/api-tokens/-/new", &[("owner", "audrey"), ("label", "x"), ("valid_days", "soon")]).await;
    assert!(days.status == 422 && days.body.contains("a number of days"), "{}", days.body);
    let made =
        root.post("/admin/api-tokens/-/new", &[("owner", "audrey"), ("label", "report"), ("valid_days", "2")]).await;
    assert_eq!(made.status, StatusCode::OK);
    let secret = made.body.split("data-copy=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    assert!(secret.starts_with("rolecall_"), "{secret}");
    assert_eq!(Api::new(&world.url, &secret).get("/me").await.status, 200);
    let list = root.get("/admin/api-tokens").await.body;
    assert!(list.contains("report") && !list.contains(&secret), "{list}");
    let token = world.services.tokens().await.unwrap().remove(0);
    let path = format!("/admin/api-tokens/{}/revoke", token.id);
    assert!(root.get(&path).await.body.contains("opens nothing any more"));
    let revoked = root.post(&path, &[("version", &token.version.to_string())]).await;
    assert_eq!(revoked.location(), "/admin/api-tokens?done=revoked", "{}", revoked.body);
    assert_eq!(Api::new(&world.url, &secret).get("/me").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_made_with_a_secret_that_is_told_once_and_changed() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let wrong = root.post("/admin/webhooks/-/new", &[("name", "pager"), ("url", "nowhere")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.body);
    let fields =
        [("name", "pager"), ("url", "https://pager.example/hook"), ("enabled", "on"), ("events", "sign_in_failed")];
    let made = root.post("/admin/webhooks/-/new", &fields).await;
    assert!(made.status == 200 && made.body.contains("whsec_"), "{}", made.body);
    let page = root.get("/admin/webhooks/pager").await.body;
    assert!(page.contains("sign-in failed") && !page.contains("whsec_"), "{page}");
    let off = [("version", "1"), ("url", "https://pager.example/hook")];
    assert_eq!(root.post("/admin/webhooks/pager/edit", &off).await.location(), "/admin/webhooks/pager?done=saved");
    assert!(root.get("/admin/webhooks").await.body.contains("switched off"));
    let another = root.post("/admin/webhooks/pager/secret", &[("version", "2")]).await;
    assert!(another.status == 200 && another.body.contains("whsec_"), "{}", another.body);
    let gone = root.post("/admin/webhooks/pager/delete", &[("version", "3")]).await;
    assert_eq!(gone.location(), "/admin/webhooks?done=deleted", "{}", gone.body);
}
