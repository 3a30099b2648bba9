use base64::{Engine, engine::general_purpose::STANDARD};
use saml::sign_redirect;
use tests::{PASSWORD, World};

use super::kit::{Kind, Kit, SP, Template, xmlsec1_signs};

/// Where `state` is what a link of the attacker would carry.
const STATES: [&str; 5] = [
    "https://evil.example/",
    "//evil.example",
    "javascript:alert(1)",
    "\"><script>alert(1)</script>",
    "/\\evil.example",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_response_goes_to_registered_addresses_only_however_alike_another_one_looks() {
    let kit = Kit::new().await;
    let key = &kit.partner.key;
    let good = kit.message(Kind::SignOn, "_a", false, "").replace("/binding/post/", "/binding/redirect/");
    let to_post = kit.message(Kind::SignOn, "_a", false, &Template::of("_a").text());
    let by_post = async |what: &str, xml: &str| {
        let signed = xmlsec1_signs(xml, "--privkey-pem", &kit.partner.made.private_key_pem);
        kit.refused(Kind::SignOn, &format!("{what}, by post"), &signed, "not registered").await;
    };
    for url in [
        "https://evil.example/acs",
        "https://sp.example.evil.example/acs",
        "https://sp.example@evil.example/acs",
        "https://sp.example/acs/../../evil",
        "https://sp.example/acs/",
        "https://sp.example/acs?x",
        "https://sp.example/acs#x",
        "https://SP.example/acs",
        "http://sp.example/acs",
        "https://sp.example:444/acs",
        "javascript:alert(1)//https://sp.example/acs",
        "//sp.example/acs",
        "/acs",
    ] {
        // Signed, so that nothing but the list of addresses stands in the way; and asking for what only a status can
        // answer, for a refusal must not be sent there either.
        let asking = |xml: &str| {
            let xml = xml.replace(&format!("{SP}/acs"), url);
            let passive = xml.replace(" Version=\"2.0\"", " IsPassive=\"true\" Version=\"2.0\"");
            let older = xml.replace(" Version=\"2.0\"", " Version=\"1.1\"");
            [xml, passive, older]
        };
        for xml in asking(&to_post) {
            by_post(url, &xml).await;
        }
        for xml in asking(&good) {
            let query = sign_redirect("SAMLRequest", &xml, None, key.default_algorithm(), key).unwrap();
            let answer = kit.ada.get(&format!("{}?{query}", Kind::SignOn.path("redirect"))).await;
            kit.was_refused(url, answer, "not registered").await;
        }
    }
    let by_index = |xml: &str| {
        xml.replace(&format!(" AssertionConsumerServiceURL=\"{SP}/acs\""), " AssertionConsumerServiceIndex=\"8\"")
    };
    by_post("an index that is not there", &by_index(&to_post)).await;
    let none = by_index(&good);
    let query = sign_redirect("SAMLRequest", &none, None, key.default_algorithm(), key).unwrap();
    let answer = kit.ada.get(&format!("{}?{query}", Kind::SignOn.path("redirect"))).await;
    kit.was_refused("an index that is not there", answer, "not registered").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_state_is_a_field_that_goes_back_and_leads_nowhere() {
    let kit = Kit::new().await;
    let key = &kit.partner.key;
    for (count, state) in STATES.into_iter().enumerate() {
        let xml =
            kit.message(Kind::SignOn, &format!("_r{count}"), false, "").replace("/binding/post/", "/binding/redirect/");
        let query = sign_redirect("SAMLRequest", &xml, Some(state), key.default_algorithm(), key).unwrap();
        let started = url::form_urlencoded::Serializer::new(String::new()).append_pair("RelayState", state).finish();
        for path in [
            format!("{}?{query}", Kind::SignOn.path("redirect")),
            format!("/application/saml/sp/sso/binding/init/?{started}"),
        ] {
            let page = kit.ada.get(&path).await;
            assert_eq!((page.status.as_u16(), page.location()), (200, ""), "{state}: {}", page.body);
            assert!(
                page.form().action.starts_with(SP) && page.form().field("RelayState") == Some(state),
                "{}",
                page.body
            );
            assert!(!page.body.contains("<script>alert"), "{}", page.body);
            let policy = page.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains(&format!("form-action 'self' {SP}")) && !policy.contains("evil"), "{policy}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_and_the_address_of_a_logout_lead_to_registered_addresses_only() {
    let kit = Kit::new().await;
    let key = &kit.partner.key;
    for (count, state) in STATES.into_iter().enumerate() {
        let xml =
            kit.message(Kind::Logout, &format!("_l{count}"), false, "").replace("/binding/post/", "/binding/redirect/");
        let query = sign_redirect("SAMLRequest", &xml, Some(state), key.default_algorithm(), key).unwrap();
        let answer = kit.ada.get(&format!("{}?{query}", Kind::Logout.path("redirect"))).await;
        let location = answer.location();
        assert!(location.starts_with(&format!("{SP}/slo?SAMLResponse=")), "{state}: {} {location}", answer.status);
        assert_eq!(kit.ada.sign_in("ada", tests::PASSWORD).await.status, 303);
        kit.ada.get("/application/saml/sp/sso/binding/init/").await;
    }
    // The state of an answer is a handle of ours, not a place.
    for state in STATES {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("SAMLResponse", "x")
            .append_pair("RelayState", state)
            .finish();
        let answer = kit.ada.get(&format!("{}?{query}", Kind::Logout.path("redirect"))).await;
        kit.was_refused(state, answer, "refused").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_passive_request_that_goes_on_as_a_navigation_is_still_held_against_its_signature() {
    let kit = Kit::new().await;
    let signed = |id: &str| {
        let message = kit.message(Kind::SignOn, id, false, &Template::of(id).text());
        let message = message.replace(" Version=\"2.0\"", " IsPassive=\"true\" Version=\"2.0\"");
        xmlsec1_signs(&message, "--privkey-pem", &kit.partner.made.private_key_pem)
    };
    let post = async |xml: &str| {
        let fields = [("SAMLRequest", STANDARD.encode(xml))];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        kit.world.browser().post(&Kind::SignOn.path("post"), &fields).await
    };
    let sent = post(&signed("_p1")).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let page = kit.ada.get(sent.location()).await;
    assert_eq!(page.form().action, format!("{SP}/acs"));
    assert!(crate::sign_on::xml(&page).contains("InResponseTo=\"_p1\""), "{}", page.body);
    // One that does not hold is refused where it is posted, and where it is navigated to without that.
    let forged = signed("_p2").replace("/acs\"", "/other\"");
    kit.was_refused("posted", post(&forged).await, "ignature").await;
    let query = crate::sign_on::redirect_query(&forged, "");
    let answer = kit.ada.get(&format!("{}?{query}", Kind::SignOn.path("redirect"))).await;
    kit.was_refused("navigated to", answer, "ignature").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_sign_in_nor_a_visit_while_signed_in_nor_the_theme_leads_to_another_host() {
    let world = World::new().await;
    let ada = world.signed_in("ada").await;
    for next in [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        let login = format!("/login?{query}");
        for (what, answer) in [
            ("signing in", world.browser().post(&login, &[("username", "ada"), ("password", PASSWORD)]).await),
            ("a visit", ada.get(&login).await),
            ("the theme", ada.post("/theme", &[("theme", "dark"), ("next", next)]).await),
        ] {
            assert_eq!((answer.status.as_u16(), answer.location()), (303, "/"), "{what} with {next:?}");
        }
    }
}
