use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use model::{ListQuery, ScimAdoptionList, ScimDrift, ScimHealth, ScimProviderDetail, ScimStatus};
use serde::{Deserialize, Serialize};

use super::{
    act::Waiting,
    adoption::Undecided,
    api::{list_scim_adoption, read_scim_drift, read_scim_provider},
    delete::DeleteScimDialog,
    drift::Drifted,
    progress::Live,
    runs::run_table,
    settings::settings,
    stage::Stage,
    token::Tokens,
    words::{PATH, adoption_path, scim_path},
};
use crate::{
    applications::application_path,
    error::AppError,
    events::History,
    session::visitor,
    ui::{CopyRow, Failure, Heading, Skeleton, Time, retry},
};

/// The name in the address.
pub fn name() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get("name").unwrap_or_default()))
}

/// What moves while somebody looks. It is read as one, so that nothing on the page goes away and comes back between two
/// answers, under the pointer.
#[derive(Clone, Serialize, Deserialize)]
struct Moving {
    detail: ScimProviderDetail,
    /// Where somebody has to decide whose objects are.
    undecided: Option<Result<ScimAdoptionList, AppError>>,
    drift: Result<ScimDrift, AppError>,
}

async fn read_moving(name: String) -> Result<Moving, AppError> {
    let detail = read_scim_provider(name.clone()).await?;
    let undecided = if detail.health.status == ScimStatus::WaitsForAdoption {
        let query = ListQuery { filter: "undecided".to_owned(), ..ListQuery::default() };
        Some(list_scim_adoption(name.clone(), query).await)
    } else {
        None
    };
    Ok(Moving { detail, undecided, drift: read_scim_drift(name).await })
}

/// One SCIM provider: how it stands, what waits, what was done.
#[component]
pub fn ScimProviderPage() -> impl IntoView {
    let name = name();
    let detail = Resource::new(move || name.get(), read_moving);
    // Read by itself, so that what moves above does not take away what is being typed below.
    let still = Resource::new(move || name.get(), read_scim_provider);
    let shown = move || detail.get().and_then(|found| found.ok().map(|found| Stage::from(&found.detail.health)));
    let again = Callback::new(move |()| detail.refetch());
    let all = Callback::new(move |()| {
        detail.refetch();
        still.refetch();
    });
    let body = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(found) => facts(found, again),
                Err(error) => view! { <Failure error retry=retry(detail) /> }.into_any(),
            }
        })
    };
    let below = move || Suspend::new(async move { still.await.map(|found: ScimProviderDetail| held(found, all)).ok() });
    view! {
        <p><a href=PATH>"All SCIM providers"</a></p>
        <Heading title=Signal::derive(move || format!("SCIM provider {}", name.get())) />
        <Live name shown=Signal::derive(shown) again />
        <Transition fallback=Skeleton>{body}</Transition>
        <Transition>{below}</Transition>
        <h2>"History"</h2>
        <History target=Signal::derive(move || format!("SCIM provider {}", name.get())) />
    }
}

/// What there is to see.
fn facts(moving: Moving, again: Callback<()>) -> AnyView {
    let Moving { detail, undecided, drift } = moving;
    let ScimProviderDetail { provider, used_by, health, warnings: bad, .. } = detail;
    let bad = bad.into_iter().map(|words| view! { <p class="notice bad">{words}</p> }).collect_view();
    let administers = visitor().administers();
    let path = scim_path(&provider.name);
    let waiting = health.pending.clone().map(|pending| {
        view! { <Waiting name=provider.name.clone() pending administers again /> }
    });
    let undecided = undecided.map(|found| view! { <Undecided name=provider.name.clone() found again /> });
    let warnings = health.warnings.iter().map(|words| view! { <p class="notice">{words.clone()}</p> });
    let warnings = warnings.collect_view();
    let drifted = view! { <Drifted name=provider.name.clone() found=drift again /> };
    let whose = adoption_path(&provider.name);
    let first = (!provider.enabled && health.last_synced.is_none() && health.runs.is_empty()).then(|| {
        view! { <p class="notice">"It is switched off, and nothing was sent yet. Before that, see "<a href=whose.clone()>"whose the users and groups are that the service has already"</a>"."</p> }
    });
    let edit = administers.then(|| view! { <A href=format!("{path}/edit") attr:class="button">"Edit"</A> });
    let lonely = used_by.is_empty().then(|| view! { <p class="notice">"No application has this provider behind it, so nobody is in scope. Choose it under SCIM providers when you edit an application."</p> });
    let applications =
        used_by.into_iter().map(|slug| view! { <li><a href=application_path(&slug)>{slug.clone()}</a></li> });
    let applications = applications.collect_view();
    view! {
        {bad}
        {warnings}
        {waiting}
        {undecided}
        {first}
        <p class="actions">
            {edit}
            <A href=format!("{path}/plan") attr:class="button">"What would be done now"</A>
            <A href=format!("{path}/plans") attr:class="button">"Kept plans"</A>
            <A href=format!("{path}/objects") attr:class="button">"What is there"</A>
            <A href=whose attr:class="button">"Whose it is"</A>
            <A href=format!("{path}/preview") attr:class="button">"Preview"</A>
        </p>
        <dl class="facts">
            <CopyRow label="address" value=provider.url.clone() help="The SCIM endpoint of the service." />
            {standing(&health)}
        </dl>
        {drifted}
        {run_table(&provider.name, health.runs)}
        <h2>"Settings"</h2>
        <dl class="facts">{settings(&provider)}</dl>
        <h2>"Used by"</h2>
        {lonely}
        <ul>{applications}</ul>
    }
    .into_any()
}

/// What is typed into: the tokens, and deleting it.
fn held(detail: ScimProviderDetail, again: Callback<()>) -> AnyView {
    let ScimProviderDetail { version, provider, tokens, used_by, .. } = detail;
    let administers = visitor().administers();
    let name = provider.name.clone();
    let delete = administers.then(|| view! { <DeleteScimDialog name version used_by /> });
    view! { <Tokens provider version tokens administers again />{delete} }.into_any()
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
        ("Last compared", health.last_verified.clone()),
        ("Oldest change not there yet", health.unsynced_since.clone()),
    ];
    let times = times.map(|(label, at)| at.map(|at| view! { <div><dt>{label}</dt><dd><Time at /></dd></div> }));
    view! { {rows.into_iter().collect_view()}{times.into_iter().collect_view()} }.into_any()
}
