use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use model::{ScimHealth, ScimProvider, ScimProviderDetail, ScimStatus};

use super::{
    act::{RunAgain, Waiting},
    adoption::Undecided,
    api::read_scim_provider,
    delete::DeleteScimDialog,
    drift::Drifted,
    token::Tokens,
    words::{ADOPTION, DEPROVISION, DIALECTS, GROUP_DEPROVISION, PATH, scim_path, status_badge, text_of},
};
use crate::{
    applications::application_path,
    events::History,
    session::visitor,
    ui::{CopyRow, Failure, Heading, Scroll, Skeleton, Time, retry},
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
    let ScimProviderDetail { version, provider, tokens, used_by, health } = detail;
    let administers = visitor().administers();
    let path = scim_path(&provider.name);
    let waiting = health.pending.clone().map(|pending| {
        view! { <Waiting name=provider.name.clone() pending administers again /> }
    });
    let actions = administers.then(|| view! { <RunAgain name=provider.name.clone() status=health.status again /> });
    let undecided = (health.status == ScimStatus::WaitsForAdoption).then(|| {
        view! { <Undecided name=provider.name.clone() again /> }
    });
    let drifted = view! { <Drifted name=provider.name.clone() again /> };
    let edit = administers.then(|| view! { <A href=format!("{path}/edit") attr:class="button">"Edit"</A> });
    let delete = administers.then(|| {
        view! { <DeleteScimDialog name=provider.name.clone() version used_by=used_by.clone() /> }
    });
    let lonely = used_by.is_empty().then(|| view! { <p class="notice">"No application has this provider behind it, so nobody is in scope. Choose it under SCIM providers when you edit an application."</p> });
    let applications =
        used_by.into_iter().map(|slug| view! { <li><a href=application_path(&slug)>{slug.clone()}</a></li> });
    let applications = applications.collect_view();
    view! {
        <p class="lead">{status_badge(health.status)}" "{health.words.clone()}</p>
        {waiting}
        {undecided}
        {actions}
        <p class="actions">
            {edit}
            <A href=format!("{path}/plan") attr:class="button">"What would be done now"</A>
            <A href=format!("{path}/objects") attr:class="button">"What is there"</A>
            <A href=format!("{path}/preview") attr:class="button">"Preview"</A>
        </p>
        <dl class="facts">
            <CopyRow label="address" value=provider.url.clone() help="The SCIM endpoint of the service." />
            {standing(&health)}
            {settings(&provider)}
        </dl>
        {drifted}
        <h2>"Used by"</h2>
        {lonely}
        <ul>{applications}</ul>
        <Tokens provider version tokens administers again />
        {runs(health)}
        {delete}
    }
    .into_any()
}

/// What was chosen, as a person reads it.
fn settings(provider: &ScimProvider) -> AnyView {
    let listed = |names: &[String], none: &str| if names.is_empty() { none.to_owned() } else { names.join(", ") };
    let threshold = provider.removal_threshold;
    let rows = [
        ("Service", text_of(DIALECTS, provider.dialect)),
        ("Groups", listed(&provider.groups, "all")),
        ("Service accounts", if provider.exclude_service_accounts { "left out" } else { "pushed too" }.to_owned()),
        ("Users rendered by", listed(&provider.user_mappings, "the mapping that comes with Rolecall")),
        ("Groups rendered by", listed(&provider.group_mappings, "the mapping that comes with Rolecall")),
        ("Who leaves", text_of(DEPROVISION, provider.deprovision)),
        ("A group that leaves", text_of(GROUP_DEPROVISION, provider.group_deprovision)),
        ("Same names there", text_of(ADOPTION, provider.adopt)),
        ("Never touched", listed(&provider.protected, "nothing by name")),
        ("Waits for approval", format!("beyond {} removals or {} %", threshold.count, threshold.percent)),
    ];
    let rows = rows.map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> });
    rows.into_iter().collect_view().into_any()
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
