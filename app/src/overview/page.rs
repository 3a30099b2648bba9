use leptos::prelude::*;
use model::{Key, Overview, key_words};

use super::api::read_overview;
use crate::{
    connect::CONNECT,
    events::event_table,
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

fn key(key: Key) -> impl IntoView {
    let label = format!("Key {}", key.name);
    let href = format!("/admin/keys/{}", crate::list::segment(&key.name));
    view! {
        <section class="panel" aria-label=label>
            <h3><a href=href>{key.name}</a></h3>
            <p>{format!("{}, {}. It expires ", key_words(key.bits), key.subject)}<Time at=key.not_after />"."</p>
            <dl><CopyRow label="fingerprint" value=key.fingerprint help="SHA-256 of the certificate." /></dl>
        </section>
    }
}
