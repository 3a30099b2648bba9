use leptos::prelude::*;

use super::{
    api::{read_provider, read_provider_choices},
    detail::name,
    draft::ProviderDraft,
    form::ProviderForm,
    words::{PATH, provider_path},
};
use crate::{
    session::visitor,
    ui::{Empty, Failure, Heading, Skeleton, retry},
};

/// A new SAML provider, begun as AWS IAM wants it.
#[component]
pub fn NewProviderPage() -> impl IntoView {
    let choices = Resource::new(|| (), |()| read_provider_choices());
    let form = move || {
        Suspend::new(async move {
            match choices.await {
                Ok(choices) => view! { <ProviderForm existing=None start=ProviderDraft::aws() choices /> }.into_any(),
                Err(error) => view! { <Failure error retry=retry(choices) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=PATH>"All SAML providers"</a></p>
        <Heading title="New SAML provider" />
        <p class="help">"It begins as AWS IAM wants it. For IAM Identity Center and others, "<a href=format!("{PATH}/-/import")>"begin with their metadata"</a>"."</p>
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{form}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators make SAML providers." /> })}
    }
}

/// Changing a SAML provider.
#[component]
pub fn EditProviderPage() -> impl IntoView {
    let name = name();
    let choices = Resource::new(|| (), |()| read_provider_choices());
    let detail = Resource::new(move || name.get(), read_provider);
    let form = move || {
        Suspend::new(async move {
            match (detail.await, choices.await) {
                (Ok(found), Ok(choices)) => {
                    let start = ProviderDraft::from(&found.provider);
                    view! { <ProviderForm existing=Some(found.version) start choices /> }.into_any()
                }
                (Err(error), _) => view! { <Failure error retry=retry(detail) /> }.into_any(),
                (_, Err(error)) => view! { <Failure error retry=retry(choices) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=move || provider_path(&name.get())>"Back to the SAML provider"</a></p>
        <Heading title=Signal::derive(move || format!("Edit {}", name.get())) />
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{form}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators change SAML providers." /> })}
    }
}
