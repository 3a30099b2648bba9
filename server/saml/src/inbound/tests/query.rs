//! The signed query of the Redirect binding.

use super::*;
use crate::encoding::percent_decode;
use crate::judge::openssl_verifies;
use crate::outbound::sign_redirect;

fn query(relay_state: Option<&str>) -> String {
    let key = partner_key();
    sign_redirect("SAMLRequest", &request("_1", GOOD, ""), relay_state, key.default_algorithm(), &key).unwrap()
}

fn redirected(query: &str) -> Result<AuthnRequest, SamlError> {
    let inbound = Inbound::redirect(query)?;
    inbound.verify(&trusted())?;
    inbound.authn_request()
}

#[test]
fn a_signed_query_verifies_here_and_with_openssl() {
    for relay_state in [None, Some(""), Some("a b&c=d/é")] {
        let query = query(relay_state);
        let inbound = Inbound::redirect(&query).unwrap();
        assert_eq!(inbound.relay_state(), relay_state);
        assert!(redirected(&query).unwrap().signed);
        let (signed, signature) = query.split_once("&Signature=").unwrap();
        let signature = STANDARD.decode(percent_decode(signature).unwrap()).unwrap();
        assert!(openssl_verifies("-sha256", &partner().certificate_pem, signed.as_bytes(), &signature));
    }
}

#[test]
fn a_query_verifies_with_elliptic_keys_in_the_raw_form_and_in_der() {
    for (_, key) in curves() {
        let xml = request("_1", GOOD, "");
        let query = sign_redirect("SAMLRequest", &xml, None, key.default_algorithm(), key).unwrap();
        let verifies =
            |query: &str| Inbound::redirect(query).unwrap().verify(std::slice::from_ref(key.certificate())).is_ok();
        assert!(verifies(&query));
        let (signed, signature) = query.split_once("&Signature=").unwrap();
        let raw = STANDARD.decode(percent_decode(signature).unwrap()).unwrap();
        let (r, s) = raw.split_at(raw.len() / 2);
        let number = |part| openssl::bn::BigNum::from_slice(part).unwrap();
        let der = openssl::ecdsa::EcdsaSig::from_private_components(number(r), number(s)).unwrap().to_der().unwrap();
        assert!(verifies(&format!("{signed}&Signature={}", percent_encode(&STANDARD.encode(der)))));
        assert!(!verifies(&format!("{signed}&Signature={}", percent_encode(&STANDARD.encode(&raw[1..])))));
    }
}

#[test]
fn the_order_of_the_query_does_not_matter_but_what_was_signed_does() {
    let query = query(Some("state"));
    let mut parts: Vec<&str> = query.split('&').collect();
    parts.reverse();
    assert!(redirected(&parts.join("&")).is_ok());
    assert!(redirected(&format!("other=1&{query}&x")).is_ok(), "parameters that mean nothing are passed over");
    assert!(redirected(&query.replace("RelayState=state", "RelayState=other")).is_err());
    assert!(redirected(&query.replace("&RelayState=state", "")).is_err());
}

#[test]
fn a_query_is_verified_in_the_encoding_it_was_signed_in_and_in_no_other() {
    let key = partner_key();
    let again = |signed: &str| {
        let signature = STANDARD.encode(key.sign_sha256(signed.as_bytes()).unwrap());
        format!("{signed}&Signature={}", percent_encode(&signature))
    };
    let query = query(Some("a b"));
    let (signed, _) = query.split_once("&Signature=").unwrap();
    let lower = signed.replace("%2F", "%2f").replace("%3A", "%3a").replace("%20", "+");
    assert_ne!(lower, signed);
    assert!(redirected(&again(&lower)).is_ok(), "lower-case digits and `+`, as some senders write");
    // The same values in another spelling than the signed one.
    for (from, to) in [("%2F", "%2f"), ("a%20b", "a+b"), ("a%20b", "%61%20b")] {
        let respelled = query.replacen(from, to, 1);
        assert_ne!(respelled, query);
        assert!(matches!(redirected(&respelled), Err(SamlError::Signature(SignatureFault::Value(1)))), "{from}");
    }
}

#[test]
fn a_parameter_twice_or_in_disguise_is_refused() {
    let query = query(Some("state"));
    let forged = percent_encode(&deflate(&request("_1", EVIL, "")).unwrap());
    for polluted in [
        format!("SAMLRequest={forged}&{query}"),
        format!("{query}&SAMLRequest={forged}"),
        format!("{query}&RelayState=other"),
        format!("{query}&SigAlg=x"),
        format!("{query}&Signature=x"),
    ] {
        assert!(redirected(&polluted).unwrap_err().to_string().contains("twice"), "{polluted}");
    }
    let disguised = format!("%53AMLRequest={forged}&{query}");
    assert!(redirected(&disguised).unwrap_err().to_string().contains("percent-encoding"));
    let both = format!("{query}&SAMLResponse={forged}");
    assert!(redirected(&both).unwrap_err().to_string().contains("both"));
    assert!(redirected("RelayState=x").is_err() && redirected("").is_err());
}

#[test]
fn weaker_algorithms_and_missing_parts_are_refused_in_a_query() {
    let query = query(None);
    let (message, rest) = query.split_once("&SigAlg=").unwrap();
    let (_, signature) = rest.split_once("&Signature=").unwrap();
    for uri in [
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
        "none",
        "",
    ] {
        let weak = format!("{message}&SigAlg={}&Signature={signature}", percent_encode(uri));
        assert!(matches!(redirected(&weak), Err(SamlError::Signature(SignatureFault::Algorithm(_)))), "{uri}");
    }
    let unsigned = Inbound::redirect(message).unwrap();
    assert!(!unsigned.is_signed());
    assert!(matches!(unsigned.verify(&trusted()), Err(SamlError::Signature(SignatureFault::Missing))));
    for half in [format!("{message}&Signature={signature}"), format!("{message}&SigAlg=x")] {
        assert!(Inbound::redirect(&half).unwrap_err().to_string().contains("only together"));
    }
    let encoded = format!("{query}&SAMLEncoding=urn%3Aother");
    assert!(matches!(Inbound::redirect(&encoded), Err(SamlError::Unsupported { .. })));
}

#[test]
fn a_posted_message_that_goes_on_by_redirect_is_verified_by_its_own_signature_alone() {
    let query = |xml: &str| format!("SAMLRequest={}&RelayState=x", percent_encode(&deflate(xml).unwrap()));
    assert_eq!(redirected(&query(&genuine())).unwrap(), verified(&genuine()).unwrap());
    let forged = signed_by(attacker_key(), &request("_1", EVIL, ""), "_1");
    assert!(matches!(redirected(&query(&forged)), Err(SamlError::Signature(SignatureFault::Value(1)))));
    let wrapped = request("_evil", EVIL, &extensions(&genuine()));
    assert!(redirected(&query(&wrapped)).unwrap_err().to_string().contains("elsewhere"));
    // A signed query around a signed message: which of the two would be meant?
    let key = partner_key();
    let twice = sign_redirect("SAMLRequest", &genuine(), None, key.default_algorithm(), &key).unwrap();
    assert!(redirected(&twice).unwrap_err().to_string().contains("one in the message"));
}
