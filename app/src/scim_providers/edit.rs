use leptos::prelude::*;

use super::{
    api::{read_scim_choices, read_scim_provider},
    create::CreateScimForm,
    detail::name,
    draft::ScimDraft,
    form::ScimSettingsForm,
    words::{PATH, scim_path},
};
use crate::{
    connect::CONNECT,
    session::visitor,
    ui::{Empty, Failure, Heading, Skeleton, retry},
};

/// A new SCIM provider.
#[component]
pub fn NewScimProviderPage() -> impl IntoView {
    let choices = Resource::new(|| (), |()| read_scim_choices());
    let done = Callback::new(|name: String| scim_path(&name));
    let form = move || {
        Suspend::new(async move {
            match choices.await {
                Ok(choices) => view! { <CreateScimForm start=ScimDraft::default() choices done /> }.into_any(),
                Err(error) => view! { <Failure error retry=retry(choices) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=PATH>"All SCIM providers"</a></p>
        <Heading title="New SCIM provider" />
        <p class="help">"For IAM Identity Center with single sign-on, "<a href=CONNECT>"connect it step by step"</a>"."</p>
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{form}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators make SCIM providers." /> })}
    }
}

/// Changing a SCIM provider.
#[component]
pub fn EditScimProviderPage() -> impl IntoView {
    let name = name();
    let choices = Resource::new(|| (), |()| read_scim_choices());
    let detail = Resource::new(move || name.get(), read_scim_provider);
    let form = move || {
        Suspend::new(async move {
            match (detail.await, choices.await) {
                (Ok(existing), Ok(choices)) => view! { <ScimSettingsForm existing choices /> }.into_any(),
                (Err(error), _) => view! { <Failure error retry=retry(detail) /> }.into_any(),
                (_, Err(error)) => view! { <Failure error retry=retry(choices) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=move || scim_path(&name.get())>"Back to the SCIM provider"</a></p>
        <Heading title=Signal::derive(move || format!("Edit {}", name.get())) />
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{form}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators change SCIM providers." /> })}
    }
}
