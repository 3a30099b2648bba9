use leptos::prelude::*;
use model::{ExpiringKey, ExpiringService, ExpiryWarning, Key, Overview, key_words};

use super::api::read_overview;
use crate::{
    connect::CONNECT,
    events::event_table,
    keys::expiry_badge,
    list::segment,
    saml_providers::provider_path,
    session::visitor,
    ui::{CopyRow, Failure, Heading, Skeleton, Time, retry},
};

/// The state of the house at a glance.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let overview = Resource::new(|| (), |()| read_overview());
    let body = move || {
        Suspend::new(async move {
            match overview.await {
                Ok(found) => facts(found),
                Err(error) => view! { <Failure error retry=retry(overview) /> }.into_any(),
            }
        })
    };
    view! {
        <Heading title="Overview" />
        <Transition fallback=Skeleton>{body}</Transition>
    }
}

fn facts(overview: Overview) -> AnyView {
    let counts = [
        ("Users", overview.users, Some("/admin/users")),
        ("Groups", overview.groups, None),
        ("Applications", overview.applications, Some("/admin/applications")),
        ("SAML providers", overview.saml_providers, Some("/admin/saml-providers")),
    ];
    let counts = counts.map(|(name, count, href)| {
        let name = match href {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        view! { <div class="count"><dt>{name}</dt><dd>{count.to_string()}</dd></div> }
    });
    let keys = overview.keys.into_iter().map(key).collect_view();
    let connect = visitor().administers().then(|| {
        view! {
            <section class="panel" aria-label="Connect AWS">
                <h2>"Connect AWS"</h2>
                <p>"IAM Identity Center, step by step: sign-on with SAML, people and groups with SCIM."</p>
                <p class="actions"><a class="button" href=CONNECT>"Connect IAM Identity Center"</a></p>
            </section>
        }
    });
    view! {
        {expiring(overview.expiring, overview.expiring_services)}
        <dl class="counts">{counts.into_iter().collect_view()}</dl>
        {connect}
        <h2>"Keys"</h2>
        {keys}
        <h2>"Latest events"</h2>
        {event_table(overview.events)}
        <p><a href="/admin/events">"All events"</a></p>
    }
    .into_any()
}

/// Keys to replace soon, and what services have to renew.
fn expiring(keys: Vec<ExpiringKey>, services: Vec<ExpiringService>) -> Option<AnyView> {
    let keys = keys.into_iter().map(|key| {
        let users = if key.providers.is_empty() { "nobody".to_owned() } else { key.providers.join(", ") };
        let trusted = if key.trusted_by.is_empty() {
            String::new()
        } else {
            format!("; trusted by {}", key.trusted_by.join(", "))
        };
        let decrypts = if key.decrypts_for.is_empty() {
            String::new()
        } else {
            format!("; decrypts for {}", key.decrypts_for.join(", "))
        };
        let href = format!("/admin/keys/{}", segment(&key.name));
        let rest = format!("; signs for {users}{trusted}{decrypts}");
        near(href, format!("Key {}", key.name), key.warning, key.not_after, rest)
    });
    let services = services.into_iter().map(|end| {
        let text = format!("{}: {} of the service", end.provider, end.what.words());
        near(provider_path(&end.provider), text, end.warning, end.not_after, String::new())
    });
    let lines: Vec<AnyView> = keys.chain(services).collect();
    if lines.is_empty() {
        return None;
    }
    Some(view! { <div class="notice"><p>"To replace soon:"</p><ul>{lines}</ul></div> }.into_any())
}

fn near(href: String, what: String, warning: ExpiryWarning, at: String, rest: String) -> AnyView {
    view! { <li><a href=href>{what}</a>{expiry_badge(Some(warning))}" "<Time at />{rest}</li> }.into_any()
}

fn key(key: Key) -> impl IntoView {
    let label = format!("Key {}", key.name);
    let href = format!("/admin/keys/{}", segment(&key.name));
    view! {
        <section class="panel" aria-label=label>
            <h3><a href=href>{key.name}</a></h3>
            <p>{format!("{}, {}. It expires ", key_words(key.bits), key.subject)}<Time at=key.not_after />"."</p>
            <dl><CopyRow label="fingerprint" value=key.fingerprint help="SHA-256 of the certificate." /></dl>
        </section>
    }
}
