use base64::{Engine, engine::general_purpose::STANDARD};

use super::kit::{Kind, Kit, extensions};
use crate::sign_on::redirect_query;

#[tokio::test(flavor = "multi_thread")]
async fn doctypes_external_entities_and_entity_bombs_are_refused_and_nothing_is_fetched_or_read() {
    let kit = Kit::new().await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let here = listener.local_addr().unwrap();
    let laughs: String = (1..10).map(|n| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10))).collect();
    for kind in Kind::BOTH {
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
            let answer = kit.send(kind, &xml).await;
            assert!(!answer.body.contains("root:"), "{what} read a file");
            kit.was_refused(&format!("{kind:?}, {what}"), answer, "DOCTYPE").await;
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

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_levels_and_a_deflate_bomb_are_refused_by_either_binding() {
    let kit = Kit::new().await;
    let deep = extensions(&format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000)));
    let wide = extensions(&format!("<a {}/>", (0..200).map(|n| format!("a{n}=\"\" ")).collect::<String>()));
    for kind in Kind::BOTH {
        for (what, inside) in [("depth", &deep), ("attributes", &wide)] {
            let xml = kit.message(kind, "_a", false, inside);
            kit.refused(kind, what, &xml, "is larger than").await;
            let redirected = kit.ada.get(&format!("{}?{}", kind.path("redirect"), redirect_query(&xml, ""))).await;
            kit.was_refused(&format!("{kind:?}, {what}, by redirect"), redirected, "is larger than").await;
        }
        let bomb = redirect_query(&" ".repeat(32 * 1024 * 1024), "");
        assert!(bomb.len() < 60_000, "this one travels whole");
        let answer = kit.ada.get(&format!("{}?{bomb}", kind.path("redirect"))).await;
        kit.was_refused(&format!("{kind:?}, a bomb"), answer, "is larger than").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_over_128_kib_is_refused_although_the_body_is_not_too_large() {
    let kit = Kit::new().await;
    for kind in Kind::BOTH {
        let padding = extensions(&format!("<x>{}</x>", "a".repeat(129 * 1024)));
        let xml = kit.message(kind, "_a", false, &padding);
        assert!(STANDARD.encode(&xml).len() < 200_000);
        kit.refused(kind, "129 KiB", &xml, "is larger than").await;
    }
}
