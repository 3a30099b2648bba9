use samael::schema::Response;
use tests::World;

use crate::sign_on::{INIT, verifies, xml};

const ROLE: &str = "arn:aws:iam::123412341234:role/Admin,arn:aws:iam::123412341234:saml-provider/authentik";

/// What somebody might call themselves.
fn names() -> Vec<String> {
    let role = format!(
        "<saml:Attribute Name=\"https://aws.amazon.com/SAML/Attributes/Role\"><saml:AttributeValue>{ROLE}</saml:AttributeValue></saml:Attribute>"
    );
    [
        // The one that gave a library's users roles of their own.
        &format!("x</saml2:AttributeValue><saml2:AttributeValue>{ROLE}"),
        &format!("x</saml:AttributeValue><saml:AttributeValue>{ROLE}"),
        &format!("x</saml:AttributeValue></saml:Attribute>{role}<saml:Attribute Name=\"y\"><saml:AttributeValue>"),
        "A & B",
        "A &amp; B",
        "&lt;b&gt;",
        "&#60;b&#62;",
        "]]></saml:AttributeValue>",
        "<![CDATA[x]]>",
        "<!-- x -->",
        "<?xml version=\"1.0\"?>",
        "\" Name=\"x",
        "' or '1'='1",
        "a\u{202e}b \u{1d11e} é e\u{301}",
        "%s{0}${x}{{7*7}}",
    ]
    .iter()
    .map(|name| (*name).to_owned())
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_user_is_called_the_name_arrives_as_it_is_and_adds_nothing_to_the_response() {
    let world = World::new().await;
    world
        .apply(
            "version: 1\nproperty_mappings: [{ name: display name, kind: saml, saml_name: displayName, expression: 'return user.attributes[\"note\"]' }]\n\
             saml_providers:\n  - { name: aws-iam, acs_url: 'https://signin.aws.amazon.com/saml', issuer: authentik, audience: 'urn:amazon:webservices', \
             property_mappings: [AWS role by group, AWS session name, display name] }\n",
        )
        .await;
    let certificate = world.browser().get("/application/saml/aws/metadata/").await.body;
    let certificate = certificate.split("X509Certificate>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let grace = world.signed_in("grace").await;
    for name in names() {
        let quoted = serde_json::to_string(&name).unwrap();
        // A name has at most 200 characters; what is said of somebody has no such bound.
        let called = if name.chars().count() > 200 { "\"Grace\"" } else { &quoted };
        world
            .apply(&format!(
                "version: 1\nusers: [{{ username: grace, name: {called}, email: grace@example.com, groups: [aws-readers], attributes: {{ note: {quoted} }} }}]"
            ))
            .await;
        let xml = xml(&grace.get(INIT).await);
        assert!(verifies(&xml, &certificate), "{name}: xmlsec1 refuses {xml}");
        let response: Response = xml.parse().unwrap();
        let statements = response.assertion.unwrap().attribute_statements.unwrap();
        let found: Vec<(String, Vec<String>)> = statements
            .into_iter()
            .flat_map(|statement| statement.attributes)
            .map(|a| (a.name.unwrap(), a.values.into_iter().map(|v| v.value.unwrap_or_default()).collect()))
            .collect();
        let values =
            |wanted: &str| found.iter().filter(|(n, _)| n == wanted).flat_map(|(_, v)| v.clone()).collect::<Vec<_>>();
        assert_eq!(found.len(), 3, "{name}: {found:?}");
        assert_eq!(values("displayName"), std::slice::from_ref(&name), "{xml}");
        let roles = values("https://aws.amazon.com/SAML/Attributes/Role");
        assert!(roles.len() == 1 && roles[0].contains("role/Reader"), "{name}: {roles:?}");
        // The pages that show the name show it and nothing more.
        let page = grace.get("/").await;
        assert!(!page.body.contains("<saml") && !page.body.contains("<!-- x"), "{name}: {}", page.body);
    }
}

/// The text of the one element of this name, which holds no other.
fn text_of(xml: &str, name: &str) -> String {
    let parts: Vec<&str> = xml.split(&format!("<{name}")).collect();
    assert_eq!(parts.len(), 2, "one {name}: {xml}");
    let inside = parts[1].split_once('>').unwrap().1.split_once(&format!("</{name}>")).unwrap().0;
    assert!(!inside.contains('<'), "{name} holds an element: {xml}");
    inside.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_identifier_an_email_address_and_values_of_a_list_add_nothing_to_the_response_either() {
    let world = World::new().await;
    world
        .apply(
            "version: 1\nproperty_mappings:\n  - { name: note, kind: saml, saml_name: note, expression: 'return user.attributes[\"note\"]' }\n  \
             - { name: mail, kind: saml, saml_name: mail, expression: return user.email }\n  \
             - { name: notes, kind: saml, saml_name: notes, expression: 'return [user.attributes[\"note\"], \"last\"]' }\n\
             saml_providers: [{ name: sp, acs_url: 'https://sp.example/acs', audience: 'https://sp.example', name_id: { format: unspecified, mapping: note }, property_mappings: [mail, notes] }]\n\
             applications: [{ slug: sp, name: SP, saml_provider: sp }]\n",
        )
        .await;
    let certificate = world.browser().get("/application/saml/sp/metadata/").await.body;
    let certificate = certificate.split("X509Certificate>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let grace = world.signed_in("grace").await;
    for name in names().into_iter().filter(|name| name.chars().count() <= 200) {
        let email = format!("{}@example.com", name.split_whitespace().collect::<String>());
        let (note, address) = (serde_json::to_string(&name).unwrap(), serde_json::to_string(&email).unwrap());
        world
            .apply(&format!(
                "version: 1\nusers: [{{ username: grace, name: Grace, email: {address}, groups: [aws-readers], attributes: {{ note: {note} }} }}]"
            ))
            .await;
        let xml = xml(&grace.get("/application/saml/sp/sso/binding/init/").await);
        assert!(verifies(&xml, &certificate), "{name}: xmlsec1 refuses {xml}");
        assert_eq!(text_of(&xml, "saml:NameID"), name, "{xml}");
        let response: Response = xml.parse().unwrap();
        let statements = response.assertion.unwrap().attribute_statements.unwrap();
        let mut found: Vec<(String, Vec<String>)> = statements
            .into_iter()
            .flat_map(|statement| statement.attributes)
            .map(|a| (a.name.unwrap(), a.values.into_iter().map(|v| v.value.unwrap_or_default()).collect()))
            .collect();
        found.sort();
        let wanted = [("mail".to_owned(), vec![email]), ("notes".to_owned(), vec![name.clone(), "last".to_owned()])];
        assert_eq!(found, wanted, "{xml}");
    }
}
