use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{hash::MessageDigest, pkey::PKey, sign::Signer};
use saml::sign_redirect;

use serde_json::json;

use super::kit::{Kind, Kit, SP, Template, xmlsec1_signs};
use crate::sign_on::{redirect_query, xml};

fn signed(kit: &Kit, kind: Kind, id: &str, state: Option<&str>) -> String {
    let xml = kit.message(kind, id, false, "").replace("/binding/post/", "/binding/redirect/");
    let key = &kit.partner.key;
    sign_redirect("SAMLRequest", &xml, state, key.default_algorithm(), key).unwrap()
}

async fn refused(kit: &Kit, kind: Kind, what: &str, query: &str, reason: &str) {
    let answer = kit.ada.get(&format!("{}?{query}", kind.path("redirect"))).await;
    kit.was_refused(&format!("{kind:?}, {what}"), answer, reason).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_query_that_was_polluted_spelt_anew_or_cut_is_refused() {
    let kit = Kit::new().await;
    for kind in Kind::BOTH {
        let good = signed(&kit, kind, "_a", Some("their state/1"));
        let forged = redirect_query(&kit.message(kind, "_b", true, ""), "");
        let (forged, _) = forged.split_once("&RelayState").unwrap();
        let (message, rest) = good.split_once("&SigAlg=").unwrap();
        let signature = rest.split_once("&Signature=").unwrap().1;
        // What is public is no secret that two share.
        let by_public_key = {
            let text = format!("{message}&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23hmac-sha256");
            let key = PKey::hmac(kit.partner.made.certificate_pem.as_bytes()).unwrap();
            let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
            signer.update(text.as_bytes()).unwrap();
            let mac = STANDARD.encode(signer.sign_to_vec().unwrap());
            let mac: String = url::form_urlencoded::byte_serialize(mac.as_bytes()).collect();
            format!("{text}&Signature={mac}")
        };
        for (what, query, reason) in [
            ("a forged message in front", format!("{forged}&{good}"), "twice"),
            ("a forged message behind", format!("{good}&{forged}"), "twice"),
            ("two states", format!("{good}&RelayState=x"), "twice"),
            ("two algorithms", format!("{good}&SigAlg=none"), "twice"),
            ("two signatures", format!("{good}&Signature=AAAA"), "twice"),
            (
                "a name in percent-encoding",
                format!("{}&{good}", forged.replacen("SAML", "%53AML", 1)),
                "percent-encoding",
            ),
            ("a response beside it", format!("{good}&SAMLResponse=x"), "both"),
            ("another state", good.replace("their", "my"), "registered for the sender"),
            ("no state", good.replace("&RelayState=their%20state%2F1", ""), "registered for the sender"),
            ("lower-case digits", good.replace("%2F", "%2f"), "registered for the sender"),
            ("a plus for a space", good.replace("their%20state", "their+state"), "registered for the sender"),
            ("a letter in percent-encoding", good.replace("their", "%74heir"), "registered for the sender"),
            ("no signature", message.to_owned(), "Signature"),
            ("no algorithm", format!("{message}&Signature={signature}"), "only together"),
            ("an algorithm alone", format!("{message}&SigAlg=x"), "only together"),
            (
                "SHA-1",
                format!(
                    "{message}&SigAlg=http%3A%2F%2Fwww.w3.org%2F2000%2F09%2Fxmldsig%23rsa-sha1&Signature={signature}"
                ),
                "not accepted",
            ),
            ("none", format!("{message}&SigAlg=none&Signature={signature}"), "not accepted"),
            ("HMAC with the public certificate", by_public_key, "not accepted"),
            ("semicolons between", good.replace('&', ";"), "not base64"),
            // What one library answered with a panic.
            (
                "MGF1",
                format!(
                    "{message}&SigAlg=http%3A%2F%2Fwww.w3.org%2F2007%2F05%2Fxmldsig-more%23sha256-rsa-MGF1&Signature={signature}"
                ),
                "not accepted",
            ),
            ("another encoding", format!("{good}&SAMLEncoding=urn%3Ax"), "SAMLEncoding"),
        ] {
            assert_ne!(query, good, "{what}");
            refused(&kit, kind, what, &query, reason).await;
        }
    }
    let query = signed(&kit, Kind::SignOn, "_c", Some("their state/1"));
    let page = kit.ada.get(&format!("{}?{query}", Kind::SignOn.path("redirect"))).await;
    assert_eq!(page.form().field("RelayState"), Some("their state/1"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_answered_once_by_whichever_binding_it_comes() {
    let kit = Kit::new().await;
    let genuine = kit.genuine(Kind::SignOn, "_once");
    kit.taken(Kind::SignOn, &genuine).await;
    kit.refused(Kind::SignOn, "again", &genuine, "answered already").await;
    let moved = redirect_query(&genuine, "");
    refused(&kit, Kind::SignOn, "again, by redirect", &moved, "answered already").await;
    // A second person cannot use it either.
    let field = STANDARD.encode(&genuine);
    let other = kit.grace.post(&Kind::SignOn.path("post"), &[("SAMLRequest", &field)]).await;
    kit.was_refused("again, by somebody else", other, "answered already").await;

    let query = signed(&kit, Kind::Logout, "_out", None);
    let path = format!("{}?{query}", Kind::Logout.path("redirect"));
    assert_eq!(kit.ada.get(&path).await.status, 303);
    let ada = kit.ada.sign_in("ada", tests::PASSWORD).await;
    assert_eq!(ada.status, 303);
    let again = kit.ada.get(&path).await;
    kit.was_refused("a logout again", again, "answered already").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_for_another_place_or_from_another_time_is_refused() {
    let kit = Kit::new().await;
    for kind in Kind::BOTH {
        let (root, good) = (kit.world.url.clone(), kit.message(kind, "_a", false, ""));
        let to_post = kit.message(kind, "_a", false, &Template::of("_a").text());
        for (what, from, to) in [
            ("another application", "/application/saml/sp/", "/application/saml/aws/"),
            ("another server", root.as_str(), "https://idp.evil.example"),
            ("another century", "IssueInstant=\"20", "IssueInstant=\"19"),
            ("the future", "IssueInstant=\"20", "IssueInstant=\"21"),
        ] {
            assert!(good.contains(from), "{what}");
            let xml = good.replace(from, to).replace("/binding/post/", "/binding/redirect/");
            let key = &kit.partner.key;
            let query = sign_redirect("SAMLRequest", &xml, None, key.default_algorithm(), key).unwrap();
            let reason =
                if what.starts_with("another ") && what != "another century" { "Destination" } else { "IssueInstant" };
            refused(&kit, kind, what, &query, reason).await;
            let signed = xmlsec1_signs(&to_post.replace(from, to), "--privkey-pem", &kit.partner.made.private_key_pem);
            kit.refused(kind, &format!("{what}, by post"), &signed, reason).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_a_field_twice_is_refused_and_written_down() {
    let kit = Kit::new().await;
    let root = kit.world.signed_in("root").await;
    let mut told = 0;
    for kind in Kind::ALL {
        let (genuine, forged) = (kit.genuine(kind, "_a"), kit.message(kind, "_b", true, ""));
        let fields = [&genuine, &forged].map(|xml| STANDARD.encode(xml));
        let [good, bad] = fields.each_ref().map(String::as_str);
        let name = kind.parameter();
        for (what, fields) in [
            ("a forged message in front", vec![(name, bad), (name, good)]),
            ("a forged message behind", vec![(name, good), (name, bad)]),
            ("two states", vec![(name, good), ("RelayState", "a"), ("RelayState", "b")]),
        ] {
            let answer = kit.ada.post(&kind.path("post"), &fields).await;
            kit.was_refused(&format!("{kind:?}, {what}"), answer, "twice").await;
            told += 1;
            let asked = json!({ "query": { "filter": "request_refused", "q": "twice" } });
            let events = root.post_json("/fn/app/events/api/list_events", &asked).await.body;
            assert!(events.contains(&format!("\"total\":{told}")), "{kind:?}, {what} left no event: {events}");
        }
        // It was good all along.
        if kind != Kind::Logout {
            kit.taken(kind, &genuine).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_in_the_address_of_a_form_is_not_read() {
    let kit = Kit::new().await;
    let polluted = |kind: Kind| {
        let forged = kind.query(&kit.message(kind, "_forged", true, ""));
        format!("{}?{forged}evil", kind.path("post"))
    };
    for kind in Kind::ALL {
        let alone = kit.ada.post(&polluted(kind), &[("x", "y")]).await;
        kit.was_refused(&format!("{kind:?}, in the address alone"), alone, "").await;
    }
    // Beside a genuine one it changes nothing of what is asked, of whom it is asked, and of what goes back.
    let field = STANDARD.encode(kit.genuine(Kind::SignOn, "_a"));
    let page = kit.ada.post(&polluted(Kind::SignOn), &[("SAMLRequest", &field)]).await;
    assert_eq!(page.form().action, format!("{SP}/acs"), "{}", page.body);
    assert_eq!(page.form().field("RelayState"), None, "{}", page.body);
    assert!(xml(&page).contains("InResponseTo=\"_a\""), "{}", page.body);
    let field = STANDARD.encode(kit.genuine(Kind::Logout, "_b"));
    let answer = kit.ada.post(&polluted(Kind::Logout), &[("SAMLRequest", &field)]).await;
    let location = answer.location();
    assert!(location.starts_with(&format!("{SP}/slo")) && !location.contains("evil"), "{} {location}", answer.status);
    assert_eq!(kit.ada.get("/").await.status, 303);
    assert_eq!(kit.grace.get("/").await.status, 200, "somebody else was signed out");
}
