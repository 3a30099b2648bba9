use super::*;
use crate::judge::NOW;
use crate::request::parse_post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
const TWO_FACTORS: &str = "https://refeds.org/profile/mfa";

struct Known {
    destinations: Vec<String>,
    acs: Vec<Acs>,
    formats: Vec<String>,
    contexts: Vec<String>,
}

impl Known {
    fn new() -> Self {
        let artifact = Acs { binding: crate::binding::ARTIFACT.into(), ..Acs::post("https://sp/artifact", 9, false) };
        Self {
            destinations: vec!["https://idp/sso".into()],
            acs: vec![Acs::post("https://sp/0", 0, false), Acs::post("https://sp/1", 1, true), artifact],
            formats: vec![EMAIL.into(), PERSISTENT.into()],
            contexts: vec![PASSWORD.into(), TWO_FACTORS.into()],
        }
    }

    fn expectations(&self) -> Expectations<'_> {
        Expectations {
            now: NOW,
            skew: 60,
            lifetime: 300,
            destinations: &self.destinations,
            acs: &self.acs,
            name_id_formats: &self.formats,
            authn_contexts: &self.contexts,
        }
    }
}

fn request(attributes: &str, inside: &str) -> AuthnRequest {
    let xml = format!(
        r#"<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" IssueInstant="2026-11-24T15:00:00Z" {attributes}><a:Issuer>https://sp</a:Issuer>{inside}</p:AuthnRequest>"#
    );
    parse_post(&STANDARD.encode(&xml)).unwrap_or_else(|error| panic!("{error}: {xml}"))
}

fn checked(request: &AuthnRequest) -> Result<Accepted, Refusal> {
    check(request, &Known::new().expectations())
}

fn page(request: &AuthnRequest) -> Distrust {
    match checked(request) {
        Err(Refusal::Page(distrust)) => distrust,
        other => panic!("{other:?}"),
    }
}

fn answer(request: &AuthnRequest) -> (StatusCode, Option<StatusReason>) {
    match checked(request) {
        Err(Refusal::Answer { acs, status }) => {
            assert_eq!(acs.url, "https://sp/1");
            (status.code, status.reason)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_plain_request_goes_to_the_default_address_in_the_preferred_format() {
    let accepted = checked(&request("", "")).unwrap();
    assert_eq!(accepted.acs, Acs::post("https://sp/1", 1, true));
    assert_eq!(accepted.name_id_format, EMAIL);
    assert_eq!(accepted.authn_contexts, [PASSWORD, TWO_FACTORS]);
}

#[test]
fn an_address_or_an_index_is_looked_up_and_never_followed() {
    let by_url = |url: &str| request(&format!("AssertionConsumerServiceURL=\"{url}\""), "");
    assert_eq!(checked(&by_url("https://sp/0")).unwrap().acs.index, 0);
    for url in ["https://evil/0", "https://sp/0/", "https://SP/0", "https://sp/0?x", "https://sp/artifact", ""] {
        assert!(matches!(page(&by_url(url)), Distrust::Url(_)), "{url}");
    }
    let by_index = |index: u32| request(&format!("AssertionConsumerServiceIndex=\"{index}\""), "");
    assert_eq!(checked(&by_index(0)).unwrap().acs.url, "https://sp/0");
    assert_eq!(page(&by_index(2)), Distrust::Index(2));
    assert_eq!(page(&by_index(9)), Distrust::Index(9), "an address of another binding is not one to post to");
    let known = Known { acs: vec![], ..Known::new() };
    let refused = check(&request("", ""), &known.expectations());
    assert_eq!(refused, Err(Refusal::Page(Distrust::NoService)));
}

#[test]
fn a_request_meant_for_somebody_else_ends_on_a_page() {
    assert!(checked(&request("Destination=\"https://idp/sso\"", "")).is_ok());
    for other in ["https://other/sso", "https://idp/sso/", "http://idp/sso"] {
        let refused = page(&request(&format!("Destination=\"{other}\""), ""));
        assert_eq!(refused, Distrust::Destination(other.into()));
    }
    let mut signed = request("", "");
    signed.signed = true;
    assert_eq!(page(&signed), Distrust::NoDestination);
}

#[test]
fn a_request_is_fresh_within_its_lifetime_and_the_skew_of_clocks() {
    let mut aged = request("", "");
    for (age, fresh) in [(0, true), (360, true), (361, false), (-60, true), (-61, false), (i64::MAX - NOW, false)] {
        aged.issue_instant = NOW.saturating_sub(age);
        assert_eq!(checked(&aged).is_ok(), fresh, "{age}");
    }
    aged.issue_instant = i64::MIN;
    assert!(matches!(page(&aged), Distrust::Stale(_)));
    aged.issue_instant = i64::MAX;
    assert!(matches!(page(&aged), Distrust::Early(_)));
}

#[test]
fn another_version_or_binding_or_format_is_answered_at_the_registered_address() {
    for (version, reason) in [("1.1", StatusReason::RequestVersionTooLow), ("3.0", StatusReason::RequestVersionTooHigh)]
    {
        let other = AuthnRequest { version: version.into(), ..request("", "") };
        assert_eq!(answer(&other), (StatusCode::VersionMismatch, Some(reason)));
    }
    let artifact = request(&format!("ProtocolBinding=\"{}\"", crate::binding::ARTIFACT), "");
    assert_eq!(answer(&artifact), (StatusCode::Requester, Some(StatusReason::UnsupportedBinding)));
    let format = |format: &str| request("", &format!("<p:NameIDPolicy Format=\"{format}\" AllowCreate=\"true\"/>"));
    assert!(format(EMAIL).allow_create);
    assert_eq!(checked(&format(PERSISTENT)).unwrap().name_id_format, PERSISTENT);
    assert_eq!(checked(&format(UNSPECIFIED)).unwrap().name_id_format, EMAIL);
    let encrypted = format("urn:oasis:names:tc:SAML:2.0:nameid-format:encrypted");
    assert_eq!(answer(&encrypted), (StatusCode::Requester, Some(StatusReason::InvalidNameIdPolicy)));
    let qualified = |qualifier: &str| request("", &format!("<p:NameIDPolicy SPNameQualifier=\"{qualifier}\"/>"));
    assert!(checked(&qualified("https://sp")).is_ok());
    let invalid = (StatusCode::Requester, Some(StatusReason::InvalidNameIdPolicy));
    assert_eq!(answer(&qualified("https://affiliation")), invalid);
}

#[test]
fn contexts_are_compared_as_the_request_asks() {
    let demand = |comparison: &str, classes: &[&str]| {
        let classes: String =
            classes.iter().map(|class| format!("<a:AuthnContextClassRef>{class}</a:AuthnContextClassRef>")).collect();
        let xml = format!("<p:RequestedAuthnContext {comparison}>{classes}</p:RequestedAuthnContext>");
        checked(&request("", &xml)).map(|accepted| accepted.authn_contexts)
    };
    let unknown = "urn:unknown";
    assert_eq!(demand("", &[TWO_FACTORS]).unwrap(), [TWO_FACTORS]);
    assert_eq!(demand("Comparison=\"exact\"", &[unknown, PASSWORD]).unwrap(), [PASSWORD]);
    assert_eq!(demand("Comparison=\"minimum\"", &[PASSWORD]).unwrap(), [PASSWORD, TWO_FACTORS]);
    assert_eq!(demand("Comparison=\"maximum\"", &[PASSWORD]).unwrap(), [PASSWORD]);
    assert_eq!(demand("Comparison=\"better\"", &[PASSWORD]).unwrap(), [TWO_FACTORS]);
    let unspecified = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";
    assert_eq!(demand("", &[unspecified]).unwrap(), [PASSWORD, TWO_FACTORS]);
    for refused in [
        demand("", &[unknown]),
        demand("Comparison=\"better\"", &[TWO_FACTORS]),
        demand("Comparison=\"better\"", &[PASSWORD, unknown]),
        demand("Comparison=\"minimum\"", &[unknown]),
    ] {
        let Err(Refusal::Answer { status, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!((status.code, status.reason), (StatusCode::Responder, Some(StatusReason::NoAuthnContext)));
    }
    let declaration =
        "<p:RequestedAuthnContext><a:AuthnContextDeclRef>urn:x</a:AuthnContextDeclRef></p:RequestedAuthnContext>";
    assert_eq!(answer(&request("", declaration)), (StatusCode::Responder, Some(StatusReason::NoAuthnContext)));
}

#[test]
fn the_subject_asked_for_is_read_and_only_bearer_is_given() {
    let subject = |method: &str| {
        request(
            "AttributeConsumingServiceIndex=\"2\"",
            &format!(
                "<a:Subject><a:NameID Format=\"{EMAIL}\" SPNameQualifier=\"https://sp\">ada@example.com</a:NameID><a:SubjectConfirmation Method=\"{method}\"/></a:Subject>"
            ),
        )
    };
    let read = subject(BEARER);
    assert_eq!(read.subject.as_ref().unwrap().value, "ada@example.com");
    assert_eq!((read.subject.as_ref().unwrap().format.as_deref(), read.attribute_index), (Some(EMAIL), Some(2)));
    assert!(checked(&read).is_ok());
    let holder = subject("urn:oasis:names:tc:SAML:2.0:cm:holder-of-key");
    assert_eq!(answer(&holder), (StatusCode::Requester, Some(StatusReason::RequestUnsupported)));
}

#[test]
fn a_subject_that_is_not_a_plain_name_id_is_answered_that_it_is_not_supported() {
    let unsupported = (StatusCode::Requester, Some(StatusReason::RequestUnsupported));
    for inside in ["<a:EncryptedID/>", "<a:BaseID/>", "<a:NameID>ada</a:NameID><a:EncryptedID/>"] {
        assert_eq!(answer(&request("", &format!("<a:Subject>{inside}</a:Subject>"))), unsupported, "{inside}");
    }
}

#[test]
fn a_subject_that_is_named_twice_or_not_at_all_is_refused() {
    for inside in ["<a:NameID>a</a:NameID><a:NameID>b</a:NameID>", "<a:NameID/>"] {
        let xml = format!(
            r#"<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1" Version="2.0" IssueInstant="2026-11-24T15:00:00Z"><a:Issuer>https://sp</a:Issuer><a:Subject>{inside}</a:Subject></p:AuthnRequest>"#
        );
        assert!(parse_post(&STANDARD.encode(&xml)).is_err(), "{inside}");
    }
}

#[test]
fn distrust_comes_before_any_answer() {
    let stale = AuthnRequest { version: "1.1".into(), issue_instant: 0, ..request("", "") };
    assert!(matches!(page(&stale), Distrust::Stale(_)));
    let elsewhere = request("ProtocolBinding=\"urn:x\" AssertionConsumerServiceURL=\"https://evil\"", "");
    assert!(matches!(page(&elsewhere), Distrust::Url(_)));
}
