use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::StatusCode;
use tests::{ACS, World};

pub const INIT: &str = "/application/saml/aws/sso/binding/init/";

pub fn xml(answer: &tests::Answer) -> String {
    let response = answer.form().field("SAMLResponse").map_or_else(|| panic!("{}", answer.body), str::to_owned);
    String::from_utf8(STANDARD.decode(response).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_role_of_the_group_is_in_a_response_that_verifies_with_the_key_of_the_metadata() {
    let world = World::new().await;
    let metadata = world.browser().get("/application/saml/aws/metadata/").await;
    assert!(metadata.status == 200 && metadata.body.len() >= 1000, "{}", metadata.body);
    let page = world.signed_in("ada").await.get(INIT).await;
    assert_eq!(page.form().action, ACS);
    let xml = xml(&page);
    // She is in aws-admins, and through it in engineers; groups overwrite each other in the order of their names.
    assert!(xml.contains("role/Engineer,arn:aws:iam::123412341234:saml-provider/authentik"), "{xml}");
    let certificate = metadata.body.split("X509Certificate>").nth(1).unwrap().split('<').next().unwrap();
    assert!(verifies(&xml, certificate), "xmlsec1 refuses {xml}");
    for (from, to) in [("role/Engineer", "role/Admin"), (">ada<", ">root<"), ("NotOnOrAfter=\"2", "NotOnOrAfter=\"3")] {
        assert!(xml.contains(from), "{from}");
        assert!(!verifies(&xml.replacen(from, to, 1), certificate), "a change of {from} was not noticed");
    }
}

/// The word of a C library that is not ours, with the certificate from the metadata and no other.
pub fn verifies(xml: &str, certificate: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let (response, key) = (folder.path().join("response.xml"), folder.path().join("key.pem"));
    std::fs::write(&response, xml).unwrap();
    std::fs::write(
        &key,
        format!(
            "-----BEGIN CERTIFICATE-----
{certificate}
-----END CERTIFICATE-----
"
        ),
    )
    .unwrap();
    let output = std::process::Command::new("xmlsec1")
        // Left to itself the program also believes a bare key that the message brings along.
        .args([
            "--verify",
            "--enabled-reference-uris",
            "same-doc",
            "--enabled-key-data",
            "raw-x509-cert",
            "--pubkey-cert-pem",
        ])
        .arg(key)
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"])
        .arg(response)
        .output()
        .expect("xmlsec1 is part of the set-up");
    output.status.success()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idp_initiated_response_holds_what_aws_wants_and_no_request_id() {
    let world = World::new().await;
    let page = world
        .signed_in("ada")
        .await
        .get(&format!("{INIT}?RelayState=https%3A%2F%2Fconsole.aws.amazon.com%2Fec2%2F"))
        .await;
    assert_eq!(page.form().field("RelayState"), Some("https://console.aws.amazon.com/ec2/"));
    assert!(
        page.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains(&format!("form-action 'self' {}", "https://signin.aws.amazon.com"))
    );
    let xml = xml(&page);
    assert!(!xml.contains("InResponseTo"));
    assert_eq!(xml.matches("<saml:SubjectConfirmation ").count(), 1);
    assert!(xml.contains(&format!("Destination=\"{ACS}\"")) && xml.contains(&format!("Recipient=\"{ACS}\"")));
    assert!(xml.contains("SessionIndex=\"_") && xml.contains("SessionNotOnOrAfter=\""));
    assert_eq!(xml.matches("<saml:AttributeValue>").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guides_snippets_work_as_they_stand() {
    let world = World::new().await;
    let list = r#"
version: 1
property_mappings:
  - name: AWS role by group
    kind: saml
    saml_name: https://aws.amazon.com/SAML/Attributes/Role
    expression: |
      return [
      "arn:aws:iam::123412341234:role/role_a,arn:aws:iam::123412341234:saml-provider/authentik",
      "arn:aws:iam::123412341234:role/role_b,arn:aws:iam::123412341234:saml-provider/authentik",
      "arn:aws:iam::123412341234:role/role_c,arn:aws:iam::123412341234:saml-provider/authentik",
      ]
"#;
    world.apply(list).await;
    let browser = world.signed_in("ada").await;
    let xml_list = xml(&browser.get(INIT).await);
    for role in ["role_a", "role_b", "role_c"] {
        assert!(xml_list.contains(&format!("<saml:AttributeValue>arn:aws:iam::123412341234:role/{role},arn:aws:iam::123412341234:saml-provider/authentik</saml:AttributeValue>")));
    }
    world
        .apply("version: 1\nproperty_mappings: [{ name: AWS role by group, kind: saml, saml_name: 'https://aws.amazon.com/SAML/Attributes/Role', expression: 'return \"arn:aws:iam::123412341234:role/saml_role,arn:aws:iam::123412341234:saml-provider/authentik\"' }]")
        .await;
    assert!(xml(&browser.get(INIT).await).contains("role/saml_role,"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_role_table_adds_to_what_the_role_mapping_gives() {
    let world = World::new().await;
    world.apply(&role_table()).await;
    let xml = xml(&world.signed_in("ada").await.get(INIT).await);
    assert!(xml.contains("role/Engineer,") && xml.contains("role/Admin,") && !xml.contains("role/Reader,"), "{xml}");
    assert_eq!(
        xml.matches("Name=\"https://aws.amazon.com/SAML/Attributes/Role\"").count(),
        1,
        "AWS reads one Role attribute"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tile_counts_the_roles_of_mappings_and_of_the_table() {
    let world = World::new().await;
    let ada = world.signed_in("ada").await;
    let portal = ada.get("/").await.body;
    assert!(portal.contains("1 AWS role<"), "{portal}");
    world.apply(&role_table()).await;
    let portal = ada.get("/").await.body;
    assert!(portal.contains("2 AWS roles<"), "{portal}");
}

/// The Role mapping gives one role and the table another.
pub fn role_table() -> String {
    let application = r#"
version: 1
applications:
  - slug: aws
    name: Amazon Web Services
    saml_provider: aws-iam
    bindings: [{ group: engineers }, { group: aws-readers }]
    aws_roles:
      - { role: "arn:aws:iam::123412341234:role/Admin", provider: "arn:aws:iam::123412341234:saml-provider/authentik", groups: [aws-admins] }
      - { role: "arn:aws:iam::123412341234:role/Reader", provider: "arn:aws:iam::123412341234:saml-provider/authentik", groups: [aws-readers] }
"#;
    application.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_without_a_binding_is_denied_and_sees_whom_to_ask_but_no_trace() {
    let world = World::new().await;
    let denied = world.signed_in("mallory").await.get(INIT).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
    assert!(denied.body.contains("administrators") && !denied.body.contains("engineers"), "{}", denied.body);
    let traced = world.signed_in("root").await.get(INIT).await;
    assert_eq!(traced.status, StatusCode::FORBIDDEN);
    assert!(traced.body.contains("engineers"), "an administrator sees no trace");
    assert!(!world.signed_in("mallory").await.get("/").await.body.contains("Amazon Web Services"), "the tile is shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_that_aws_would_refuse_is_not_issued_and_the_page_names_the_rule() {
    let world = World::new().await;
    // No aws_role in any group: the guide's snippet then gives `role/`.
    world.apply("version: 1\ngroups: [{ name: aws-readers, attributes: {} }]").await;
    let page = world.signed_in("grace").await.get(INIT).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("AWS role by group") && page.body.contains("123412341234:role/"), "{}", page.body);
    assert!(!page.body.contains("SAMLResponse"));

    world.apply("version: 1\nproperty_mappings: [{ name: AWS session name, kind: saml, saml_name: 'https://aws.amazon.com/SAML/Attributes/RoleSessionName', expression: return user.name }]").await;
    let page = world.signed_in("ada").await.get(INIT).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("[a-zA-Z_0-9+=,.@-]{2,64}"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_that_raises_stops_sign_on_only_where_aws_needs_it() {
    let world = World::new().await;
    let broken = |saml_name: &str| {
        format!(
            "version: 1\nproperty_mappings: [{{ name: AWS session name, kind: saml, saml_name: '{saml_name}', expression: \"x = 1\\nreturn user.nope\" }}]"
        )
    };
    world.apply(&broken("https://aws.amazon.com/SAML/Attributes/RoleSessionName")).await;
    let member = world.signed_in("ada").await.get(INIT).await;
    assert_eq!(member.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(member.body.contains("AWS session name") && !member.body.contains("nope"), "{}", member.body);
    // Who may change the mapping is told why it failed, and where.
    world.apply("version: 1\nusers: [{ username: root, name: The Root, email: root@example.com, administrator: true, groups: [aws-admins] }]").await;
    let administrator = world.signed_in("root").await.get(INIT).await;
    assert_eq!(administrator.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(administrator.body.contains("nope") && administrator.body.contains("line 2"), "{}", administrator.body);

    let world = World::new().await;
    let other = "version: 1\nproperty_mappings: [{ name: extra, kind: saml, saml_name: 'urn:x', expression: 'return user.nope' }]\nsaml_providers: [{ name: aws-iam, acs_url: '{acs}', issuer: authentik, audience: 'urn:amazon:webservices', property_mappings: [AWS role by group, AWS session name, extra] }]";
    world.apply(&other.replace("{acs}", ACS)).await;
    assert_eq!(world.signed_in("ada").await.get(INIT).await.status, 200);
    let events = world.signed_in("root").await;
    assert!(
        events.get("/admin/events?filter=mapping_failed").await.body.contains("extra"),
        "the failure left no event"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_service_that_is_not_aws_the_page_does_not_speak_of_aws() {
    let world = World::new().await;
    world
        .apply(
            "version: 1\nusers: [{ username: ada, name: Ada, groups: [aws-admins] }]\n\
             saml_providers: [{ name: wiki, acs_url: 'https://wiki.example/acs', audience: 'https://wiki.example', name_id: { format: email_address } }]\n\
             applications: [{ slug: wiki, name: The Wiki, saml_provider: wiki, bindings: [{ group: engineers }] }]",
        )
        .await;
    let page = world.signed_in("ada").await.get("/application/saml/wiki/sso/binding/init/").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
    assert!(
        page.body.contains("Nothing was sent to The Wiki") && page.body.contains("`NameID` failed"),
        "{}",
        page.body
    );
    assert!(!page.body.contains(" AWS"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_by_post_or_redirect_goes_on_after_sign_in_with_its_id_and_relay_state() {
    let world = World::new().await;
    for binding in ["redirect", "post"] {
        let endpoint = format!("{}/application/saml/aws/sso/binding/{binding}/", world.url);
        let id = format!("_{binding}");
        let request = authn_request(&id, &endpoint, ACS);
        let browser = world.browser();
        let arrived = if binding == "post" {
            browser.post(&endpoint, &[("SAMLRequest", &STANDARD.encode(&request)), ("RelayState", "a b&c")]).await
        } else {
            browser.get(&format!("{endpoint}?{}", redirect_query(&request, "a b&c"))).await
        };
        assert_eq!(arrived.status, 303, "{}", arrived.body);
        let form = browser.get(arrived.location()).await.form();
        let signed_in = browser.post(&form.action, &[("username", "ada"), ("password", tests::PASSWORD)]).await;
        let page = browser.get(signed_in.location()).await;
        assert_eq!(page.status, 200, "{binding}: {}", page.body);
        assert_eq!(page.form().field("RelayState"), Some("a b&c"));
        let marks = xml(&page).matches(&format!("InResponseTo=\"{id}\"")).count();
        assert_eq!(marks, 2, "on the response and on the confirmation");
    }
}

pub fn authn_request(id: &str, destination: &str, acs: &str) -> String {
    let now = saml::instant(
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs().cast_signed(),
    );
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" Version=\"2.0\" IssueInstant=\"{now}\" Destination=\"{destination}\" AssertionConsumerServiceURL=\"{acs}\"><saml:Issuer>urn:amazon:webservices</saml:Issuer></samlp:AuthnRequest>"
    )
}

pub fn redirect_query(request: &str, relay_state: &str) -> String {
    use std::io::Write;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(request.as_bytes()).unwrap();
    let request = STANDARD.encode(encoder.finish().unwrap());
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("SAMLRequest", &request)
        .append_pair("RelayState", relay_state)
        .finish()
}
