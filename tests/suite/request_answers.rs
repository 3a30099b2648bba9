use base64::{Engine, engine::general_purpose::STANDARD};
use tests::{ACS, World};

use crate::{
    requests::{REDIRECT, codes, request, send},
    sign_on::{authn_request, redirect_query},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_state_that_nothing_takes_along_goes_back_with_no_status_either() {
    const POST: &str = "/application/saml/aws/sso/binding/post/";
    let world = World::new().await;
    let long = "x".repeat(2049);
    for (at, state) in [long.as_str(), "a\u{7}b", "a\r\nb"].into_iter().enumerate() {
        // One is answered because of what it asks, the other because nobody is signed in.
        let other = |id: &str, path: &str| {
            authn_request(id, &format!("{}{path}", world.url), ACS).replace("Version=\"2.0\"", "Version=\"1.1\"")
        };
        let passive = |id: &str, path: &str| {
            authn_request(id, &format!("{}{path}", world.url), ACS).replace(" Version", " IsPassive=\"true\" Version")
        };
        for (kind, make) in [("v", &other as &dyn Fn(&str, &str) -> String), ("p", &passive)] {
            let browser = world.browser();
            let query = redirect_query(&make(&format!("_r{kind}{at}"), REDIRECT), state);
            let page = browser.get(&format!("{REDIRECT}?{query}")).await;
            assert!(page.status == 400 && page.body.contains("RelayState has at most"), "{kind}{at}: {}", page.body);
            let message = STANDARD.encode(make(&format!("_q{kind}{at}"), POST));
            let page = browser.post(POST, &[("SAMLRequest", &message), ("RelayState", state)]).await;
            assert!(page.status == 400 && page.body.contains("RelayState has at most"), "{kind}{at}: {}", page.body);
            assert!(!page.body.contains("SAMLResponse"), "{kind}{at}: {}", page.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passive_request_of_somebody_who_gets_nothing_is_answered_and_shows_nothing() {
    let world = World::new().await;
    let passive = |id: &str| request(&world, id).replace(" Version", " IsPassive=\"true\" Version");
    let mallory = world.signed_in("mallory").await;
    let page = send(&mallory, &passive("_n1")).await;
    assert_eq!((page.status.as_u16(), page.form().action.as_str()), (200, ACS), "{}", page.body);
    assert_eq!(codes(&page), ["Responder", "RequestDenied"]);
    assert!(!page.body.contains("You may not open"), "{}", page.body);

    // No aws_role in any group: AWS would refuse the response.
    world.apply("version: 1\ngroups: [{ name: aws-readers, attributes: {} }]").await;
    let grace = world.signed_in("grace").await;
    let page = send(&grace, &passive("_n2")).await;
    assert_eq!((page.status.as_u16(), page.form().action.as_str()), (200, ACS), "{}", page.body);
    assert_eq!(codes(&page), ["Responder"]);
    assert!(!page.body.contains("cannot sign you in"), "{}", page.body);

    // Who may be shown something sees what is wrong, and the way back to the service that asked.
    let page = send(&grace, &request(&world, "_n3")).await;
    assert_eq!(page.status, 422, "{}", page.body);
    assert!(page.body.contains("AWS role by group") && page.body.contains("Go back to the service"), "{}", page.body);
    assert_eq!((page.form().action.as_str(), codes(&page)), (ACS, vec!["Responder".to_owned()]));
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://"), "{policy}");
}
