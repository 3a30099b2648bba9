#![no_main]
//! Nobody has the partner's key: whatever verifies must say what one of the genuine messages says.

use base64::{Engine, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use saml::{Certificate, Inbound, MessageKind};
use std::sync::LazyLock;

static PARTNER: LazyLock<[Certificate; 1]> = LazyLock::new(|| {
    [Certificate::from_pem(include_str!("../../../server/saml/fixtures/partner.pem")).expect("the fixture is a certificate")]
});

/// What each genuine message says.
static GENUINE: LazyLock<Vec<String>> = LazyLock::new(|| {
    let posted = [
        include_str!("../../../server/saml/fixtures/pysaml2-request.base64"),
        include_str!("../../../server/saml/fixtures/pysaml2-logout.base64"),
    ];
    let queries = [
        include_str!("../../../server/saml/fixtures/pysaml2-request.query"),
        include_str!("../../../server/saml/fixtures/python3-saml-login.query"),
        include_str!("../../../server/saml/fixtures/python3-saml-logout.query"),
    ];
    let posted = posted.into_iter().map(|field| Inbound::post("SAMLRequest", field, None));
    let redirected = queries.into_iter().map(|query| Inbound::redirect(query.trim()));
    posted.chain(redirected).map(|inbound| says(&inbound.expect("the fixture is a message"))).collect()
});

fn says(inbound: &Inbound) -> String {
    match inbound.kind() {
        MessageKind::AuthnRequest => format!("{:?}", inbound.authn_request().ok()),
        MessageKind::LogoutRequest => format!("{:?}", inbound.logout_request().ok()),
        MessageKind::LogoutResponse => format!("{:?}", inbound.logout_response().ok()),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((way, rest)) = bytes.split_first() else { return };
    let inbound = match (way % 2, std::str::from_utf8(rest)) {
        (0, _) => Inbound::post("SAMLRequest", &STANDARD.encode(rest), None),
        (_, Ok(query)) => Inbound::redirect(query),
        (_, Err(_)) => return,
    };
    let Ok(inbound) = inbound else { return };
    if inbound.verify(PARTNER.as_slice()).is_ok() {
        let said = says(&inbound);
        assert!(GENUINE.contains(&said), "verified, and nobody signed it: {said}");
    }
});
