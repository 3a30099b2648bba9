//! What is called like a place of the console is found there all the same.

use domain::port::Kind;
use reqwest::StatusCode;
use tests::World;

/// Last parts of addresses that lead to a page of a kind and to no thing of it.
const PLACES: [&str; 7] = ["new", "import", "selected", "edit", "delete", "history", "-"];
/// Slugs begin with a letter or a digit.
const SLUGS: [&str; 6] = ["new", "import", "selected", "edit", "delete", "history"];

/// Where the console shows things of a kind, what comes before the name in their heading, and pages of theirs. None: such
/// things have no page that is named after them.
fn place(kind: Kind) -> Option<(&'static str, &'static str, &'static [&'static str])> {
    match kind {
        Kind::User => Some(("users", "User ", &["edit", "password", "sessions", "history", "delete"])),
        Kind::Group => Some(("groups", "Group ", &["edit", "history", "delete"])),
        Kind::Application => Some(("applications", "Application ", &["edit", "preview", "history"])),
        Kind::SamlProvider => Some(("saml-providers", "SAML provider ", &["edit", "metadata", "test", "responses"])),
        Kind::ScimProvider => Some(("scim-providers", "SCIM provider ", &["edit", "preview", "objects"])),
        Kind::PropertyMapping => Some(("property-mappings", "Property mapping ", &["edit"])),
        Kind::Policy => Some(("policies", "Policy ", &["edit", "history", "delete"])),
        Kind::Key => Some(("keys", "Key ", &["certificate.pem"])),
        Kind::Webhook => Some(("webhooks", "Webhook ", &["edit", "secret", "history", "delete"])),
        // Settings have no pages; a token is named by its id, which the server makes.
        Kind::Setting | Kind::ApiToken => None,
    }
}

const KINDS: [Kind; 11] = [
    Kind::User,
    Kind::Group,
    Kind::Application,
    Kind::SamlProvider,
    Kind::ScimProvider,
    Kind::PropertyMapping,
    Kind::Policy,
    Kind::Key,
    Kind::Setting,
    Kind::ApiToken,
    Kind::Webhook,
];

/// A file with one of each kind for each name.
fn everything() -> String {
    let list = |names: &[&str], of: &dyn Fn(&str) -> String| -> String {
        names.iter().map(|name| format!("  - {{ {} }}\n", of(name))).collect()
    };
    let sections: [(&str, String); 9] = [
        ("users", list(&PLACES, &|n| format!("username: '{n}', name: 'User {n}'"))),
        ("groups", list(&PLACES, &|n| format!("name: '{n}'"))),
        (
            "keys",
            list(&PLACES, &|n| {
                format!("name: '{n}', generate: {{ algorithm: p-256, common_name: x, valid_days: 30 }}")
            }),
        ),
        (
            "property_mappings",
            list(&PLACES, &|n| format!("name: '{n}', kind: saml, saml_name: 'urn:x:{n}', expression: 'return 1'")),
        ),
        ("policies", list(&PLACES, &|n| format!("name: '{n}', expression: 'return True'"))),
        (
            "saml_providers",
            list(&PLACES, &|n| format!("name: '{n}', acs_url: 'https://sp.example/acs', audience: 'urn:sp:{n}'")),
        ),
        (
            "scim_providers",
            list(&PLACES, &|n| format!("name: '{n}', url: 'https://scim.example/{n}', token: x, dialect: rfc7644")),
        ),
        (
            "webhooks",
            list(&PLACES, &|n| {
                format!("name: '{n}', url: 'https://pager.example/{n}', secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
            }),
        ),
        ("applications", list(&SLUGS, &|n| format!("slug: '{n}', name: '{n}', saml_provider: '{n}'"))),
    ];
    let sections: String = sections.iter().map(|(section, items)| format!("{section}:\n{items}")).collect();
    format!("version: 1\n{sections}")
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_called_like_a_place_of_the_console_has_its_own_pages_there() {
    let world = World::new().await;
    world.apply(&everything()).await;
    let root = world.signed_in("root").await;
    let mut wrong = Vec::new();
    for kind in KINDS {
        let Some((path, before, pages)) = place(kind) else { continue };
        let names: &[&str] = if kind == Kind::Application { &SLUGS } else { &PLACES };
        let list = root.get(&format!("/admin/{path}")).await;
        for name in names {
            let own = format!("/admin/{path}/{name}");
            if !list.body.contains(&format!("href=\"{own}\"")) {
                wrong.push(format!("{own} is not in the list"));
            }
            let page = root.get(&own).await;
            let heading = page.body.replace("<!>", "");
            let heading = heading.split("<h1").nth(1).and_then(|h| h.split('>').nth(1)).unwrap_or_default();
            let heading = heading.split('<').next().unwrap_or_default();
            if page.status != StatusCode::OK || heading != format!("{before}{name}") {
                wrong.push(format!("{own}: {} {heading}", page.status));
            }
            for sub in pages {
                let page = root.get(&format!("{own}/{sub}")).await;
                let said = page.body.contains("There is nothing here") || page.body.contains("There is no ");
                if page.status != StatusCode::OK || said {
                    wrong.push(format!("{own}/{sub}: {}", page.status));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_and_the_api_change_what_is_called_like_a_place_and_nothing_else() {
    let world = World::new().await;
    world.apply(&everything()).await;
    let (root, api) = (world.signed_in("root").await, world.api("root").await);
    for (path, name) in [("users", "new"), ("groups", "-"), ("policies", "selected"), ("webhooks", "new")] {
        let own = format!("/admin/{path}/{name}");
        let question = root.get(&format!("{own}/delete")).await;
        let form = tests::forms(&question.body).into_iter().find(|form| form.action.ends_with("/delete"));
        let form = form.unwrap_or_else(|| panic!("{own} cannot be deleted: {}", question.body));
        assert_eq!(form.action, format!("{own}/delete"));
        let fields: Vec<_> = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let done = root.post(&form.action, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{own}: {}", done.body);
        assert_eq!(root.get(&own).await.status, StatusCode::NOT_FOUND, "{own} is still there");
        assert_eq!(root.get(&format!("/admin/{path}/edit")).await.status, StatusCode::OK, "{path}/edit went too");
    }
    for path in ["keys", "property-mappings", "saml-providers", "scim-providers", "applications"] {
        for name in ["new", "import"] {
            assert_eq!(api.get(&format!("/{path}/{name}")).await.status, StatusCode::OK, "{path}/{name}");
        }
    }
}
