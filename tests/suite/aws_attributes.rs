use serde_json::json;
use tests::World;

use crate::{
    identity_center::{APPLICATION, connected, post_on},
    sign_on::{INIT, xml},
};

/// The sample provider with a table of attributes.
fn provider(aws: &str) -> String {
    format!(
        "version: 1\nsaml_providers:\n  - name: aws-iam\n    acs_url: https://signin.aws.amazon.com/saml\n    issuer: authentik\n    \
         audience: urn:amazon:webservices\n    property_mappings: [AWS role by group, AWS session name]\n    aws: {aws}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_source_identity_and_duration_are_sent_without_code() {
    let world = World::new().await;
    let table = "{ principal_tags: [{ key: Department, attribute: department, transitive: true }, { key: Stage, value: production }, \
                 { key: Role, attribute: aws_role }, { key: Nothing, attribute: missing }], source_identity: { field: username }, session_duration: 8h }";
    world.apply(&provider(table)).await;
    assert!(world.apply(&provider(table)).await.steps.is_empty(), "applied twice");
    let sent = xml(&world.signed_in("ada").await.get(INIT).await);
    let value = |name: &str| {
        let rest = sent.split(&format!("Attributes/{name}\"")).nth(1)?;
        Some(rest.split("<saml:AttributeValue>").nth(1)?.split('<').next()?.to_owned())
    };
    assert_eq!(value("PrincipalTag:Department").as_deref(), Some("Engines"));
    assert_eq!(value("PrincipalTag:Stage").as_deref(), Some("production"));
    assert_eq!(value("PrincipalTag:Role").as_deref(), Some("Engineer"), "an attribute of a group counts too");
    assert_eq!(value("PrincipalTag:Nothing"), None, "who does not have it goes without");
    assert_eq!(value("TransitiveTagKeys").as_deref(), Some("Department"));
    assert_eq!(value("SourceIdentity").as_deref(), Some("ada"));
    assert_eq!(value("SessionDuration").as_deref(), Some("28800"));
    let grace = xml(&world.signed_in("grace").await.get(INIT).await);
    assert!(!grace.contains("TransitiveTagKeys") && grace.contains("PrincipalTag:Stage"), "{grace}");
    let exported = world.services.export(false).await.unwrap();
    assert!(exported.contains("transitive: true"), "{exported}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_aws_would_not_take_is_refused_at_its_place() {
    let world = World::new().await;
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    for (aws, told) in [
        ("{ session_duration: 5m }", "15m to 12h"),
        ("{ session_duration: 13h }", "15m to 12h"),
        ("{ principal_tags: [{ key: a }] }", "exactly one"),
        ("{ principal_tags: [{ key: a, value: x, field: email }] }", "exactly one"),
        ("{ principal_tags: [{ key: a, value: x }, { key: a, value: y }] }", "twice"),
        ("{ principal_tags: [{ key: '', value: x }] }", "1 to 128"),
        ("{ principal_tags: [{ key: Dept, value: x }, { key: dept, value: y }] }", "does not tell capitals apart"),
        ("{ principal_tags: [{ key: 'R&D', value: x }] }", "a key has letters, digits"),
        ("{ principal_tags: [{ key: 'aws:x', value: x }] }", "are AWS's own"),
        ("{ principal_tags: [{ key: a, value: 'R&D' }] }", "a value has letters, digits"),
        ("{ source_identity: { value: 'a b' } }", "2 to 64"),
        ("{ access_control: [{ key: a, value: x }] }", "Identity Center"),
        ("{ principal_tags: [{ key: a, field: shoe_size }] }", "shoe_size"),
        ("{ tags: [] }", "tags"),
    ] {
        let refused = world.services.apply("f.yaml", &provider(aws), &none, "test", false).await;
        let refused = refused.err().unwrap_or_else(|| panic!("{aws} was taken")).to_string();
        assert!(refused.contains(told), "{aws}: {refused}");
    }
    // An attribute with several values cannot be a tag: sign-on goes on without it and says so.
    world.apply(&provider("{ principal_tags: [{ key: Many, attribute: many }] }")).await;
    world.apply("version: 1\ngroups: [{ name: engineers, attributes: { aws_role: Engineer, many: [a, b] } }]").await;
    let sent = xml(&world.signed_in("ada").await.get(INIT).await);
    assert!(!sent.contains("PrincipalTag:Many"), "{sent}");
    let root = world.signed_in("root").await;
    let asked = json!({ "query": { "filter": "mapping_failed" } });
    let events = root.post_json("/fn/app/events/api/list_events", &asked).await.body;
    assert!(events.contains("AWS takes one"), "{events}");
}

/// An Identity Center, or a service that is not AWS at all, with a table of attributes.
fn service(acs: &str, audience: &str, aws: &str) -> String {
    format!(
        "version: 1\nsaml_providers:\n  - {{ name: service, acs_url: '{acs}', audience: '{audience}', name_id: {{ format: email_address }}, aws: {aws} }}\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_service_does_not_read_is_refused_at_its_place_with_what_to_do() {
    let world = World::new().await;
    let none = |_: &domain::declarative::Elsewhere| Err("none".to_owned());
    let center = (
        "https://eu-central-1.signin.aws/platform/saml/acs/1",
        "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278",
    );
    let wiki = ("https://wiki.example/acs", "https://wiki.example");
    let iam = ("https://signin.aws.amazon.com/saml", "https://signin.aws.amazon.com/saml");
    let (tags, identity) = ("principal_tags: [{ key: a, value: x }]", "source_identity: { field: username }");
    let (duration, control) = ("session_duration: 1h", "access_control: [{ key: a, value: x }]");
    for ((acs, audience), aws, field, instead) in [
        (center, tags, "aws.principal_tags", "as access_control instead"),
        (center, identity, "aws.source_identity", "leave it out"),
        (center, duration, "aws.session_duration", "set the session at AWS"),
        (iam, control, "aws.access_control", "as principal_tags instead"),
        (wiki, tags, "aws.principal_tags", "property mapping"),
        (wiki, identity, "aws.source_identity", "property mapping"),
        (wiki, duration, "aws.session_duration", "property mapping"),
        (wiki, control, "aws.access_control", "property mapping"),
    ] {
        let text = service(acs, audience, &format!("{{ {aws} }}"));
        let refused = world.services.apply("f.yaml", &text, &none, "test", false).await;
        let refused = refused.err().unwrap_or_else(|| panic!("{audience} {aws} was taken")).to_string();
        assert!(refused.contains(field) && refused.contains(instead), "{audience} {aws}: {refused}");
        let others = ["aws.principal_tags", "aws.source_identity", "aws.session_duration", "aws.access_control"];
        assert!(!others.iter().any(|other| *other != field && refused.contains(other)), "{audience} {aws}: {refused}");
    }
    world.apply(&service(center.0, center.1, &format!("{{ {control} }}"))).await;
    world.apply(&service(iam.0, iam.1, &format!("{{ {tags}, {identity}, {duration} }}"))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn identity_center_receives_attributes_for_access_control_and_its_rules_are_looked_at_before() {
    let world = World::new().await;
    let (sandbox, _url) = connected(&world).await;
    let root = world.signed_in("root").await;
    let read = root.post_json("/fn/app/saml_providers/api/read_provider", &json!({ "name": "identity-center" })).await;
    let detail: serde_json::Value = serde_json::from_str(&read.body).unwrap();
    let mut provider = detail["provider"].clone();
    provider["aws"] = json!({ "principal_tags": [{ "key": "Team", "value": "x" }] });
    let save = |provider: serde_json::Value| {
        let (root, version) = (&root, detail["version"].clone());
        async move {
            let body = json!({ "name": "identity-center", "version": version, "provider": provider });
            root.post_json("/fn/app/saml_providers/api/update_provider", &body).await
        }
    };
    let refused = save(provider.clone()).await;
    assert!(refused.status == 422 && refused.body.contains("access_control"), "{}", refused.body);
    provider["aws"] = json!({ "access_control": [{ "key": "Team", "attribute": "department" }] });
    let saved = save(provider).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let browser = world.signed_in("ada").await;
    let page = browser.get(&format!("/application/saml/{APPLICATION}/sso/binding/init/")).await;
    assert!(xml(&page).contains("AccessControl:Team"));
    let portal = post_on(&browser, &page).await;
    assert_eq!(sandbox.identity_center().sessions().len(), 1, "{}", portal.body);
    let asked = json!({ "slug": APPLICATION, "username": "ada" });
    let preview = root.post_json("/fn/app/applications/api/preview_sign_on", &asked).await.body;
    for rule in ["NameID format", "Assertion encryption", "Attributes for access control"] {
        assert!(preview.contains(rule), "{rule} is not in {preview}");
    }
}
