//! What a response must hold for the portal.

use super::desk::BASE;
use super::forge::{SIGNATURE, at, foreign, ours, sign, swap, template};
use super::portal_forge::{
    Portal, TENANT, UNEXPECTED, US, access_control, acs, draft, refused, signed, signed_by_a_stranger, with_attributes,
};

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
