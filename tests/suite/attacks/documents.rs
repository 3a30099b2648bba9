use base64::{Engine, engine::general_purpose::STANDARD};

use serde_json::json;
use tests::{Browser, PASSWORD, World, ended};

use super::kit::{Kind, Kit, extensions};
use crate::{
    crash::{sample, start},
    responses::{broken, good},
    sign_on::{INIT, redirect_query, xml},
    sp_import::METADATA,
};

#[tokio::test(flavor = "multi_thread")]
async fn doctypes_external_entities_and_entity_bombs_are_refused_and_nothing_is_fetched_or_read() {
    let kit = Kit::new().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let here = listener.local_addr().unwrap();
    let laughs: String = (1..10).map(|n| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10))).collect();
    for kind in Kind::ALL {
        let root = format!("<{}", kind.root());
        let good = kit.genuine(kind, "_a");
        for (what, doctype, inside) in [
            ("a DOCTYPE", "<!DOCTYPE x>".to_owned(), ""),
            ("a file", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>".to_owned(), "&e;"),
            ("an address", format!("<!DOCTYPE x [<!ENTITY e SYSTEM 'http://{here}/e'>]>"), "&e;"),
            ("a DTD elsewhere", format!("<!DOCTYPE x SYSTEM 'http://{here}/x.dtd'>"), ""),
            ("a parameter entity", format!("<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://{here}/p'> %p;]>"), ""),
            ("a billion laughs", format!("<!DOCTYPE x [<!ENTITY l0 'lol'>{laughs}]>"), "&l9;"),
            ("a default attribute", "<!DOCTYPE x [<!ATTLIST x ID CDATA '_a'>]>".to_owned(), ""),
        ] {
            let xml = good.replacen(&root, &format!("{doctype}{root}"), 1);
            let xml = xml.replacen("</saml:Issuer>", &format!("{inside}</saml:Issuer>"), 1);
            let redirected = format!("{}?{}", kind.path("redirect"), kind.query(&xml));
            for answer in [kit.send(kind, &xml).await, kit.ada.get(&redirected).await] {
                assert!(!answer.body.contains("root:"), "{what} read a file");
                kit.was_refused(&format!("{kind:?}, {what}"), answer, "DOCTYPE").await;
            }
        }
        kit.refused(kind, "an entity that nobody declared", &good.replace(">https://sp", ">&e;https://sp"), "entity")
            .await;
        let styled = format!("<?xml-stylesheet href=\"http://{here}/s.xsl\"?>{good}");
        kit.refused(kind, "a processing instruction", &styled, "processing instruction").await;
        // XInclude and a schema's place are elements and attributes like any other to a reader that follows nothing.
        let included =
            extensions(&format!("<i:include xmlns:i=\"http://www.w3.org/2001/XInclude\" href=\"http://{here}/i\"/>"));
        let unsigned = kit.message(kind, "_a", false, &included);
        kit.refused(kind, "XInclude", &unsigned, "Signature").await;
    }
    assert!(listener.accept().is_err(), "something was fetched");
}

/// A guard that looks for the letters of DOCTYPE does not find them in these, and a reader that knows the encoding does.
#[tokio::test(flavor = "multi_thread")]
async fn no_encoding_but_utf_8_hides_a_doctype() {
    let kit = Kit::new().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let doctype = format!("<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://{}/p'> %p;]>", listener.local_addr().unwrap());
    for kind in Kind::ALL {
        let hidden = format!("{doctype}{}", kit.genuine(kind, "_a"));
        let units = || hidden.encode_utf16();
        let marked = [vec![0xff_u8, 0xfe], units().flat_map(u16::to_le_bytes).collect()].concat();
        let declared =
            |name: &str, rest: &str| format!("<?xml version=\"1.0\" encoding=\"{name}\"?>{rest}").into_bytes();
        let by_letters = hidden.replacen('<', "+ADw-", 1);
        for (what, bytes, reason) in [
            ("UTF-16 with its mark", marked, "not UTF-8"),
            ("UTF-16 without one", units().flat_map(u16::to_be_bytes).collect(), "a character that XML 1.0 forbids"),
            ("UTF-7", declared("UTF-7", &by_letters), "encoding other than UTF-8"),
            ("UTF-16 that is none", declared("UTF-16", &hidden), "encoding other than UTF-8"),
            ("an encoding of mainframes", declared("IBM037", &hidden), "encoding other than UTF-8"),
        ] {
            let field = STANDARD.encode(bytes);
            let answer = kit.ada.post(&kind.path("post"), &[(kind.parameter(), &field)]).await;
            kit.was_refused(&format!("{kind:?}, {what}"), answer, reason).await;
        }
    }
    assert!(listener.accept().is_err(), "something was fetched");
}

#[tokio::test(flavor = "multi_thread")]
async fn metadata_and_pasted_responses_with_external_entities_are_refused_and_nothing_is_fetched_or_read() {
    let world = World::new().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let here = listener.local_addr().unwrap();
    let (root, api) = (world.signed_in("root").await, world.api("root").await);
    let response = xml(&world.signed_in("ada").await.get(INIT).await);
    for (what, doctype) in [
        ("a file", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>".to_owned()),
        ("an address", format!("<!DOCTYPE x [<!ENTITY e SYSTEM 'http://{here}/e'>]>")),
        ("a DTD elsewhere", format!("<!DOCTYPE x SYSTEM 'http://{here}/x.dtd'>")),
        ("a parameter entity", format!("<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://{here}/p'> %p;]>")),
    ] {
        let metadata = format!("{doctype}{}", METADATA.replace("</md:SPSSODescriptor>", "&e;</md:SPSSODescriptor>"));
        let body = json!({ "metadata": metadata, "certificate": null, "existing": null });
        for answer in [
            root.post_json("/fn/app/saml_providers/api/read_sp_metadata", &body).await,
            api.post("/saml-metadata-readings", &json!({ "metadata": metadata })).await,
        ] {
            assert_eq!(answer.status, 422, "{what}: {}", answer.body);
            assert!(answer.body.contains("DOCTYPE") && !answer.body.contains("root:"), "{what}: {}", answer.body);
        }
        let file = format!("version: 1\nsaml_providers: [{{ name: evil, metadata: {} }}]\n", json!(metadata));
        let applied = world.services.apply("f.yaml", &file, &|_| Err(String::new()), "test", false).await;
        let told = applied.err().unwrap_or_else(|| panic!("{what} was applied")).to_string();
        assert!(told.contains("DOCTYPE") && !told.contains("root:"), "{what}: {told}");
        let pasted = STANDARD.encode(format!("{doctype}{response}"));
        let report = good(&root, "judge_response", json!({ "name": "aws-iam", "saml_response": pasted })).await;
        assert_eq!(broken(&report, "service"), ["Encoding"], "{what}: {report}");
        assert!(!report.to_string().contains("root:"), "{what} read a file");
    }
    assert!(listener.accept().is_err(), "something was fetched");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_too_many_is_refused_by_either_binding_and_one_less_is_read() {
    let kit = Kit::new().await;
    // The root and the element of extensions are two of 32.
    let nested = |levels: usize| extensions(&format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels)));
    for kind in Kind::ALL {
        for (levels, reason) in [(30, "Signature"), (31, "XML in levels is larger than 32"), (60, "XML in levels")] {
            let xml = kit.message(kind, "_a", false, &nested(levels));
            kit.refused(kind, &format!("{levels} levels"), &xml, reason).await;
            let redirected = kit.ada.get(&format!("{}?{}", kind.path("redirect"), kind.query(&xml))).await;
            kit.was_refused(&format!("{kind:?}, {levels} levels, by redirect"), redirected, reason).await;
        }
    }
}

/// In a process of its own, which a reader that goes down without a limit could end. The provider wants nothing signed, so
/// but for the depth the message is taken.
#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_levels_do_not_end_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = start(&folder.path().join("data"), Some(sample(folder.path()).as_path()));
    let browser = Browser::new(&running.url);
    assert_eq!(browser.sign_in("ada", PASSWORD).await.status, 303);
    let now = saml::instant(domain::port::Clock::now(&server::system::SystemClock));
    let message = |id: &str, levels: usize| {
        let inside = extensions(&format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels)));
        format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"{id}\" IssueInstant=\"{now}\" Version=\"2.0\"><saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">urn:amazon:webservices</saml:Issuer>{inside}</samlp:AuthnRequest>"
        )
    };
    let sign_on = "/application/saml/aws/sso/binding/";
    let plain = browser.post(&format!("{sign_on}post/"), &[("SAMLRequest", &STANDARD.encode(message("_a", 1)))]).await;
    assert_eq!(plain.status, 200, "{}", plain.body);
    let deep = message("_b", 10_000);
    for path in [sign_on, "/application/saml/aws/slo/binding/"] {
        let posted = browser.post(&format!("{path}post/"), &[("SAMLRequest", &STANDARD.encode(&deep))]).await;
        let redirected = browser.get(&format!("{path}redirect/?{}", redirect_query(&deep, ""))).await;
        assert_eq!(
            (posted.status.as_u16(), redirected.status.as_u16()),
            (400, 400),
            "{} {}",
            posted.body,
            redirected.body
        );
    }
    assert!(running.child.try_wait().unwrap().is_none(), "the program has ended");
    running.child.kill().unwrap();
    ended(&mut running.child);
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_attributes_and_a_deflate_bomb_are_refused_by_either_binding() {
    let kit = Kit::new().await;
    let wide = extensions(&format!("<a {}/>", (0..200).map(|n| format!("a{n}=\"\" ")).collect::<String>()));
    for kind in Kind::ALL {
        let xml = kit.message(kind, "_a", false, &wide);
        kit.refused(kind, "attributes", &xml, "is larger than").await;
        let redirected = kit.ada.get(&format!("{}?{}", kind.path("redirect"), kind.query(&xml))).await;
        kit.was_refused(&format!("{kind:?}, attributes, by redirect"), redirected, "is larger than").await;
        let bomb = redirect_query(&" ".repeat(32 * 1024 * 1024), "");
        assert!(bomb.len() < 60_000, "this one travels whole");
        let answer = kit.ada.get(&format!("{}?{bomb}", kind.path("redirect"))).await;
        kit.was_refused(&format!("{kind:?}, a bomb"), answer, "is larger than").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_over_128_kib_is_refused_although_the_body_is_not_too_large() {
    let kit = Kit::new().await;
    for kind in Kind::ALL {
        let padding = extensions(&format!("<x>{}</x>", "a".repeat(129 * 1024)));
        let xml = kit.message(kind, "_a", false, &padding);
        assert!(STANDARD.encode(&xml).len() < 200_000);
        kit.refused(kind, "129 KiB", &xml, "is larger than").await;
    }
}
