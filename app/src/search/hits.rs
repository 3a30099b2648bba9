use domain::{Caller, Error, Found, port::Kind};
use model::Hit;

use crate::list::{linked, segment};

/// Title and address of every page that a person would ask for by name.
const PAGES: [(&str, &str); 14] = [
    ("Overview", "/admin"),
    ("Applications", "/admin/applications"),
    ("SAML providers", "/admin/saml-providers"),
    ("SCIM providers", "/admin/scim-providers"),
    ("Property mappings", "/admin/property-mappings"),
    ("Policies", "/admin/policies"),
    ("Keys", "/admin/keys"),
    ("Users", "/admin/users"),
    ("Groups", "/admin/groups"),
    ("API tokens", "/admin/api-tokens"),
    ("Webhooks", "/admin/webhooks"),
    ("Events", "/admin/events"),
    ("Search", "/admin/search"),
    ("Your applications and sessions", "/"),
];

/// What an administrator may set out to do.
const ACTIONS: [(&str, &str); 13] = [
    ("New application", "/admin/applications/-/new"),
    ("New user", "/admin/users/-/new"),
    ("New group", "/admin/groups/-/new"),
    ("New policy", "/admin/policies/-/new"),
    ("New property mapping", "/admin/property-mappings/-/new"),
    ("New SAML provider", "/admin/saml-providers/-/new"),
    ("Import a service's metadata", "/admin/saml-providers/-/import"),
    ("New SCIM provider", "/admin/scim-providers/-/new"),
    ("Connect IAM Identity Center", "/admin/connect/identity-center"),
    ("Generate a key", "/admin/keys/-/new"),
    ("Import a key", "/admin/keys/-/import"),
    ("New API token", "/admin/api-tokens/-/new"),
    ("New webhook", "/admin/webhooks/-/new"),
];

/// Things that are looked for at most.
const MOST: usize = 20;

/// What fits: pages, then things, then what can be done. Without a text no things.
pub async fn hits(caller: &Caller, text: &str) -> Result<Vec<Hit>, Error> {
    let auditor = caller.auditor()?;
    let wanted = text.trim().to_lowercase();
    let fixed = |kind: &str, list: &[(&str, &str)]| -> Vec<Hit> {
        let fits = list.iter().filter(|(title, _)| title.to_lowercase().contains(&wanted));
        fits.map(|(title, href)| hit(kind, title, "", (*href).to_owned())).collect()
    };
    let mut all = fixed("page", &PAGES);
    let found = auditor.search(text, MOST).await?;
    all.extend(found.into_iter().map(thing));
    if caller.admin().is_ok() {
        all.extend(fixed("action", &ACTIONS));
    }
    Ok(all)
}

fn hit(kind: &str, title: &str, detail: &str, href: String) -> Hit {
    Hit { kind: kind.to_owned(), title: title.to_owned(), detail: detail.to_owned(), href }
}

fn thing(found: Found) -> Hit {
    let Found { kind, key, name } = found;
    let list = match kind {
        Kind::User => "users",
        Kind::Group => "groups",
        Kind::Application => "applications",
        Kind::SamlProvider => "saml-providers",
        Kind::ScimProvider => "scim-providers",
        Kind::PropertyMapping => "property-mappings",
        Kind::Policy => "policies",
        Kind::Key => "keys",
        Kind::Webhook => "webhooks",
        // They have no page of their own.
        Kind::ApiToken | Kind::Setting => return hit(kind.word(), &name, "", linked("/admin/api-tokens", "q", &key)),
    };
    let href = format!("/admin/{list}/{}", segment(&key));
    let (title, detail) = if name.is_empty() { (key.clone(), String::new()) } else { (name, key.clone()) };
    let detail = if detail == title { "" } else { &detail };
    hit(kind.word(), &title, detail, href)
}
