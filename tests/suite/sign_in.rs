use reqwest::StatusCode;
use tests::{PASSWORD, World};

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_in_form_is_the_first_and_can_be_filled_in_by_a_program() {
    let world = World::new().await;
    let next = "/application/saml/aws/sso/binding/init/?RelayState=https%3A%2F%2Fconsole.aws.amazon.com%2F";
    let browser = world.browser();
    let to_login = browser.get(next).await;
    let form = browser.get(to_login.location()).await.form();
    assert_eq!(form.method, "post");
    assert!(form.action.starts_with("/login"), "{}", form.action);
    assert!(form.field("username").is_some() && form.field("password").is_some());
    let done = browser.post(&form.action, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert_eq!(done.location(), next, "what was wanted is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let world = World::new().await;
    let wrong = world.browser().sign_in("ada", "wrong-password-1").await;
    let unknown = world.browser().sign_in("bda", "wrong-password-1").await;
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    let neutral = |body: &str, name: &str| {
        let without_nonce: Vec<&str> = body
            .split("nonce=\"")
            .enumerate()
            .map(|(i, p)| if i == 0 { p } else { p.split_once('"').map_or("", |x| x.1) })
            .collect();
        without_nonce.concat().replace(name, "NAME")
    };
    assert_eq!(neutral(&wrong.body, "ada"), neutral(&unknown.body, "bda"));
    assert!(wrong.headers.get("set-cookie").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_wrong_passwords_are_slowed_and_nothing_falls_over() {
    let world = World::new().await;
    let browser = world.browser();
    let mut refused = 0;
    for _ in 0..1000 {
        let answer = browser.sign_in("ada", "wrong-password-1").await;
        match answer.status {
            StatusCode::UNAUTHORIZED => {}
            StatusCode::TOO_MANY_REQUESTS => {
                assert!(answer.body.contains("Try again in"));
                refused += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert!(refused > 900, "only {refused} were slowed");
    world.clock.advance(3_700);
    assert_eq!(browser.sign_in("ada", PASSWORD).await.status, 303, "the owner is locked out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_idle_when_old_when_signed_out_and_when_the_person_is_deactivated() {
    let world = World::new().await;
    let browser = world.signed_in("ada").await;
    world.clock.advance(domain::IDLE - 60);
    assert_eq!(browser.get("/").await.status, 200);
    world.clock.advance(domain::IDLE + 1);
    assert_eq!(browser.get("/").await.status, 303, "an idle session lives");

    let browser = world.signed_in("ada").await;
    for _ in 0..=(domain::ABSOLUTE / domain::IDLE) {
        world.clock.advance(domain::IDLE - 60);
        browser.get("/").await;
    }
    assert_eq!(browser.get("/").await.status, 303, "an old session lives");

    let browser = world.signed_in("ada").await;
    assert_eq!(browser.post("/logout", &[]).await.location(), "/login");
    assert_eq!(browser.get("/").await.status, 303);

    let browser = world.signed_in("grace").await;
    world
        .apply("version: 1\nusers: [{ username: grace, name: Grace Hopper, active: false, groups: [aws-readers] }]")
        .await;
    assert_eq!(browser.get("/").await.status, 303, "a deactivated person's session lives");
    assert_eq!(world.browser().sign_in("grace", PASSWORD).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_id_is_new_at_each_sign_in_and_the_old_one_is_worth_nothing() {
    let world = World::new().await;
    let browser = world.browser();
    let id = |a: &tests::Answer| a.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let first = browser.sign_in("ada", PASSWORD).await;
    let second = browser.sign_in("ada", PASSWORD).await;
    assert_ne!(id(&first), id(&second));
    let cookie = first.headers["set-cookie"].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let old = world.browser().send(reqwest::Method::GET, "/", &[("cookie", &id(&first))], None).await;
    assert_eq!(old.status, 303);
    let new = world.browser().send(reqwest::Method::GET, "/", &[("cookie", &id(&second))], None).await;
    assert_eq!(new.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_never_leads_to_another_host() {
    let world = World::new().await;
    for next in
        ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:x=1"]
    {
        let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let answer =
            world.browser().post(&format!("/login?{query}"), &[("username", "ada"), ("password", PASSWORD)]).await;
        let location = answer.location();
        assert!(
            location.starts_with('/') && !location.starts_with("//") && !location.contains('\\'),
            "{next} led to {location}"
        );
    }
}
