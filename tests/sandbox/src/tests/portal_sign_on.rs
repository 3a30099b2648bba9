//! Signing in to the portal of Identity Center.

use axum::body::Body;
use axum::http::Request;
use tower::ServiceExt;

use super::desk::BASE;
use super::forge::{at, encode, ours, swap};
use super::portal_forge::{Portal, SSO, TENANT, UNEXPECTED, access_control, acs, answer, draft, metadata, signed};
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
