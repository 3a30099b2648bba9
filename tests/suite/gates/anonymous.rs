use reqwest::{Method, StatusCode};
use tests::World;

/// Pages with what was asked of them. That every path is shut is for the gate of routes.
const ASKED: [&str; 8] = [
    "/admin/events?q=x",
    "/admin/search?q=ada",
    "/admin/scim-providers/x/preview?user=ada",
    "/admin/scim-providers/x/runs/1?filter=refused",
    "/admin/connect/identity-center/x/name-id?user=ada",
    "/admin/property-mappings/AWS%20session%20name",
    "/application/saml/aws/sso/binding/init/?RelayState=https%3A%2F%2Fconsole.aws.amazon.com%2Fec2%2F",
    "/application/saml/aws/sso/binding/init/?role=arn%3Aaws%3Aiam%3A%3A123412341234%3Arole%2FAdmin",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_is_sent_to_sign_in_and_back_with_all_that_was_asked() {
    let world = World::new().await;
    for path in ASKED {
        let answer = world.browser().get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        let query =
            answer.location().strip_prefix("/login?").unwrap_or_else(|| panic!("{path} went to {}", answer.location()));
        let next = url::form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == "next").unwrap().1;
        assert_eq!(next, path, "the way back is lost");
        assert!(answer.body.is_empty(), "{path} rendered something for a stranger");
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
