use leptos::prelude::*;
use model::{ScimProvider, ScimProviderDetail};

use super::{
    frame::{StepPage, application_first},
    state::Connection,
    words::{Step, step_path},
};
use crate::{
    scim_providers::{
        CreateScimForm, FirstLook, PlanView, ScimDraft,
        api::{read_scim_choices, update_scim_provider},
        scim_path, status_badge,
    },
    ui::{Deed, DeedButton, Failure, Skeleton, lead_to, retry},
};

/// From the SCIM endpoint to the first run.
#[component]
pub fn ProvisioningStep() -> impl IntoView {
    view! { <StepPage step=Step::Provisioning content=content /> }
}

fn content(connection: Connection, again: Callback<()>) -> AnyView {
    let provider = connection.provider.provider.name;
    let Some(detail) = connection.application else { return application_first(&provider) };
    match connection.scim {
        Some(scim) if scim.provider.enabled => running(scim),
        Some(scim) => view! { <FirstPlan scim /> }.into_any(),
        None => view! { <Attach provider slug=detail.application.slug.to_string() again /> }.into_any(),
    }
}

/// Endpoint, token and scope; nothing is sent yet.
#[component]
fn Attach(provider: String, slug: String, again: Callback<()>) -> impl IntoView {
    let choices = Resource::new(|| (), |()| read_scim_choices());
    let here = step_path(&provider, Step::Provisioning);
    let done = Callback::new(move |_| {
        again.run(());
        here.clone()
    });
    let form = move || {
        let (name, slug) = (format!("{provider}-scim"), slug.clone());
        Suspend::new(async move {
            match choices.await {
                Ok(choices) => {
                    let start = ScimDraft::from(&ScimProvider { enabled: false, ..ScimProvider::new(name, "") });
                    view! { <CreateScimForm start choices behind=vec![slug] done /> }.into_any()
                }
                Err(error) => view! { <Failure error retry=retry(choices) /> }.into_any(),
            }
        })
    };
    view! {
        <p>"At AWS, under "<b>"Settings"</b>", find the box "<b>"Automatic provisioning"</b>" and click "<b>"Enable"</b>". AWS shows the "<b>"SCIM endpoint"</b>" and, this once only, the "<b>"Access token"</b>". Nothing is sent before you have seen the first plan."</p>
        <Suspense fallback=Skeleton>{form}</Suspense>
    }
}

/// What is there already, what the first run would do, and letting it run.
#[component]
fn FirstPlan(scim: ScimProviderDetail) -> impl IntoView {
    let ScimProviderDetail { version, provider, .. } = scim;
    let name = provider.name.clone();
    let switched = ScimProvider { enabled: true, ..provider };
    let run = move || update_scim_provider(switched.name.clone(), version, switched.clone(), false);
    let deed = Deed::new("Provisioning was switched on", run, lead_to(scim_path(&name)));
    let edit = format!("{}/edit", scim_path(&name));
    let (name, decided) = (Signal::stored(name), RwSignal::new(0_u32));
    view! {
        <FirstLook name decided />
        <h2>"The first run"</h2>
        <p>"This is what the first run would do. Nothing was sent yet. If it is not what you want, "<a href=edit>"change who is pushed"</a>" first."</p>
        <PlanView name decided />
        <div class="onward"><DeedButton deed label="Switch it on and run" primary=true /></div>
    }
}

/// It runs by itself.
fn running(scim: ScimProviderDetail) -> AnyView {
    let path = scim_path(&scim.provider.name);
    view! {
        <p class="lead">{status_badge(scim.health.status)}" "{scim.health.words}</p>
        <p>"Every change here is followed at AWS by itself. "<a href=path>{format!("The page of {}", scim.provider.name)}</a>" shows how it stands, what waits, and what was done."</p>
        <p>"What is left is at AWS: give the groups that were pushed their permission sets in the accounts, under "<b>"AWS accounts"</b>"."</p>
    }
    .into_any()
}
