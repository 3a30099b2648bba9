use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::{
    asn1::Asn1Time, bn::BigNum, hash::MessageDigest, nid::Nid, pkey::PKey, rsa::Rsa, sign::Signer, x509::X509Builder,
    x509::X509NameBuilder,
};
use tests::{ACS, Answer, Browser, World};

use crate::sign_on::{INIT, authn_request, redirect_query, xml};

/// A service provider with a key of its own.
struct ServiceProvider {
    key: PKey<openssl::pkey::Private>,
    certificate: String,
}

impl ServiceProvider {
    fn new() -> Self {
        let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        let mut name = X509NameBuilder::new().unwrap();
        name.append_entry_by_nid(Nid::COMMONNAME, "sp").unwrap();
        let name = name.build();
        let mut builder = X509Builder::new().unwrap();
        builder.set_version(2).unwrap();
        builder.set_serial_number(&BigNum::from_u32(1).unwrap().to_asn1_integer().unwrap()).unwrap();
        builder.set_subject_name(&name).unwrap();
        builder.set_issuer_name(&name).unwrap();
        builder.set_pubkey(&key).unwrap();
        builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
        builder.set_not_after(&Asn1Time::days_from_now(9).unwrap()).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        let certificate = String::from_utf8(builder.build().to_pem().unwrap()).unwrap();
        Self { key, certificate }
    }

    /// A query as the Redirect binding signs it.
    fn signed(&self, request: &str, relay_state: &str) -> String {
        let query = format!(
            "{}&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256",
            redirect_query(request, relay_state)
        );
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key).unwrap();
        let signature = STANDARD.encode(signer.sign_oneshot_to_vec(query.as_bytes()).unwrap());
        format!(
            "{query}&{}",
            url::form_urlencoded::Serializer::new(String::new()).append_pair("Signature", &signature).finish()
        )
    }

    fn indented(&self) -> String {
        self.certificate.lines().map(|line| format!("      {line}\n")).collect()
    }
}

pub const REDIRECT: &str = "/application/saml/aws/sso/binding/redirect/";

/// The sample provider with more settings.
async fn settle(world: &World, more: &str) {
    world
        .apply(&format!(
            "version: 1\nsaml_providers:\n  - name: aws-iam\n    acs_url: {ACS}\n    issuer: authentik\n    audience: urn:amazon:webservices\n    \
             property_mappings: [AWS role by group, AWS session name]\n{more}"
        ))
        .await;
}

pub async fn send(browser: &Browser, request: &str) -> Answer {
    browser.get(&format!("{REDIRECT}?{}", redirect_query(request, ""))).await
}

pub fn request(world: &World, id: &str) -> String {
    authn_request(id, &format!("{}{REDIRECT}", world.url), ACS)
}

/// The status codes of a response, outermost first, by their last word.
pub fn codes(page: &Answer) -> Vec<String> {
    let xml = xml(page);
    assert!(!xml.contains("Assertion"), "{xml}");
    assert!(xml.contains("SignatureValue"), "a status must be signed: {xml}");
    let values = xml.split("StatusCode Value=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    values.map(|uri| uri.rsplit(':').next().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_service_provider_must_hear_is_a_signed_status_at_its_registered_address() {
    let world = World::new().await;
    let ada = world.signed_in("ada").await;
    let with = |id: &str, from: &str, to: &str| request(&world, id).replace(from, to);
    let end = "</samlp:AuthnRequest>";
    let child = |id: &str, child: &str| with(id, end, &format!("{child}{end}"));
    let context = |id: &str, comparison: &str, class: &str| {
        let class = format!("urn:oasis:names:tc:SAML:2.0:ac:classes:{class}");
        let class = format!("<saml:AuthnContextClassRef>{class}</saml:AuthnContextClassRef>");
        child(id, &format!("<samlp:RequestedAuthnContext{comparison}>{class}</samlp:RequestedAuthnContext>"))
    };
    let minimum = " Comparison=\"minimum\"";
    let holder = "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:holder-of-key\"/>";
    for (what, request, expected) in [
        (
            "another version",
            with("_a", "Version=\"2.0\"", "Version=\"1.1\""),
            vec!["VersionMismatch", "RequestVersionTooLow"],
        ),
        (
            "another binding",
            with("_b", " Version", " ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact\" Version"),
            vec!["Requester", "UnsupportedBinding"],
        ),
        (
            "a format that cannot be given",
            child("_c", "<samlp:NameIDPolicy Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:kerberos\"/>"),
            vec!["Requester", "InvalidNameIDPolicy"],
        ),
        ("a context that cannot be reached", context("_d", "", "Smartcard"), vec!["Responder", "NoAuthnContext"]),
        (
            "at least a context that cannot be ranked",
            context("_g", minimum, "Smartcard"),
            vec!["Responder", "NoAuthnContext"],
        ),
        (
            "another confirmation than that of a bearer",
            child("_h", &format!("<saml:Subject><saml:NameID>ada</saml:NameID>{holder}</saml:Subject>")),
            vec!["Requester", "RequestUnsupported"],
        ),
        (
            "a subject that is encrypted",
            child(
                "_k",
                "<saml:Subject><saml:EncryptedID><x:EncryptedData xmlns:x=\"http://www.w3.org/2001/04/xmlenc#\"/></saml:EncryptedID></saml:Subject>",
            ),
            vec!["Requester", "RequestUnsupported"],
        ),
        (
            "a subject of a kind of its own",
            child("_l", "<saml:Subject><saml:BaseID/></saml:Subject>"),
            vec!["Requester", "RequestUnsupported"],
        ),
        (
            "somebody else",
            with("_e", end, &format!("<saml:Subject><saml:NameID>grace</saml:NameID></saml:Subject>{end}")),
            vec!["Responder", "UnknownPrincipal"],
        ),
    ] {
        let page = send(&ada, &request).await;
        assert_eq!(page.status, 200, "{what}: {}", page.body);
        assert_eq!(page.form().action, ACS, "{what}");
        assert_eq!(codes(&page), expected, "{what}");
    }
    // At least what was asked for is given, and said: to the letter it would be `Password`.
    for (id, comparison, reached) in [("_i", "", "Password"), ("_j", minimum, "PasswordProtectedTransport")] {
        let page = send(&ada, &context(id, comparison, "Password")).await;
        let said = format!(":{reached}</saml:AuthnContextClassRef>");
        assert!(xml(&page).contains(&said), "{comparison}: {}", xml(&page));
    }
    let denied = send(&world.signed_in("mallory").await, &request(&world, "_f")).await;
    assert_eq!(denied.status, 403);
    assert_eq!(codes(&denied), ["Responder", "RequestDenied"]);
    assert!(denied.body.contains("Go back to the service"), "{}", denied.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passive_request_is_answered_without_showing_anything_and_a_forced_one_asks_for_the_password_again() {
    let world = World::new().await;
    let passive = |id: &str| request(&world, id).replace(" Version", " IsPassive=\"true\" Version");
    let page = send(&world.browser(), &passive("_p1")).await;
    assert_eq!(codes(&page), ["Responder", "NoPassive"]);
    let ada = world.signed_in("ada").await;
    assert!(xml(&send(&ada, &passive("_p2")).await).contains("<saml:Assertion"));

    world.clock.advance(5);
    let forced = request(&world, "_f1").replace(" Version", " ForceAuthn=\"1\" Version");
    let sent = send(&ada, &forced).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let form = ada.get(sent.location()).await.form();
    assert!(form.field("password").is_some(), "somebody who is signed in was not asked again");
    // Going on without the password leads back to the form.
    assert_eq!(send(&ada, &forced).await.status, 303);
    let signed_in = ada.post(&form.action, &[("username", "ada"), ("password", tests::PASSWORD)]).await;
    let page = ada.get(signed_in.location()).await;
    assert!(xml(&page).contains("InResponseTo=\"_f1\""), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_once() {
    let world = World::new().await;
    let ada = world.signed_in("ada").await;
    let request = request(&world, "_once");
    assert_eq!(send(&ada, &request).await.status, 200);
    for browser in [ada, world.signed_in("grace").await] {
        let again = send(&browser, &request).await;
        assert!(again.status == 400 && again.body.contains("answered already"), "{} {}", again.status, again.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_wants_signed_requests_takes_its_own_signature_and_no_other() {
    let world = World::new().await;
    let (sp, stranger) = (ServiceProvider::new(), ServiceProvider::new());
    let more = format!("    require_signed_requests: true\n    verification_certificates:\n    - |\n{}", sp.indented());
    settle(&world, &more).await;
    let ada = world.signed_in("ada").await;
    let good = sp.signed(&request(&world, "_s1"), "state");
    for (what, query) in [
        ("unsigned", redirect_query(&request(&world, "_s0"), "state")),
        ("signed by a stranger", stranger.signed(&request(&world, "_s2"), "state")),
        ("another relay state", good.replace("RelayState=state", "RelayState=evil")),
        ("the signature taken off", good.split("&Signature=").next().unwrap().to_owned()),
        ("re-encoded", good.replace("%2B", "%2b").replace("%2F", "%2f")),
        ("a second request in front", format!("{}&{good}", redirect_query(&request(&world, "_s3"), "x"))),
    ] {
        let refused = ada.get(&format!("{REDIRECT}?{query}")).await;
        assert_eq!(refused.status, 400, "{what}: {}", refused.body);
        assert!(!refused.body.contains("SAMLResponse"), "{what}");
    }
    let page = ada.get(&format!("{REDIRECT}?{good}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(page.form().field("RelayState"), Some("state"));

    // A stranger signs in first, and the signature still holds afterwards.
    let query = sp.signed(&request(&world, "_s4"), "state");
    let visitor = world.browser();
    let sent = visitor.get(&format!("{REDIRECT}?{query}")).await;
    let form = visitor.get(sent.location()).await.form();
    let signed_in = visitor.post(&form.action, &[("username", "ada"), ("password", tests::PASSWORD)]).await;
    let page = visitor.get(signed_in.location()).await;
    assert!(xml(&page).contains("InResponseTo=\"_s4\""), "{}", page.body);
    let wrong = sp.signed(&request(&world, "_s5").replace("urn:amazon:webservices", "urn:somebody:else"), "");
    let wrong = ada.get(&format!("{REDIRECT}?{wrong}")).await;
    assert!(wrong.status == 400 && wrong.body.contains("Issuer"), "{}", wrong.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_goes_to_the_address_that_the_request_chose_among_those_registered() {
    let world = World::new().await;
    let other = "https://eu-central-1.signin.aws.amazon.com/saml";
    settle(&world, &format!("    acs: [{{ url: '{other}', index: 7 }}]\n")).await;
    let ada = world.signed_in("ada").await;
    let by_url = send(&ada, &request(&world, "_u").replace(&format!("\"{ACS}\""), &format!("\"{other}\""))).await;
    assert_eq!(by_url.form().action, other);
    assert!(xml(&by_url).contains(&format!("Recipient=\"{other}\"")));
    let attribute = format!("AssertionConsumerServiceURL=\"{ACS}\"");
    let by_index = request(&world, "_i").replace(&attribute, "AssertionConsumerServiceIndex=\"7\"");
    assert_eq!(send(&ada, &by_index).await.form().action, other);
    let default = send(&ada, &request(&world, "_n").replace(&attribute, "")).await;
    assert_eq!(default.form().action, ACS);
    let unknown = request(&world, "_x").replace(&attribute, "AssertionConsumerServiceIndex=\"8\"");
    assert_eq!(send(&ada, &unknown).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passive_request_that_another_site_posts_is_answered_for_whoever_is_signed_in() {
    const POST: &str = "/application/saml/aws/sso/binding/post/";
    let world = World::new().await;
    let passive = |id: &str| {
        let request = authn_request(id, &format!("{}{POST}", world.url), ACS);
        request.replace(" Version", " IsPassive=\"true\" Version")
    };
    // What a browser does: no cookie of SameSite=Lax goes with the form of another site, and it goes with what follows.
    let posted = async |xml: &str, browser: &Browser| {
        let fields = [("SAMLRequest", STANDARD.encode(xml)), ("RelayState", "their state".to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let sent = world.browser().post(POST, &fields).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        browser.get(sent.location()).await
    };
    let ada = world.signed_in("ada").await;
    let page = posted(&passive("_pp1"), &ada).await;
    assert!(xml(&page).contains("InResponseTo=\"_pp1\"") && xml(&page).contains("<saml:Assertion"), "{}", page.body);
    assert_eq!(page.form().field("RelayState"), Some("their state"));
    // Nobody is signed in there: it is said at once, and leads nowhere else.
    let page = posted(&passive("_pp2"), &world.browser()).await;
    assert_eq!((page.status.as_u16(), codes(&page)), (200, vec!["Responder".to_owned(), "NoPassive".to_owned()]));
    // What does not fit into an address is answered where it came.
    let noise: Vec<u8> = (0_u32..15_000).flat_map(|n| n.wrapping_mul(0x9E37_79B9).to_be_bytes()).collect();
    let noise = format!("<samlp:Extensions>{}</samlp:Extensions></samlp:AuthnRequest>", STANDARD.encode(noise));
    let large = STANDARD.encode(passive("_pp3").replace("</samlp:AuthnRequest>", &noise));
    let page = world.browser().post(POST, &[("SAMLRequest", &large)]).await;
    assert_eq!(codes(&page), ["Responder", "NoPassive"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_takes_their_time_to_sign_in_is_still_signed_on() {
    let world = World::new().await;
    let visitor = world.browser();
    let sent = send(&visitor, &request(&world, "_slow")).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let form = visitor.get(sent.location()).await.form();
    world.clock.advance(20 * 60);
    let signed_in = visitor.post(&form.action, &[("username", "ada"), ("password", tests::PASSWORD)]).await;
    let page = visitor.get(signed_in.location()).await;
    assert!(xml(&page).contains("InResponseTo=\"_slow\""), "{}", page.body);
    let again = visitor.get(signed_in.location()).await;
    assert!(again.status == 400 && again.body.contains("answered already"), "{}", again.body);
    // What is old when it comes is refused, however long somebody then tries.
    for _ in 0..2 {
        let late = send(&visitor, &request(&world, "_late")).await;
        assert!(late.status == 400 && late.body.contains("IssueInstant"), "{}", late.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_waited_longer_than_an_hour_for_a_sign_in_is_refused() {
    let world = World::new().await;
    let visitor = world.browser();
    let sent = send(&visitor, &request(&world, "_lunch")).await;
    let form = visitor.get(sent.location()).await.form();
    world.clock.advance(3601);
    let signed_in = visitor.post(&form.action, &[("username", "ada"), ("password", tests::PASSWORD)]).await;
    let page = visitor.get(signed_in.location()).await;
    assert!(page.status == 400 && page.body.contains("IssueInstant"), "{} {}", page.status, page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_name_id_format_that_the_metadata_offers_is_given_when_a_request_asks_for_it() {
    let world = World::new().await;
    let ada = world.signed_in("ada").await;
    let mapping = "    name_id: { mapping: AWS session name }\n";
    for (count, more, expected) in [(0, "", 4), (1, mapping, 1)] {
        settle(&world, more).await;
        let metadata = world.browser().get("/application/saml/aws/metadata/").await.body;
        let offered = metadata.split("<md:NameIDFormat>").skip(1).map(|rest| rest.split('<').next().unwrap());
        let offered: Vec<&str> = offered.collect();
        assert_eq!(offered.len(), expected, "{offered:?}");
        for (place, format) in offered.into_iter().enumerate() {
            let policy = format!("<samlp:NameIDPolicy Format=\"{format}\"/></samlp:AuthnRequest>");
            let asked = request(&world, &format!("_n{count}{place}")).replace("</samlp:AuthnRequest>", &policy);
            let page = send(&ada, &asked).await;
            assert!(xml(&page).contains("<saml:Assertion"), "{format} is offered and refused: {}", xml(&page));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_id_format_without_a_value_of_its_own_is_issued_with_that_of_the_mapping() {
    let world = World::new().await;
    let ada = world.signed_in("ada").await;
    for (format, urn, expression, value) in [
        ("x509_subject_name", "1.1:nameid-format:X509SubjectName", r#""CN=" + user.username"#, "CN=ada"),
        (
            "windows_domain_qualified_name",
            "1.1:nameid-format:WindowsDomainQualifiedName",
            r#""EXAMPLE\\" + user.username"#,
            r"EXAMPLE\ada",
        ),
        ("kerberos", "2.0:nameid-format:kerberos", r#"user.username + "@EXAMPLE.COM""#, "ada@EXAMPLE.COM"),
        ("entity", "2.0:nameid-format:entity", r#""https://example.com/" + user.username"#, "https://example.com/ada"),
    ] {
        let mapping = format!("name: known as, kind: saml, saml_name: x, expression: 'return {expression}'");
        world.apply(&format!("version: 1\nproperty_mappings: [{{ {mapping} }}]")).await;
        settle(&world, &format!("    name_id: {{ format: {format}, mapping: known as }}\n")).await;
        let issued = xml(&ada.get(INIT).await);
        let expected = format!("<saml:NameID Format=\"urn:oasis:names:tc:SAML:{urn}\">{value}</saml:NameID>");
        assert!(issued.contains(&expected), "{format}: {issued}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subject_may_name_the_person_by_email_whatever_the_format_and_a_failed_mapping_is_not_somebody_else() {
    let world = World::new().await;
    let ada = world.signed_in("ada").await;
    let about = |id: &str, format: &str, value: &str| {
        let subject = format!("<saml:Subject><saml:NameID{format}>{value}</saml:NameID></saml:Subject>");
        request(&world, id).replace("</samlp:AuthnRequest>", &format!("{subject}</samlp:AuthnRequest>"))
    };
    let email = " Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"";
    settle(&world, "    name_id: { format: persistent }\n").await;
    let page = send(&ada, &about("_sub1", email, "ada@example.com")).await;
    assert!(xml(&page).contains("<saml:Assertion"), "{}", xml(&page));
    let page = send(&ada, &about("_sub2", email, "grace@example.com")).await;
    assert_eq!(codes(&page), ["Responder", "UnknownPrincipal"]);
    world
        .apply(
            "version: 1\nproperty_mappings: [{ name: broken, kind: saml, saml_name: x, expression: 'return 1 / 0' }]",
        )
        .await;
    settle(&world, "    name_id: { format: persistent, mapping: broken }\n").await;
    let page = send(&ada, &about("_sub3", email, "ada@example.com")).await;
    assert!(page.status == 422 && page.body.contains("broken"), "{} {}", page.status, page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_another_service_is_refused_also_where_nothing_is_signed() {
    let world = World::new().await;
    let ada = world.signed_in("ada").await;
    let other = request(&world, "_other").replace(">urn:amazon:webservices<", ">https://other.example<");
    let page = send(&ada, &other).await;
    assert!(page.status == 400 && page.body.contains("https://other.example"), "{} {}", page.status, page.body);
    assert!(!page.body.contains("SAMLResponse"), "{}", page.body);
}
