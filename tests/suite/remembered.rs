//! What is known of a person is worked out once; nothing of it may outlive what it was worked out from.

use tests::{ACS, World};

use crate::{
    role_choice::{arn, choosing},
    sign_on::{INIT, role_table, xml},
};

/// The provider with one mapping more, and a NameID format.
fn provider(expression: &str, format: &str) -> String {
    format!(
        "version: 1
property_mappings:
  - {{ name: extra, kind: saml, saml_name: 'urn:extra', expression: '{expression}' }}
saml_providers:
  - name: aws-iam
    acs_url: '{ACS}'
    issuer: authentik
    audience: 'urn:amazon:webservices'
    name_id: {{ format: {format} }}
    property_mappings: [AWS role by group, AWS session name, extra]
"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_address_is_told_is_not_told_to_another() {
    let world = World::new().await;
    world.apply(&provider("return request.client_ip", "persistent")).await;
    for address in ["192.0.2.1", "192.0.2.2", "192.0.2.1"] {
        let preview = world.services.preview("aws", "ada", address).await.unwrap();
        let found = preview.attributes.iter().find(|a| a.name == "urn:extra").unwrap();
        assert_eq!(found.values, [address]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_of_a_person_or_a_group_is_in_the_next_response() {
    let world = World::new().await;
    world.apply(&provider("return user.group_attributes().get(\"floor\")", "persistent")).await;
    let browser = world.signed_in("ada").await;
    assert!(!xml(&browser.get(INIT).await).contains("urn:extra"));
    for floor in ["first", "second"] {
        let group = "version: 1\ngroups: [{ name: aws-admins, attributes: { aws_role: Admin, floor: {} }, parents: [engineers] }]";
        world.apply(&group.replace("{}", floor)).await;
        for _ in 0..2 {
            let xml = xml(&browser.get(INIT).await);
            assert!(xml.contains(&format!("<saml:AttributeValue>{floor}</saml:AttributeValue>")), "{xml}");
        }
    }
    world.apply("version: 1\nusers: [{ username: ada, active: false }]").await;
    let answer = browser.get(INIT).await;
    assert!(!answer.body.contains("SAMLResponse"), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_response_with_one_role_and_one_with_all_are_not_taken_for_each_other() {
    let world = World::new().await;
    world.apply(&role_table()).await;
    let browser = world.signed_in("ada").await;
    let (admin, engineer) = (choosing(&arn("Admin")), choosing(&arn("Engineer")));
    let asked: [(&str, &[&str]); 5] = [
        (&admin, &["Admin"]),
        (INIT, &["Admin", "Engineer"]),
        (&engineer, &["Engineer"]),
        (&admin, &["Admin"]),
        (INIT, &["Admin", "Engineer"]),
    ];
    for (path, sent) in asked {
        let xml = xml(&browser.get(path).await);
        for role in ["Admin", "Engineer"] {
            assert_eq!(xml.contains(&format!("role/{role},")), sent.contains(&role), "{path}: {xml}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transient_identifier_is_another_one_each_time() {
    let world = World::new().await;
    world.apply(&provider("return \"x\"", "transient")).await;
    let browser = world.signed_in("ada").await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let xml = xml(&browser.get(INIT).await);
        let id = xml.split("</saml:NameID>").next().and_then(|x| x.rsplit('>').next()).unwrap().to_owned();
        assert!(id.starts_with('_') && seen.insert(id), "{xml}");
    }
}
