//! What signatures and encryption cost beside a bare RSA-2048 signature: responses as each provider may want them, and
//! requests verified. In this process and on one processor, without HTTP, store or events.

use std::hint::black_box;

use openssl::rand::rand_bytes;
use saml::{
    Certificate, ContentCipher, Encryption, Inbound, KeyKind, KeyTransport, LogoutRequestSpec, NameId, ResponseOptions,
    ResponseSpec, Sign, SigningKey, build_logout_request, build_with, sign_redirect,
};

use crate::{Outcome, signing, table::Table};

/// When the keys begin, and everything is said to happen.
const NOW: i64 = 1_700_000_000;
const CALLS: u32 = 1500;

/// Rows of responses and requests, by key.
pub fn exchange(table: &mut Table) -> Outcome<()> {
    let (rsa, p256, p384) = (key(KeyKind::Rsa(2048))?, key(KeyKind::P256)?, key(KeyKind::P384)?);
    // To measure the yardstick at both ends shows whether the machine changed meanwhile.
    let before = signing::bare(&rsa, CALLS)?;
    let mut rows = Vec::new();
    for (name, key) in [("RSA-2048", &rsa), ("EC P-256", &p256), ("EC P-384", &p384)] {
        for (sign, what) in
            [(Sign::Assertion, "assertion signed"), (Sign::Response, "response signed"), (Sign::Both, "both signed")]
        {
            rows.push((format!("response, {name}, {what}"), response(key, sign, None)?));
        }
    }
    let service = rsa.certificate();
    for (cipher, name) in [
        (ContentCipher::Aes256Gcm, "AES-256-GCM"),
        (ContentCipher::Aes128Gcm, "AES-128-GCM"),
        (ContentCipher::Aes256Cbc, "AES-256-CBC"),
    ] {
        rows.push((
            format!("response, RSA-2048, both signed, {name}"),
            response(&rsa, Sign::Both, Some((service, cipher)))?,
        ));
    }
    let gcm = Some((service, ContentCipher::Aes256Gcm));
    rows.push(("response, RSA-2048, assertion signed, AES-256-GCM".to_owned(), response(&rsa, Sign::Assertion, gcm)?));
    rows.push(("response, EC P-256, both signed, AES-256-GCM".to_owned(), response(&p256, Sign::Both, gcm)?));
    for (name, key) in [("RSA-2048", &rsa), ("EC P-256", &p256), ("EC P-384", &p384)] {
        rows.push((format!("request by HTTP-Redirect read and verified, {name}"), redirect(key)?));
        rows.push((format!("logout request by HTTP-POST read and verified, {name}"), post(key)?));
    }
    let after = signing::bare(&rsa, CALLS)?;
    let bare = f64::midpoint(before, after);
    for (what, rate) in rows {
        table.row(
            format!("{what} ÷ bare signature"),
            format!("{:.2}", rate / bare),
            format!("{rate:.0} / CPU s, in process"),
        );
    }
    let drift = (after / before - 1.0) * 100.0;
    table.row(
        "bare RSA-2048 signatures, before and after",
        format!("{before:.0}, {after:.0} / CPU s"),
        format!("{drift:+.1} % meanwhile"),
    );
    Ok(())
}

fn key(kind: KeyKind) -> Outcome<SigningKey> {
    let pair = SigningKey::generate(kind, "bench", 3650, NOW).map_err(|e| e.to_string())?;
    SigningKey::from_pem(&pair.certificate_pem, &pair.private_key_pem).map_err(|e| e.to_string())
}

/// Responses for each processor second, as AWS gets them, each with a fresh key where it is encrypted.
fn response(key: &SigningKey, sign: Sign, encrypt: Option<(&Certificate, ContentCipher)>) -> Outcome<f64> {
    let spec = spec(sign);
    let (mut content_key, mut iv) = (Vec::new(), Vec::new());
    if let Some((_, cipher)) = encrypt {
        content_key.resize(cipher.key_length(), 0);
        iv.resize(cipher.iv_length(), 0);
    }
    signing::rate(CALLS, || {
        rand_bytes(&mut content_key).and_then(|()| rand_bytes(&mut iv)).map_err(|e| e.to_string())?;
        let encrypt = encrypt.map(|(certificate, cipher)| Encryption {
            certificate,
            cipher,
            transport: KeyTransport::default(),
            key: &content_key,
            iv: &iv,
        });
        let options = ResponseOptions { encrypt, ..ResponseOptions::default() };
        let signed = build_with(&spec, &options, key).map_err(|e| e.to_string())?;
        drop(black_box(signed.base64()));
        Ok(())
    })
}

fn spec(sign: Sign) -> ResponseSpec {
    let attribute = |name: &str, value: &str| saml::Attribute {
        name: format!("https://aws.amazon.com/SAML/Attributes/{name}"),
        friendly_name: None,
        name_format: None,
        values: vec![value.to_owned()],
    };
    ResponseSpec {
        response_id: "_0123456789abcdef0123456789abcdefr".into(),
        assertion_id: "_0123456789abcdef0123456789abcdefa".into(),
        in_response_to: None,
        issue_instant: NOW,
        destination: "https://signin.aws.amazon.com/saml".into(),
        issuer: "https://id.example/application/saml/aws/metadata/".into(),
        audience: "urn:amazon:webservices".into(),
        name_id: "root".into(),
        name_id_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".into(),
        sp_name_qualifier: None,
        session_index: "_0123456789abcdef0123456789abcdefs".into(),
        authn_instant: NOW,
        not_before: NOW - 300,
        not_on_or_after: NOW + 300,
        session_not_on_or_after: NOW + 43_200,
        authn_context: "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport".into(),
        attributes: vec![
            attribute("Role", "arn:aws:iam::123412341234:role/Role0,arn:aws:iam::123412341234:saml-provider/rolecall"),
            attribute("RoleSessionName", "root"),
        ],
        sign,
    }
}

/// Sign-on requests for each processor second: inflated, read, the signature over the query verified.
fn redirect(key: &SigningKey) -> Outcome<f64> {
    let xml = "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
        xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_0123456789abcdef\" Version=\"2.0\" \
        IssueInstant=\"2026-11-24T15:00:00Z\" \
        Destination=\"https://id.example/application/saml/sp/sso/binding/redirect/\" \
        AssertionConsumerServiceURL=\"https://sp.example/acs\" \
        ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\">\
        <saml:Issuer>https://sp.example</saml:Issuer></samlp:AuthnRequest>";
    let query =
        sign_redirect("SAMLRequest", xml, Some("state"), key.default_algorithm(), key).map_err(|e| e.to_string())?;
    let trusted = [key.certificate().clone()];
    signing::rate(CALLS, || {
        let inbound = Inbound::redirect(&query).map_err(|e| e.to_string())?;
        inbound.verify(&trusted).map_err(|e| e.to_string())?;
        drop(black_box(inbound.authn_request().map_err(|e| e.to_string())?));
        Ok(())
    })
}

/// Requests with an enveloped signature for each processor second: read, made canonical, verified. A logout request, which
/// is signed and verified as a sign-on request is.
fn post(key: &SigningKey) -> Outcome<f64> {
    let spec = LogoutRequestSpec {
        id: "_0123456789abcdef".into(),
        issue_instant: NOW,
        not_on_or_after: NOW + 300,
        destination: "https://id.example/application/saml/sp/slo/binding/post/".into(),
        issuer: "https://sp.example".into(),
        reason: None,
        name_id: NameId { value: "root".into(), ..NameId::default() },
        session_indexes: vec!["_0123456789abcdef0123456789abcdefs".into()],
    };
    let written = build_logout_request(&spec).map_err(|e| e.to_string())?;
    let field = written.post(key.default_algorithm(), key).map_err(|e| e.to_string())?.base64();
    let trusted = [key.certificate().clone()];
    signing::rate(CALLS, || {
        let inbound = Inbound::post("SAMLRequest", &field, None).map_err(|e| e.to_string())?;
        inbound.verify(&trusted).map_err(|e| e.to_string())?;
        drop(black_box(inbound.logout_request().map_err(|e| e.to_string())?));
        Ok(())
    })
}
