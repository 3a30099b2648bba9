use base64::{Engine, engine::general_purpose::STANDARD};
use tests::{ACS, World};

use crate::sign_on::{authn_request, redirect_query};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_cannot_be_trusted_gets_a_page_never_a_redirect_and_leaves_an_event() {
    let world = World::new().await;
    let endpoint = format!("{}/application/saml/aws/sso/binding/post/", world.url);
    let good = authn_request("_a", &endpoint, ACS);
    let cases = [
        ("an unregistered ACS", good.replace("/saml\"", "/evil\"")),
        ("a foreign destination", good.replace("/application/saml/aws", "/application/saml/other")),
        ("a DOCTYPE", format!("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>{good}")),
        ("another root", good.replace("AuthnRequest", "LogoutRequest")),
        ("an old request", good.replace("IssueInstant=\"2", "IssueInstant=\"1")),
        ("no XML", "hello".to_owned()),
        ("nothing", String::new()),
        ("half of it", good[..good.len() / 2].to_owned()),
    ];
    for (what, request) in cases {
        let answer = world.browser().post(&endpoint, &[("SAMLRequest", &STANDARD.encode(&request))]).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.body);
        assert_eq!(answer.location(), "", "{what} was redirected");
        assert!(!answer.body.contains("root:"), "{what} read a file");
    }
    let not_base64 = world.browser().post(&endpoint, &[("SAMLRequest", "%%%")]).await;
    assert_eq!(not_base64.status, 400);
    let events = world.signed_in("root").await.get("/admin/events?filter=request_refused").await;
    assert!(events.body.contains("not registered"), "no event tells of the unregistered ACS");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deflate_bomb_and_doubled_parameters_are_refused() {
    let world = World::new().await;
    let path = "/application/saml/aws/sso/binding/redirect/";
    let bomb = redirect_query(&"a".repeat(20 * 1024 * 1024), "");
    assert_eq!(world.browser().get(&format!("{path}?{bomb}")).await.status, 400);
    let query = redirect_query(&authn_request("_a", "x", "y"), "");
    let twice = world.browser().get(&format!("{path}?{query}&SAMLRequest=x")).await;
    assert!(twice.status == 400 && twice.body.contains("twice"), "{}", twice.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_said_in_plain_words_and_hostile_names_come_back_escaped() {
    let world = World::new().await;
    for path in ["/application/saml/nope/metadata/", "/application/saml/nope/sso/binding/init/", "/no/such/page"] {
        let answer = world.browser().get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("There is nothing here"), "{path}: {}", answer.body);
    }
    let answer = world.browser().get("/application/saml/%3Cscript%3Ealert(1)%3C%2Fscript%3E/metadata/").await;
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    let answer =
        world.browser().post("/login", &[("username", "\"><script>alert(1)</script>"), ("password", "x")]).await;
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused_and_the_server_stays_up() {
    let world = World::new().await;
    let answer = world
        .browser()
        .post("/application/saml/aws/sso/binding/post/", &[("SAMLRequest", &"A".repeat(2_000_000))])
        .await;
    assert_eq!(answer.status, 413);
    assert_eq!(world.browser().get("/health/ready").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_expressions_are_refused_or_end_in_time() {
    let world = World::new().await;
    for (expression, told) in [
        ("import os\\nreturn os.environ", "line"),
        ("while True:\\n  pass", "TimeoutError"),
        ("return 'a' * 200000000", ""),
        ("return [", "line"),
    ] {
        let text = format!(
            "version: 1\nproperty_mappings: [{{ name: AWS session name, kind: saml, saml_name: 'https://aws.amazon.com/SAML/Attributes/RoleSessionName', expression: \"{expression}\" }}]"
        );
        let applied = world.services.apply("f.yaml", &text, &|_| Err(String::new()), "test", false).await;
        let told_then = match applied {
            Err(error) => error.to_string(),
            Ok(_) => world
                .services
                .preview("aws", "ada", "")
                .await
                .unwrap()
                .mapping_errors
                .into_iter()
                .map(|(_, m)| m)
                .collect(),
        };
        assert!(!told_then.is_empty(), "{expression} gave no error");
        assert!(told_then.contains(told), "{expression}: {told_then}");
        assert_eq!(world.browser().get("/health/live").await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_too_long_to_be_carried_through_sign_in_is_said_to_be_and_not_dropped() {
    let world = World::new().await;
    let endpoint = format!("{}/application/saml/aws/sso/binding/post/", world.url);
    // Does not compress: each character of it differs from those before.
    let mut state = 7u64;
    let noise: String = (0..40_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from(b'a' + ((state >> 33) % 26) as u8)
        })
        .collect();
    let request = authn_request("_a", &endpoint, ACS).replace(
        "</samlp:AuthnRequest>",
        &format!("<samlp:Extensions><x xmlns=\"urn:x\">{noise}</x></samlp:Extensions></samlp:AuthnRequest>"),
    );
    let answer = world.browser().post(&endpoint, &[("SAMLRequest", &STANDARD.encode(&request))]).await;
    assert!(answer.status == 400 && answer.body.contains("too long"), "{} {}", answer.status, answer.body);
    let signed_in = world.signed_in("ada").await.post(&endpoint, &[("SAMLRequest", &STANDARD.encode(&request))]).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_of_64_kib_is_refused_where_it_would_break_sign_on_and_told_where_it_would_not() {
    let world = World::new().await;
    let long = "a".repeat(64 * 1024);
    world
        .apply(&format!(
            "version: 1\nusers: [{{ username: ada, name: Ada, email: ada@example.com, groups: [aws-admins], attributes: {{ essay: \"{long}\" }} }}]\n\
             property_mappings: [{{ name: AWS session name, kind: saml, saml_name: 'https://aws.amazon.com/SAML/Attributes/RoleSessionName', expression: 'return user.attributes[\"essay\"]' }}]"
        ))
        .await;
    let preview = world.services.preview("aws", "ada", "").await.unwrap();
    let told: String = preview.mapping_errors.iter().map(|(name, why)| format!("{name}: {why}")).collect();
    assert!(told.contains("AWS session name") && told.contains("64 KiB") && preview.xml.is_empty(), "{told}");
    let init = "/application/saml/aws/sso/binding/init/";
    let page = world.signed_in("ada").await.get(init).await;
    assert!(page.status == 422 && page.body.contains("AWS session name"), "{} {}", page.status, page.body);

    world
        .apply(&format!(
            "version: 1\nproperty_mappings:\n\
             - {{ name: AWS session name, kind: saml, saml_name: 'https://aws.amazon.com/SAML/Attributes/RoleSessionName', expression: return user.username }}\n\
             - {{ name: essay, kind: saml, saml_name: 'urn:essay', expression: 'return user.attributes[\"essay\"]' }}\n\
             saml_providers: [{{ name: aws-iam, acs_url: '{ACS}', issuer: authentik, audience: 'urn:amazon:webservices', property_mappings: [AWS role by group, AWS session name, essay] }}]"
        ))
        .await;
    let page = world.signed_in("ada").await.get(init).await;
    assert!(page.status == 200 && page.body.contains("SAMLResponse"), "{} {}", page.status, page.body);
    let events = world.signed_in("root").await.get("/admin/events?filter=mapping_failed").await;
    assert!(
        events.body.contains("`essay` failed"),
        "nothing tells of the attribute that was left out: {}",
        events.body
    );
}
