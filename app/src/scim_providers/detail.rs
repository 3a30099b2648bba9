use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use model::{ScimHealth, ScimProviderDetail};

use super::{
    act::{RunAgain, Waiting},
    api::read_scim_provider,
    words::{PATH, scim_path, word},
};
use crate::{
    events::History,
    session::visitor,
    ui::{Badge, CopyRow, Failure, Heading, Scroll, Skeleton, Time, retry},
};

/// The name in the address.
pub fn name() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get("name").unwrap_or_default()))
}

/// One SCIM provider: how it stands, what waits, what was done.
#[component]
pub fn ScimProviderPage() -> impl IntoView {
    let name = name();
    let detail = Resource::new(move || name.get(), read_scim_provider);
    let body = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(found) => facts(found, Callback::new(move |()| detail.refetch())),
                Err(error) => view! { <Failure error retry=retry(detail) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=PATH>"All SCIM providers"</a></p>
        <Heading title=Signal::derive(move || format!("SCIM provider {}", name.get())) />
        <Transition fallback=Skeleton>{body}</Transition>
        <h2>"History"</h2>
        <History target=Signal::derive(move || format!("SCIM provider {}", name.get())) />
    }
}

fn facts(detail: ScimProviderDetail, again: Callback<()>) -> AnyView {
    let ScimProviderDetail { provider, tokens, used_by, health, .. } = detail;
    let administers = visitor().administers();
    let (tone, text) = word(health.status);
    let path = scim_path(&provider.name);
    let waiting = health.pending.clone().map(|pending| {
        view! { <Waiting name=provider.name.clone() pending administers again /> }
    });
    let actions = administers.then(|| view! { <RunAgain name=provider.name.clone() again /> });
    let tokens = tokens.into_iter().map(|token| {
        let end = match token.expires {
            Some(expires) => view! { ", expires "<Time at=expires /> }.into_any(),
            None => ", its end is not known".into_any(),
        };
        view! { <li>{format!("slot {}", token.slot)}{end}</li> }
    });
    let tokens: Vec<_> = tokens.collect();
    let none = tokens.is_empty().then(|| view! { <p>"There is no token."</p> });
    view! {
        <p class="lead"><Badge tone text />" "{health.words.clone()}</p>
        {waiting}
        {actions}
        <p class="actions">
            <A href=format!("{path}/plan") attr:class="button">"What would be done now"</A>
            <A href=format!("{path}/objects") attr:class="button">"What is there"</A>
        </p>
        <dl class="facts">
            <CopyRow label="address" value=provider.url.clone() help="The SCIM endpoint of the service." />
            <div><dt>"Applications"</dt><dd>{used_by.join(", ")}</dd></div>
            {standing(&health)}
        </dl>
        <h2>"Tokens"</h2>
        {none}
        <ul>{tokens}</ul>
        {runs(health)}
    }
    .into_any()
}

fn standing(health: &ScimHealth) -> AnyView {
    let rows = [
        ("Users there", health.users),
        ("Groups there", health.groups),
        ("Memberships", health.memberships),
        ("Steps ahead", health.queue),
        ("Parked", health.parked),
    ];
    let rows = rows.map(|(label, count)| view! { <div><dt>{label}</dt><dd>{count}</dd></div> });
    let times = [
        ("Last synchronised", health.last_synced.clone()),
        ("Oldest change not there yet", health.unsynced_since.clone()),
    ];
    let times = times.map(|(label, at)| at.map(|at| view! { <div><dt>{label}</dt><dd><Time at /></dd></div> }));
    view! { {rows.into_iter().collect_view()}{times.into_iter().collect_view()} }.into_any()
}

fn runs(health: ScimHealth) -> AnyView {
    if health.runs.is_empty() {
        return ().into_any();
    }
    let rows = health.runs.into_iter().map(|run| {
        view! {
            <tr>
                <td><Time at=run.started /></td><td>{run.outcome}</td><td>{format!("{} of {}", run.settled, run.steps)}</td>
                <td>{run.requests}</td><td>{run.parked}</td>
            </tr>
        }
    });
    view! {
        <h2>"Runs"</h2>
        <Scroll label="Runs">
            <table>
                <thead><tr>
                    <th scope="col">"When"</th><th scope="col">"Outcome"</th><th scope="col">"Steps"</th>
                    <th scope="col">"Requests"</th><th scope="col">"Parked"</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </Scroll>
    }
    .into_any()
}
