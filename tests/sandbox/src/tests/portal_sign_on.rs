//! Signing in to the portal of Identity Center.

use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt;

use super::desk::BASE;
use super::forge::{SIGNATURE, at, encode, foreign, ours, sign, swap, template};
use super::portal_forge::{
    Portal, SSO, TENANT, UNEXPECTED, US, access_control, acs, answer, draft, metadata, refused, signed,
    signed_by_a_stranger, with_attributes,
};
use crate::Binding;
use crate::xml::{METADATA, Node};

async fn page(portal: &Portal, request: Request<Body>) -> (u16, axum::http::HeaderMap, String) {
    let response = portal.desk.sandbox.router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (parts.status.as_u16(), parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

async fn get(portal: &Portal, path: &str) -> (u16, axum::http::HeaderMap, String) {
    page(portal, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn post(portal: &Portal, response: &str, relay_state: &str) -> (u16, axum::http::HeaderMap, String) {
    let encoded = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let body = format!("SAMLResponse={}&RelayState={}", encoded(response), encoded(relay_state));
    let request = Request::post(format!("/platform/saml/acs/{TENANT}"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(Body::from(body)).unwrap();
    page(portal, request).await
}

#[tokio::test]
async fn the_metadata_has_one_entity_and_three_consumer_services_and_no_key() {
    let portal = Portal::new().await;
    let (status, headers, body) = get(&portal, "/platform/saml/d-9067729b3d").await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (200, "application/samlmetadata+xml"));
    let root = Node::parse(body.as_bytes()).unwrap();
    assert_eq!(root.attribute("entityID"), Some(format!("{BASE}/platform/saml/d-9067729b3d").as_str()));
    let sp = root.only(METADATA, "SPSSODescriptor").unwrap();
    assert_eq!(
        (sp.attribute("AuthnRequestsSigned"), sp.attribute("WantAssertionsSigned")),
        (Some("false"), Some("true"))
    );
    assert!(sp.all(METADATA, "KeyDescriptor").next().is_none());
    let services: Vec<_> = sp
        .all(METADATA, "AssertionConsumerService")
        .map(|one| (one.attribute("index").unwrap(), one.attribute("isDefault"), one.attribute("Location").unwrap()))
        .collect();
    let at = |host: &str| format!("http://{host}:8181/platform/saml/acs/{TENANT}");
    let expected = [at("127.0.0.1"), at("localhost"), at("sso.localhost")];
    assert_eq!(services.iter().map(|one| one.2).collect::<Vec<_>>(), expected);
    assert_eq!(services.iter().map(|one| one.1).collect::<Vec<_>>(), [Some("true"), None, None]);
    assert_eq!(get(&portal, "/platform/saml/d-0000000000").await.0, 404);
}

#[tokio::test]
async fn a_request_goes_out_by_redirect_as_aws_writes_it_and_unsigned() {
    let portal = Portal::new().await;
    let (status, headers, _) = get(&portal, "/start").await;
    assert_eq!(status, 303);
    let location = headers["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with(&format!("{SSO}?SAMLRequest=")) && location.contains("&RelayState="), "{location}");
    assert!(!location.contains("Signature") && !location.contains("SigAlg"));
    let request = portal.start(Binding::Redirect);
    assert!(request.id.starts_with("aws_") && request.id.len() == 36, "{}", request.id);
    let root = Node::parse(request.xml.as_bytes()).unwrap();
    assert_eq!(root.attribute("AssertionConsumerServiceURL"), Some(acs().as_str()));
    assert_eq!((root.attribute("Destination"), root.attribute("ID")), (Some(SSO), Some(request.id.as_str())));
    assert!(["ForceAuthn", "IsPassive"].iter().all(|name| root.attribute(name).is_none()));
    assert_eq!(root.children.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Issuer", "NameIDPolicy"]);
}

#[tokio::test]
async fn a_request_goes_out_by_post_if_asked_or_if_the_metadata_has_nothing_else() {
    let portal = Portal::new().await;
    let (status, headers, body) = get(&portal, "/start?binding=post&host=1").await;
    assert_eq!(status, 200);
    assert!(body.contains(&format!("action=\"{SSO}/post\"")) && body.contains("name=\"SAMLRequest\""), "{body}");
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'sha256-") && !policy.contains("form-action"), "{policy}");
    let only_post = swap(&metadata(&[ours().base64()]), "bindings:HTTP-Redirect", "bindings:HTTP-Artifact");
    portal.desk.sandbox.identity_center().set_identity_provider(&only_post).unwrap();
    assert_eq!(get(&portal, "/start").await.0, 200);
    let (status, _, body) = get(&portal, "/start?binding=redirect").await;
    assert!(status == 400 && body.contains("does not have this binding"), "{body}");
    for query in ["binding=artifact", "host=3", "host=x"] {
        assert_eq!(get(&portal, &format!("/start?{query}")).await.0, 400, "{query}");
    }
}

#[tokio::test]
async fn an_answer_to_a_request_opens_the_portal_which_shows_what_arrived() {
    let portal = Portal::new().await;
    let request = portal.start(Binding::Redirect);
    let attributes = access_control("CostCenter", &["blue &amp; green"]);
    let statement = format!("</saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement>");
    let document = swap(&answer(&request.id), "</saml:AuthnStatement>", &statement);
    let (status, _, body) = post(&portal, &encode(&signed(&document)), &request.relay_state).await;
    assert_eq!(status, 200, "{body}");
    for part in [
        "<h1>AWS access portal</h1>",
        "<dd>ada@example.com</dd>",
        &at(8 * 3_600),
        "<dt>CostCenter</dt><dd>blue &amp; green</dd>",
        &request.id,
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    assert_eq!(portal.desk.sandbox.identity_center().sessions().len(), 1);
    assert_eq!(portal.desk.sandbox.request_counts()["PortalSignIn"], 1);
}

#[tokio::test]
async fn the_identity_provider_may_begin() {
    let session = Portal::new().await.unasked(&draft()).await.unwrap();
    assert_eq!((session.user_name.as_str(), session.request_id), ("ada@example.com", None));
}

#[tokio::test]
async fn the_addresses_of_aws_itself_are_taken_too() {
    for host in ["eu-central-1.signin.aws", "eu-central-1.signin.aws.amazon.com", "eu-central-1.sso.signin.aws"] {
        let text = draft().replace(&acs(), &format!("https://{host}/platform/saml/acs/{TENANT}"));
        let audience = "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-9067729b3d";
        let text = swap(&text, &format!("{BASE}/platform/saml/d-9067729b3d"), audience);
        Portal::new().await.unasked(&text).await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_to_no_request_or_to_one_that_was_answered_or_is_old_is_not_valid() {
    let words = |id: &str| format!("Not a valid response for the provided request id: {id}");
    let portal = Portal::new().await;
    let unknown = portal.unasked(&answer("aws_unknown")).await.unwrap_err();
    assert_eq!((unknown.page, unknown.event), (UNEXPECTED, words("aws_unknown")));
    let request = portal.start(Binding::Post);
    let document = signed(&answer(&request.id));
    portal.bring(&document, Some(&request.relay_state)).await.unwrap();
    let again = portal.bring(&document, Some(&request.relay_state)).await.unwrap_err();
    assert_eq!(again.event, words(&request.id));
    // Only one of the two places names the request.
    let request = portal.start(Binding::Post);
    for half in [
        swap(&draft(), "Destination=", &format!("InResponseTo=\"{}\" Destination=", request.id)),
        swap(&draft(), "NotOnOrAfter=", &format!("InResponseTo=\"{}\" NotOnOrAfter=", request.id)).replacen(
            &format!("Conditions NotBefore=\"{}\" InResponseTo=\"{}\"", at(-60), request.id),
            &format!("Conditions NotBefore=\"{}\"", at(-60)),
            1,
        ),
    ] {
        let refusal = portal.bring(&signed(&half), Some(&request.relay_state)).await.unwrap_err();
        assert_eq!(refusal.event, words(&request.id));
    }
    let (status, _, body) = post(&portal, &encode(&signed(&answer("aws_x"))), "").await;
    assert!(status == 400 && body.contains(UNEXPECTED), "{body}");
    portal.desk.wait(901);
    let late = answer(&request.id).replace(&at(300), &at(1_200));
    assert_eq!(portal.bring(&signed(&late), Some(&request.relay_state)).await.unwrap_err().event, words(&request.id));
}

#[tokio::test]
async fn relay_state_and_consumer_service_come_back_as_they_were_asked() {
    let portal = Portal::new().await;
    let request = portal.start(Binding::Post);
    let document = signed(&answer(&request.id));
    for changed in [None, Some("other"), Some(&request.relay_state[1..])] {
        let refusal = portal.bring(&document, changed).await.unwrap_err();
        assert_eq!(refusal.event, "the RelayState did not come back unchanged");
    }
    let other = portal.desk.sandbox.identity_center().start(None, 1).unwrap();
    let refusal = portal.bring(&signed(&answer(&other.id)), Some(&other.relay_state)).await.unwrap_err();
    assert_eq!(refusal.event, "the response went to another consumer service than was asked for");
    let there = answer(&other.id).replace(&acs(), &other.consumer_service);
    portal.bring(&signed(&there), Some(&other.relay_state)).await.unwrap();
}

#[tokio::test]
async fn the_name_must_be_an_address_in_the_format_of_addresses() {
    let words = "Response contains invalid name id policy format";
    let later = "We couldn't complete your request right now. Please try again later.";
    let format = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
    for other in [
        "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        "urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress",
    ] {
        refused(format, other, later, words).await;
    }
    refused(&format!(" Format=\"{format}\""), "", later, words).await;
    for name in
        ["ada", "ada@", "@example.com", "a da@example.com", "ada@@example.com", " ada@example.com", "a..b@c.example"]
    {
        refused(">ada@example.com<", &format!(">{name}<"), later, words).await;
    }
}

#[tokio::test]
async fn the_name_is_the_user_name_exactly_and_nobody_is_made_on_the_way() {
    for near in ["Ada@example.com", "ada@example.com@mail.example"] {
        let portal = Portal::new().await;
        let refusal = portal.unasked(&swap(&draft(), ">ada@example.com<", &format!(">{near}<"))).await.unwrap_err();
        if near.starts_with('A') {
            assert_eq!((refusal.page, refusal.event.as_str()), (UNEXPECTED, "NameID and userName do not match"));
        }
    }
    // The address of somebody whose user name is another.
    let portal = Portal::new().await;
    let carol = super::provisioner::user_with(
        "carol",
        "emails",
        serde_json::json!([{ "value": "carol@example.com", "primary": true }]),
    );
    portal.desk.post("Users", &carol).await.ok(201);
    let refusal = portal.unasked(&swap(&draft(), ">ada@", ">carol@")).await.unwrap_err();
    assert_eq!((refusal.page, refusal.event.as_str()), (UNEXPECTED, "NameID and userName do not match"));
    let nobody = portal.unasked(&swap(&draft(), ">ada@", ">eve@")).await.unwrap_err();
    assert_eq!(nobody.page, "Invalid MFA credentials");
    let portal = portal.knows("eve@example.com").await;
    portal.unasked(&swap(&draft(), ">ada@", ">eve@")).await.unwrap();
}

#[tokio::test]
async fn a_user_who_is_not_active_stays_out() {
    refused(">ada@", ">bob@", UNEXPECTED, "the user is not active").await;
}

#[tokio::test]
async fn there_is_exactly_one_assertion_and_it_is_not_encrypted() {
    let second = "<saml:Assertion ID=\"_a2\" Version=\"2.0\"/></samlp:Response>";
    refused("</samlp:Response>", second, UNEXPECTED, "there is not exactly one assertion").await;
    refused(
        "</samlp:Response>",
        "<saml:EncryptedAssertion/></samlp:Response>",
        UNEXPECTED,
        "encryption is not supported",
    )
    .await;
}

#[tokio::test]
async fn the_assertion_itself_is_signed_by_the_identity_provider() {
    let portal = Portal::new().await;
    let outer = |text: &str| {
        swap(text, "</saml:Issuer><samlp:Status>", &format!("</saml:Issuer>{}<samlp:Status>", template("_r1")))
    };
    let response_only = sign(&outer(&draft().replace(SIGNATURE, "")), ours());
    let refusal = portal.bring(&response_only, None).await.unwrap_err();
    assert_eq!((refusal.page, refusal.event.as_str()), (US, "the assertion is not signed"));
    let foreign = portal.bring(&signed_by_a_stranger(&draft()), None).await.unwrap_err();
    assert_eq!((foreign.page, foreign.event.as_str()), (US, "Response signature invalid"));
    let changed = portal.bring(&swap(&signed(&draft()), "ada@", "bob@"), None).await.unwrap_err();
    assert_eq!(changed.page, US);
    portal.bring(&sign(&outer(&signed(&draft())), ours()), None).await.unwrap();
}

#[tokio::test]
async fn all_certificates_are_good_together_and_the_last_one_stays() {
    let portal = Portal::new().await;
    let center = portal.desk.sandbox.identity_center();
    center.import_certificate(&foreign().certificate).unwrap();
    portal.bring(&signed_by_a_stranger(&draft()), None).await.unwrap();
    let second = draft().replace("_a1", "_a2").replace(SIGNATURE, &template("_a2"));
    portal.bring(&sign(&second, ours()), None).await.unwrap();
    center.delete_certificate(&ours().certificate).unwrap();
    let old = portal.bring(&signed(&swap(&draft(), "\"_s1\"", "\"_s2\"")), None).await.unwrap_err();
    assert_eq!(old.page, US);
    let last = center.delete_certificate(&foreign().certificate).unwrap_err();
    assert!(last.message.starts_with("There must always be at least one valid certificate listed"));
    assert!(center.import_certificate(&foreign().certificate).is_err() && center.import_certificate("x").is_err());
}

#[tokio::test]
async fn an_assertion_is_used_once() {
    let portal = Portal::new().await;
    let document = signed(&draft());
    portal.bring(&document, None).await.unwrap();
    assert_eq!(portal.bring(&document, None).await.unwrap_err().event, "the assertion was used before");
}

#[tokio::test]
async fn the_clock_binds() {
    let (now, later, before) = (at(0), at(300), at(-60));
    let condition = format!("Conditions NotBefore=\"{before}\" NotOnOrAfter=\"{later}\"");
    for (from, to) in [
        (condition.clone(), format!("Conditions NotBefore=\"{}\" NotOnOrAfter=\"{later}\"", at(1))),
        (condition, format!("Conditions NotBefore=\"{before}\" NotOnOrAfter=\"{now}\"")),
        (format!("Data NotOnOrAfter=\"{later}\""), format!("Data NotOnOrAfter=\"{now}\"")),
        (format!("IssueInstant=\"{now}\" Destination"), format!("IssueInstant=\"{}\" Destination", at(301))),
        ("SessionIndex=".into(), format!("SessionNotOnOrAfter=\"{now}\" SessionIndex=")),
    ] {
        let refusal = Portal::new().await.unasked(&swap(&draft(), &from, &to)).await.unwrap_err();
        assert_eq!(refusal.page, US, "{to}: {refusal}");
    }
}

#[tokio::test]
async fn the_session_ends_with_the_earlier_of_both() {
    for (given, ends) in [(None, 28_800), (Some(3_600), 3_600), (Some(90_000), 28_800)] {
        let text = match given {
            Some(seconds) => {
                swap(&draft(), "SessionIndex=", &format!("SessionNotOnOrAfter=\"{}\" SessionIndex=", at(seconds)))
            }
            None => draft(),
        };
        let session = Portal::new().await.unasked(&text).await.unwrap();
        assert_eq!(session.ends - session.started, ends);
    }
}

#[tokio::test]
async fn consumer_service_audience_issuer_and_status_are_those_of_the_instance() {
    let place = "Destination and Recipient are not the assertion consumer service";
    let acs = acs();
    refused(&format!("Destination=\"{acs}\""), "Destination=\"http://evil.example\"", UNEXPECTED, place).await;
    refused(&format!(" Destination=\"{acs}\""), "", UNEXPECTED, place).await;
    refused(&acs, "https://us-east-1.signin.aws/platform/saml/acs/x", UNEXPECTED, place).await;
    let audience = format!("{BASE}/platform/saml/d-9067729b3d");
    refused(&audience, "urn:amazon:webservices", UNEXPECTED, "the audience is not this instance").await;
    let issuer = "the issuer is not the entityID of the identity provider";
    refused(super::forge::ISSUER, "https://other.example", UNEXPECTED, issuer).await;
    refused("status:Success", "status:Responder", UNEXPECTED, "the status is not Success").await;
    let bearer = "there is no bearer confirmation with Recipient and NotOnOrAfter";
    refused("cm:bearer", "cm:sender-vouches", UNEXPECTED, bearer).await;
    refused(&format!("NotOnOrAfter=\"{}\" Recipient", at(300)), "Recipient", UNEXPECTED, bearer).await;
    let early = format!("NotBefore=\"{}\" Recipient", at(-1));
    refused(" Recipient", &format!(" {early}"), UNEXPECTED, "a bearer confirmation has no NotBefore").await;
    let refusal = Portal::new().await.desk.sandbox.identity_center().sign_in("other", "", None).await.unwrap_err();
    assert_eq!(refusal.event, "there is no such tenant");
}

#[tokio::test]
async fn attributes_for_access_control_have_one_plain_value_each_and_are_fifty_at_most() {
    let words = |what: &str| format!("the attribute for access control Team {what}");
    let one = access_control("Team", &["blue"]);
    let cases = [
        (access_control("Team", &["blue", "green"]), words("does not have exactly one value")),
        (access_control("Team", &[]), words("does not have exactly one value")),
        (format!("{one}{one}"), words("is there twice")),
        (access_control("Team", &["<saml:NameID>x</saml:NameID>"]), words("has XML as its value")),
        (
            swap(&one, "attrname-format:uri", "attrname-format:other"),
            words("has a NameFormat that SAML does not specify"),
        ),
        (access_control("Team", &[&"x".repeat(257)]), words("is too long or empty")),
    ];
    for (attributes, event) in cases {
        let refusal = Portal::new().await.unasked(&with_attributes(&attributes)).await.unwrap_err();
        assert_eq!((refusal.page, refusal.event), (UNEXPECTED, event));
    }
    let many = |n: usize| (0..n).map(|n| access_control(&format!("Key{n}"), &["v"])).collect::<String>();
    let refusal = Portal::new().await.unasked(&with_attributes(&many(51))).await.unwrap_err();
    assert_eq!(refusal.event, "there are more than 50 attributes for access control");
    // Attributes of IAM mean nothing here.
    let others = many(50) + &super::forge::attribute("PrincipalTag:Team", &["a", "b"]);
    let session = Portal::new().await.unasked(&with_attributes(&others)).await.unwrap();
    assert_eq!((session.access_control.len(), &session.access_control[0]), (50, &("Key0".into(), "v".into())));
}

#[tokio::test]
async fn a_response_of_more_than_fifty_thousand_characters_is_refused() {
    let long = with_attributes(&super::forge::attribute("note", &[&"x".repeat(50_000)]));
    let refusal = Portal::new().await.unasked(&long).await.unwrap_err();
    assert_eq!(refusal.event, "the assertion has more than 50,000 characters");
    let garbage = Portal::new().await.desk.sandbox.identity_center().sign_in(TENANT, "????", None).await.unwrap_err();
    assert_eq!((garbage.page, garbage.event.as_str()), (UNEXPECTED, "Invalid base64 SAMLResponse"));
}
