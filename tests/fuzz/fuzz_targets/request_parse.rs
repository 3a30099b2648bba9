#![no_main]
//! Whatever arrives at the addresses for messages, by either binding, is read or refused.

use base64::{Engine, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use saml::Inbound;

fuzz_target!(|bytes: &[u8]| {
    // The first byte says how the rest travels.
    let Some((way, rest)) = bytes.split_first() else { return };
    let inbound = match way % 3 {
        0 => Inbound::post("SAMLRequest", &STANDARD.encode(rest), None),
        1 => Inbound::post("SAMLResponse", &STANDARD.encode(rest), Some("state")),
        _ => match std::str::from_utf8(rest) {
            Ok(query) => Inbound::redirect(query),
            Err(_) => return,
        },
    };
    let Ok(inbound) = inbound else { return };
    assert!(inbound.verify(&[]).is_err(), "verified with no certificate");
    if let Ok(request) = inbound.authn_request() {
        assert!(!request.id.is_empty() && request.id.chars().count() <= 256);
        assert!(request.acs_url.is_none() || request.acs_index.is_none());
    }
    let _ = (inbound.logout_request(), inbound.logout_response());
});
