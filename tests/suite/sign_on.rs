use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::StatusCode;
use tests::{ACCOUNT, Browser, World, forms};

const INIT: &str = "/application/saml/aws/sso/binding/init/";

/// The sandbox learns our metadata and has the roles.
async fn trusted(world: &World) {
    let metadata = world.browser().get("/application/saml/aws/metadata/").await;
    assert_eq!(metadata.status, 200);
    world.sandbox.iam().create_saml_provider("authentik", &metadata.body).unwrap();
    for role in ["Admin", "Engineer", "Reader", "saml_role"] {
        world.sandbox.iam().create_role_for_saml(role, "authentik").unwrap();
    }
}

fn xml(answer: &tests::Answer) -> String {
    let response = answer.form().field("SAMLResponse").map(str::to_owned).unwrap_or_else(|| panic!("{}", answer.body));
    String::from_utf8(STANDARD.decode(response).unwrap()).unwrap()
}

/// Posts the first form of the page where it leads, as the browser would.
async fn submit(browser: &Browser, answer: &tests::Answer) -> tests::Answer {
    let form = answer.form();
    let fields: Vec<(&str, &str)> = form.fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(&form.action, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn ada_reaches_the_console_with_the_role_of_her_group() {
    let world = World::new().await;
    trusted(&world).await;
    let browser = world.signed_in("ada").await;
    let page = browser.get(INIT).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.form().action, format!("{}/saml", world.sandbox_url));
    let console = submit(&browser, &page).await;
    assert_eq!(console.status, 200, "{}", console.body);
    // She is in aws-admins, and through it in engineers; groups overwrite each other in the order of their names.
    for part in ["Engineer", "ada", ACCOUNT] {
        assert!(console.body.contains(part), "{part} is not in {}", console.body);
    }
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
            .contains(&format!("form-action 'self' {}", world.sandbox_url))
    );
    let xml = xml(&page);
    assert!(!xml.contains("InResponseTo"));
    assert_eq!(xml.matches("<saml:SubjectConfirmation ").count(), 1);
    let acs = format!("{}/saml", world.sandbox_url);
    assert!(xml.contains(&format!("Destination=\"{acs}\"")) && xml.contains(&format!("Recipient=\"{acs}\"")));
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
async fn several_roles_lead_to_aws_role_chooser_and_the_choice_is_taken() {
    let world = World::new().await;
    trusted(&world).await;
    world.apply(&role_table()).await;
    let browser = world.signed_in("ada").await;
    let chooser = submit(&browser, &browser.get(INIT).await).await;
    assert!(chooser.body.contains("saml-account"), "{}", chooser.body);
    let form = forms(&chooser.body).into_iter().next().unwrap();
    let mut fields: Vec<(&str, &str)> =
        form.fields.iter().filter(|(n, _)| n != "roleIndex").map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.push(("roleIndex", "arn:aws:iam::123412341234:role/Admin"));
    let action = if form.action.starts_with("http") {
        form.action.clone()
    } else {
        format!("{}{}", world.sandbox_url, form.action)
    };
    let console = browser.post(&action, &fields).await;
    assert!(console.status == 200 && console.body.contains("Admin"), "{}", console.body);
}

/// The Role mapping gives one role and the table another.
fn role_table() -> String {
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

    let world = World::new().await;
    let other = "version: 1\nproperty_mappings: [{ name: extra, kind: saml, saml_name: 'urn:x', expression: 'return user.nope' }]\nsaml_providers: [{ name: aws-iam, acs_url: '{acs}', issuer: authentik, audience: 'urn:amazon:webservices', property_mappings: [AWS role by group, AWS session name, extra] }]";
    world.apply(&other.replace("{acs}", &format!("{}/saml", world.sandbox_url))).await;
    assert_eq!(world.signed_in("ada").await.get(INIT).await.status, 200);
    let events = world.signed_in("root").await;
    assert!(
        events.get("/admin/events?filter=mapping_failed").await.body.contains("extra"),
        "the failure left no event"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_by_post_or_redirect_goes_on_after_sign_in_with_its_id_and_relay_state() {
    let world = World::new().await;
    let acs = format!("{}/saml", world.sandbox_url);
    for binding in ["redirect", "post"] {
        let endpoint = format!("{}/application/saml/aws/sso/binding/{binding}/", world.url);
        let request = authn_request("_r1", &endpoint, &acs);
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
        assert_eq!(xml(&page).matches("InResponseTo=\"_r1\"").count(), 2, "on the response and on the confirmation");
    }
}

pub fn authn_request(id: &str, destination: &str, acs: &str) -> String {
    let now =
        saml::instant(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64);
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
