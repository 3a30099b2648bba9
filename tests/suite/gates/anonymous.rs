use reqwest::{Method, StatusCode};
use tests::World;

/// What anybody may ask for. The list may only shrink.
const OPEN: [(&str, &str); 11] = [
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/setup"),
    ("GET", "/application/saml/aws/metadata/"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("POST", "/theme"),
    ("POST", "/logout"),
    // Whoever signs out has no session any more, and may have to go on with it: what they hold is in a cookie.
    ("GET", "/logout"),
    ("POST", "/logout/continue"),
    ("GET", "/pkg/rolecall.css"),
];

/// What needs a session, and what it answers without one.
const CLOSED: [(&str, &str); 37] = [
    ("GET", "/"),
    ("POST", "/logout/everywhere"),
    ("GET", "/admin"),
    ("GET", "/admin/applications"),
    ("GET", "/admin/events?q=x"),
    ("GET", "/admin/search?q=ada"),
    ("GET", "/admin/users"),
    ("GET", "/admin/users/ada"),
    ("POST", "/admin/users/ada/delete"),
    ("GET", "/admin/groups/engineers"),
    ("GET", "/admin/policies/always/edit"),
    ("GET", "/admin/api-tokens"),
    ("GET", "/admin/webhooks/-/new"),
    ("GET", "/admin/saml-providers"),
    ("GET", "/admin/saml-providers/-/import"),
    ("GET", "/admin/saml-providers/aws-iam"),
    ("GET", "/admin/saml-providers/aws-iam/test"),
    ("GET", "/admin/saml-providers/aws-iam/responses"),
    ("GET", "/admin/saml-providers/aws-iam/responses/x"),
    ("GET", "/admin/scim-providers"),
    ("GET", "/admin/scim-providers/-/new"),
    ("GET", "/admin/scim-providers/x/edit"),
    ("GET", "/admin/scim-providers/x/preview?user=ada"),
    ("GET", "/admin/scim-providers/x/runs/1?filter=refused"),
    ("GET", "/admin/scim-providers/x/objects"),
    ("GET", "/admin/scim-providers/x/objects/group/engineers"),
    ("GET", "/admin/connect/identity-center"),
    ("GET", "/admin/connect/identity-center/x/name-id?user=ada"),
    ("GET", "/admin/keys"),
    ("GET", "/admin/keys/-/import"),
    ("GET", "/admin/keys/rolecall"),
    ("GET", "/admin/property-mappings"),
    ("GET", "/admin/property-mappings/AWS%20session%20name"),
    ("GET", "/admin/no/such/page"),
    ("GET", "/application/saml/aws/sso/binding/init/"),
    ("GET", "/application/saml/aws/sso/binding/init/?RelayState=https%3A%2F%2Fconsole.aws.amazon.com%2Fec2%2F"),
    ("GET", "/application/saml/aws/sso/binding/init/?role=arn%3Aaws%3Aiam%3A%3A123412341234%3Arole%2FAdmin"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_path_but_the_open_ones_sends_a_visitor_to_sign_in_and_back() {
    let world = World::new().await;
    for (method, path) in CLOSED {
        let answer = world.browser().send(Method::from_bytes(method.as_bytes()).unwrap(), path, &[], None).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{method} {path}");
        let query =
            answer.location().strip_prefix("/login?").unwrap_or_else(|| panic!("{path} went to {}", answer.location()));
        let next = url::form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == "next").unwrap().1;
        assert_eq!(next, path, "the way back is lost");
        assert!(answer.body.is_empty(), "{path} rendered something for a stranger");
    }
    for (method, path) in OPEN {
        let answer = world.browser().send(Method::from_bytes(method.as_bytes()).unwrap(), path, &[], None).await;
        assert!(!answer.location().starts_with("/login?"), "{path} is not open");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_refused_the_console_and_an_auditor_is_let_in() {
    let world = World::new().await;
    for path in ["/admin", "/admin/applications", "/admin/events", "/admin/users"] {
        assert_eq!(world.signed_in("ada").await.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(world.signed_in("audrey").await.get(path).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_another_site_sends_is_refused() {
    let world = World::new().await;
    let browser = world.signed_in("ada").await;
    for headers in [
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "https://evil.example")],
        [("origin", "null")],
    ] {
        for path in ["/logout", "/logout/continue", "/login", "/theme"] {
            let answer = browser.send(Method::POST, path, &headers, None).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {headers:?}");
        }
    }
    assert_eq!(browser.get("/").await.status, StatusCode::OK, "still signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_security_headers_with_a_fresh_nonce() {
    let world = World::new().await;
    let mut nonces = std::collections::HashSet::new();
    for path in ["/login", "/", "/no/such", "/health/live", "/application/saml/aws/metadata/"] {
        let answer = world.browser().get(path).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap().to_owned();
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert!(nonces.insert(policy), "{path} repeats a nonce");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
}
