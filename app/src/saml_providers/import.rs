use leptos::prelude::*;
use model::{ProviderChoices, SpFacts};

use super::{
    api::{fetch_sp_metadata, read_provider_choices, read_sp_metadata},
    draft::ProviderDraft,
    form::ProviderForm,
    understood::understood,
    words::PATH,
};
use crate::{
    error::Answer,
    files::read_file,
    session::visitor,
    ui::{Empty, ErrorSummary, Heading, Refusals, TextArea, TextField, focus},
};

/// What came of reading, with what a form needs beside it.
type Read = Answer<(Vec<SpFacts>, ProviderChoices)>;

/// A SAML provider from the metadata that a service hands out: read, looked at, saved.
#[component]
pub fn ImportMetadataPage() -> impl IntoView {
    view! {
        <p><a href=PATH>"All SAML providers"</a></p>
        <Heading title="SAML provider from metadata" />
        <p class="help">"IAM Identity Center: Settings, Identity source, Change identity source, External identity provider, then Download metadata file. Drop that file here."</p>
        {visitor().administers().then(|| view! { <ReadForm existing=None then=Then::Create /> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators make SAML providers." /> })}
    }
}

/// What a reading is for.
#[derive(Clone)]
pub enum Then {
    Create,
    /// Shows what would change, in place of a form.
    Compare(Callback<SpFacts, AnyView>),
}

/// Takes metadata and shows what was understood, and then whatever comes next.
#[component]
pub fn ReadForm(existing: Option<String>, then: Then) -> impl IntoView {
    let refusals = Refusals::default();
    let [metadata, certificate, url] = [(); 3].map(|()| RwSignal::new(String::new()));
    let fetching = Action::new(move |(): &()| fetch_sp_metadata(url.get_untracked()));
    Effect::new(move |_| match fetching.value().get() {
        Some(Ok(text)) => metadata.set(text),
        Some(Err(error)) => {
            refusals.set(error.0);
            focus("form-problems");
        }
        None => {}
    });
    let fetch = move |_| {
        refusals.clear();
        fetching.dispatch(());
    };
    let reading = Action::new(move |(): &()| {
        let (metadata, certificate) = (metadata.get_untracked(), certificate.get_untracked());
        let certificate = (!certificate.trim().is_empty()).then_some(certificate);
        let existing = existing.clone();
        async move {
            let facts = read_sp_metadata(metadata, certificate, existing).await?;
            Ok((facts, read_provider_choices().await?))
        }
    });
    let answer: Signal<Option<Read>> = Signal::derive(move || reading.value().get());
    Effect::new(move |_| {
        if let Some(Err(error)) = answer.get() {
            refusals.set(error.0);
            focus("form-problems");
        }
    });
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        refusals.clear();
        reading.dispatch(());
    };
    let set = |signal: RwSignal<String>| Callback::new(move |text| signal.set(text));
    let outcome = move || {
        let Some(Ok((facts, choices))) = answer.get() else { return ().into_any() };
        chosen(facts, choices, then.clone())
    };
    view! {
        <form class="form" on:submit=on_submit novalidate>
            <div id="form-problems" tabindex="-1"><ErrorSummary problems=refusals.problems() /></div>
            <fieldset>
                <legend>"Metadata"</legend>
                <label class="file">"Take the metadata from a file "<input type="file" accept=".xml,text/xml,application/xml" on:change=move |event| read_file(&event, metadata) /></label>
                <TextField id="url" label="Or its address" value=url on_input=set(url) error=refusals.error("url") help="https only. The server reads it from the public internet; a private address only where it was started to allow that." />
                <button type="button" prop:disabled=move || fetching.pending().get() on:click=fetch>"Read it from there"</button>
                <TextArea id="metadata" label="Metadata" rows=8 code=true value=metadata on_input=set(metadata) error=refusals.error("metadata") help="The whole EntityDescriptor or EntitiesDescriptor." />
                <details>
                    <summary>"Verify its signature"</summary>
                    <TextArea id="certificate" label="Certificate" rows=6 code=true value=certificate on_input=set(certificate) error=refusals.error("certificate") help="PEM, obtained in a way you trust. The file must be signed with it." />
                </details>
            </fieldset>
            <div class="save-bar"><button type="submit" class="primary" prop:disabled=move || reading.pending().get()>"Read the metadata"</button></div>
        </form>
        <div role="status">{outcome}</div>
    }
}

/// One service provider is shown at once; of several, one is chosen first.
fn chosen(facts: Vec<SpFacts>, choices: ProviderChoices, then: Then) -> AnyView {
    let several = facts.len() > 1;
    let place = RwSignal::new(if several { None } else { Some(0usize) });
    let list = several.then(|| {
        let lines = facts.iter().enumerate().map(|(index, sp)| {
            view! { <li><button type="button" on:click=move |_| place.set(Some(index))>{sp.entity_id.clone()}</button></li> }
        });
        view! { <h2>"Which service provider"</h2><ul>{lines.collect_view()}</ul> }
    });
    let shown = move || {
        let sp = place.get().and_then(|index| facts.get(index).cloned())?;
        let next = match &then {
            Then::Create => {
                let start = ProviderDraft::from(&sp.provider);
                view! { <ProviderForm existing=None start choices=choices.clone() /> }.into_any()
            }
            Then::Compare(compare) => compare.run(sp.clone()),
        };
        Some(view! { {understood(&sp)}{next} })
    };
    view! { {list}{shown} }.into_any()
}
