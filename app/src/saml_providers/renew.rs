use leptos::prelude::*;
use model::{ProviderDetail, SamlProvider, SpFacts};

use super::{
    api::{read_provider, update_provider},
    detail::name,
    import::{Next, ReadForm},
    words::provider_path,
};
use crate::{
    changes::differences,
    events::change_table,
    session::visitor,
    ui::{Deed, DeedButton, Empty, Failure, Heading, Skeleton, lead_to, retry},
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
                    let next = Callback::new(move |(facts, _): Next| difference(&found, facts));
                    view! { <ReadForm existing next /> }.into_any()
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
    let (name, after) = (provider.name.clone(), lead_to(provider_path(&provider.name)));
    let save = move || update_provider(name.clone(), version, provider.clone());
    let deed = Deed::new("The SAML provider was saved", save, after);
    view! { <DeedButton deed label="Take these changes" primary=true /> }
}
