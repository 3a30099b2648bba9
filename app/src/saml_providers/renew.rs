use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{ProviderDetail, SamlProvider, SpFacts};

use super::{
    api::{read_provider, update_provider},
    detail::name,
    import::{ReadForm, Then},
    words::provider_path,
};
use crate::{
    changes::differences,
    events::change_table,
    session::visitor,
    ui::{Empty, Failure, Heading, Skeleton, Toasts, retry},
};

/// New metadata for an existing provider: what would change is shown, what was set by hand stays.
#[component]
pub fn RenewPage() -> impl IntoView {
    let name = name();
    let detail = Resource::new(move || name.get(), read_provider);
    let body = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(found) => {
                    let existing = Some(found.provider.name.clone());
                    let compare = Callback::new(move |facts: SpFacts| difference(&found, facts));
                    view! { <ReadForm existing then=Then::Compare(compare) /> }.into_any()
                }
                Err(error) => view! { <Failure error retry=retry(detail) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=move || provider_path(&name.get())>"Back to the SAML provider"</a></p>
        <Heading title=Signal::derive(move || format!("New metadata for {}", name.get())) />
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{body}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators change SAML providers." /> })}
    }
}

fn difference(found: &ProviderDetail, facts: SpFacts) -> AnyView {
    let document = |provider: &SamlProvider| serde_json::to_value(provider).unwrap_or_default();
    let changes = differences(&document(&found.provider), &document(&facts.provider));
    if changes.is_empty() {
        return view! { <p class="notice">"Nothing would change."</p> }.into_any();
    }
    let (version, provider) = (found.version, facts.provider);
    view! {
        <h2>"What would change"</h2>
        {change_table(changes, "Now", "With the new metadata")}
        <Approve version provider />
    }
    .into_any()
}

#[component]
fn Approve(version: u64, provider: SamlProvider) -> impl IntoView {
    let name = provider.name.clone();
    let path = provider_path(&name);
    let saving = Action::new(move |(): &()| update_provider(name.clone(), version, provider.clone()));
    let (navigate, toasts) = (use_navigate(), use_context::<Toasts>());
    Effect::new(move |_| {
        if let Some(Ok(())) = saving.value().get() {
            if let Some(toasts) = toasts {
                toasts.good("The SAML provider was saved");
            }
            navigate(&path, NavigateOptions::default());
        }
    });
    let error = move || saving.value().get().and_then(Result::err).map(|error| error.to_string());
    view! {
        <p class="field-error" role="alert">{error}</p>
        <button type="button" class="primary" prop:disabled=move || saving.pending().get() on:click=move |_| drop(saving.dispatch(()))>"Take these changes"</button>
    }
}
