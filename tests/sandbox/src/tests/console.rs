//! The sign-in page.

use super::desk::{Answer, BASE, Desk};
use super::forge::{ACS, PROVIDER, ROLE, attribute, draft, encode, plus, signed, with};
use crate::xml::Node;

const OTHER: &str = "arn:aws:iam::123412341234:role/ops/Writer";

/// Two roles of which the second exists too.
fn two(desk: &Desk) -> String {
    let trust = crate::trust_policy(&desk.provider.arn, &[ACS]);
    let new = crate::NewRole { path: "/ops/".into(), ..crate::NewRole::new("Writer", &trust) };
    desk.sandbox.iam().create_role(new).unwrap();
    let pair = format!("{ROLE},{PROVIDER}");
    let both = format!("{pair}</saml:AttributeValue><saml:AttributeValue>{OTHER},{PROVIDER}");
    encode(&signed(&with(&pair, &both)))
}

async fn post(desk: &Desk, response: &str, more: &[(&str, &str)]) -> Answer {
    let mut form = vec![("SAMLResponse", response)];
    form.extend(more);
    desk.post("/saml", &form).await
}

#[tokio::test]
async fn one_role_leads_straight_to_the_console() {
    let desk = Desk::new();
    let extras = attribute("SessionDuration", &["43200"]) + &attribute("PrincipalTag:Team", &["a &amp; b"]);
    // An ampersand is no character of a tag.
    assert_eq!(post(&desk, &encode(&signed(&plus(&extras))), &[]).await.status, 400);
    let extras = attribute("SessionDuration", &["43200"]) + &attribute("PrincipalTag:Team", &["blue"]);
    let answer = post(&desk, &encode(&signed(&plus(&extras))), &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    for part in
        ["<h1>Console</h1>", "<dd>Reader</dd>", "<dd>123412341234</dd>", "<dt>Team</dt><dd>blue</dd>", "/console/home"]
    {
        assert!(answer.body.contains(part), "{part}: {}", answer.body);
    }
    // The console lasts as long as the assertion says, beyond the maximum of the role.
    assert!(answer.body.contains(&super::forge::at(43_200)), "{}", answer.body);
}

#[tokio::test]
async fn several_roles_lead_to_a_choice_that_tools_can_read_and_then_to_the_console() {
    let desk = Desk::new();
    let response = two(&desk);
    let relay = "https://eu-west-1.console.aws.amazon.com/ec2/?a=\"b\"";
    let page = post(&desk, &response, &[("RelayState", relay)]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    for part in [
        "<fieldset>\n<legend>Roles</legend>\n<div class=\"saml-account\">\n<div class=\"saml-account-name\">Account: 123412341234</div>",
        "<input type=\"radio\" name=\"roleIndex\" value=\"arn:aws:iam::123412341234:role/ops/Writer\"",
        "<label for=\"arn:aws:iam::123412341234:role/Reader\">Reader</label>",
        "<button type=\"submit\">Sign in</button>",
        "?a=&quot;b&quot;",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let console = post(&desk, &response, &[("RelayState", relay), ("roleIndex", OTHER)]).await;
    assert!(console.body.contains("<dd>Writer</dd>") && console.body.contains("eu-west-1.console"), "{}", console.body);
    let stranger = post(&desk, &response, &[("roleIndex", "arn:aws:iam::123412341234:role/Admin")]).await;
    assert!(stranger.body.contains("doesn&apos;t contain the requested Role and Metadata"), "{}", stranger.body);
}

#[tokio::test]
async fn only_console_addresses_are_landing_pages() {
    let desk = Desk::new();
    let response = encode(&signed(&draft()));
    for bad in [
        "http://console.aws.amazon.com/",
        "https://evil.example/",
        "https://console.aws.amazon.com@evil.example/",
        "<script>",
    ] {
        let page = post(&desk, &response, &[("RelayState", bad)]).await.body;
        assert!(page.contains("https://console.aws.amazon.com/console/home"), "{bad}");
        assert!(!page.contains("<script>") && !page.contains("evil"));
    }
}

#[tokio::test]
async fn a_refusal_shows_the_words_of_aws() {
    let desk = Desk::new();
    let bad = post(&desk, &encode(&signed(&draft()).replace("ada-7", "bob")), &[]).await;
    assert_eq!(bad.status, 400);
    assert!(bad.body.contains("<p class=\"message\">Response signature invalid</p>"), "{}", bad.body);
    assert!(bad.body.contains("Service: AWSSecurityTokenService; Status Code: 400; Error Code: InvalidIdentityToken"));
    let issuer = post(&desk, &encode(&signed(&with("https://idp.example/metadata", "https://x.example"))), &[]).await;
    assert!(issuer.body.contains(
        "Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: AuthSamlInvalidSamlResponseException"
    ));
    let none = desk.post("/saml", &[]).await;
    assert!(none.body.contains("Your request included an invalid SAML response. To logout, click here."));
}

#[tokio::test]
async fn a_provider_has_a_consumer_service_of_its_own() {
    let desk = Desk::new();
    let path = format!("/saml/acs/{}", desk.provider.uuid);
    let acs = format!("{BASE}{path}");
    let trust = crate::trust_policy(&desk.provider.arn, &[&acs]);
    desk.sandbox.iam().update_trust_policy("Reader", &trust).unwrap();
    let response = encode(&signed(&with(ACS, &acs)));
    let good = desk.post(&path, &[("SAMLResponse", &response)]).await;
    assert_eq!(good.status, 200, "{}", good.body);
    let other = desk.post("/saml/acs/SAMLSPX", &[("SAMLResponse", &response)]).await;
    assert!(other.body.contains("Specified provider doesn&apos;t exist"), "{}", other.body);
}

#[tokio::test]
async fn every_page_is_locked_down_and_reads_in_both_colour_schemes() {
    let desk = Desk::new();
    for path in ["/", "/saml", "/sandbox.css", "/static/saml-metadata.xml"] {
        let answer = desk.send("GET", path, &[], None).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{path}");
        assert!(!answer.body.contains("style="), "{path}");
    }
    assert_eq!(desk.send("GET", "/saml", &[], None).await.status, 405);
    assert!(desk.send("GET", "/sandbox.css", &[], None).await.body.contains("color-scheme: light dark"));
}

#[tokio::test]
async fn the_metadata_names_the_consumer_service_and_wants_signed_assertions() {
    let answer = Desk::new().send("GET", "/static/saml-metadata.xml", &[], None).await;
    let root = Node::parse(answer.body.as_bytes()).unwrap();
    assert_eq!(root.attribute("entityID"), Some("urn:amazon:webservices"));
    let everything = root.descendants();
    let find = |name: &str| everything.iter().filter(|n| n.name == name).collect::<Vec<_>>();
    assert_eq!(find("SPSSODescriptor")[0].attribute("WantAssertionsSigned"), Some("true"));
    assert_eq!(find("SPSSODescriptor")[0].attribute("AuthnRequestsSigned"), None);
    assert_eq!(find("NameIDFormat").len(), 8);
    let acs = format!("{BASE}/saml");
    assert_eq!(find("AssertionConsumerService")[0].attribute("Location"), Some(acs.as_str()));
}
