use leptos::prelude::*;
use model::{Fault, FieldError, MOST_METADATA_IN_A_FORM, ProviderChoices, SpFacts};

use super::{
    api::{fetch_sp_metadata, read_provider_choices, read_sp_metadata, read_sp_metadata_at},
    draft::ProviderDraft,
    form::ProviderForm,
    understood::understood,
    words::{PATH, too_large},
};
use crate::{
    error::Answer,
    files::read_file_within,
    session::visitor,
    ui::{Empty, Heading, OnceButton, Outcome, SaveForm, Saving, TextArea, TextField, focus},
};

/// What came of reading, with what a form needs beside it.
type Read = (Vec<SpFacts>, ProviderChoices);

/// A SAML provider from the metadata that a service hands out: read, looked at, saved.
#[component]
pub fn ImportMetadataPage() -> impl IntoView {
    let next = Callback::new(|(facts, choices): Next| {
        let start = ProviderDraft::from(&facts.provider);
        view! { <ProviderForm existing=None start choices encrypt=facts.encrypt wanted=facts.wanted /> }.into_any()
    });
    view! {
        <p><a href=PATH>"All SAML providers"</a></p>
        <Heading title="SAML provider from metadata" />
        <p class="help">"IAM Identity Center: Settings, Identity source, Change identity source, External identity provider, then Download metadata file. Drop that file here."</p>
        {visitor().administers().then(|| view! { <ReadForm existing=None next /> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators make SAML providers." /> })}
    }
}

/// What was understood of one service provider, with what a form needs beside it.
pub type Next = (SpFacts, ProviderChoices);

/// Takes metadata and shows what was understood, and then whatever comes next.
#[component]
pub fn ReadForm(
    /// The provider that would be changed. None: a new one.
    existing: Option<String>,
    /// The address that the last metadata came from.
    #[prop(optional)]
    address: String,
    /// Shows what comes next.
    next: Callback<Next, AnyView>,
) -> impl IntoView {
    let (url, kept) = (RwSignal::new(address), existing.clone());
    let [metadata, certificate, entity_id] = [(); 3].map(|()| RwSignal::new(String::new()));
    let read = RwSignal::new(None::<Read>);
    // Nothing is saved by reading, and the text is at hand elsewhere: leaving needs no question.
    let reading = Saving::new("", Signal::stored(false), move |(): &()| {
        let given = |signal: RwSignal<String>| Some(signal.get_untracked().trim().to_owned()).filter(|s| !s.is_empty());
        let (metadata, url) = (metadata.get_untracked(), url.get_untracked());
        let (certificate, entity_id) = (given(certificate), given(entity_id));
        // What is too large for the form is read where it is.
        let afar = metadata.trim().is_empty() && !url.trim().is_empty();
        let existing = existing.clone();
        async move {
            let facts = async {
                let facts = if afar {
                    read_sp_metadata_at(url, certificate, existing, entity_id).await?
                } else {
                    read_sp_metadata(metadata, certificate, existing, entity_id).await?
                };
                Ok((facts, read_provider_choices().await?))
            };
            let facts: Answer<Read> = facts.await;
            match facts {
                Ok(found) => {
                    read.set(Some(found));
                    Outcome::Open
                }
                Err(error) => Outcome::Refused(error.0),
            }
        }
    })
    .summary("read-problems");
    let refusals = reading.refusals;
    let typed = Callback::new(move |()| {
        read.set(None);
        Ok(())
    });
    let fetching = Action::new(move |(): &()| fetch_sp_metadata(url.get_untracked()));
    Effect::new(move |_| match fetching.value().get() {
        Some(Ok(text)) => metadata.set(text),
        Some(Err(error)) => {
            refusals.set(error.0);
            focus("read-problems");
        }
        None => {}
    });
    let fetch = move |()| {
        refusals.clear();
        fetching.dispatch(());
    };
    let larger = Callback::new(move |bytes: String| {
        refusals.set(Fault::Invalid(vec![FieldError::new("metadata", too_large(&bytes))]));
        focus("read-problems");
    });
    let set = |signal: RwSignal<String>| Callback::new(move |text| signal.set(text));
    let outcome = move || {
        let Some((facts, choices)) = read.get() else { return ().into_any() };
        chosen(facts, choices, next)
    };
    view! {
        <SaveForm saving=reading typed label="Read the metadata" post="/admin/saml-providers/-/read" files=true>
                {kept.map(|name| view! { <input type="hidden" name="existing" value=name /> })}
            <fieldset>
                <legend>"Metadata"</legend>
                <label class="file">"Take the metadata from a file "<input type="file" name="file" accept=".xml,text/xml,application/xml" on:change=move |event| read_file_within(&event, metadata, MOST_METADATA_IN_A_FORM, larger) /></label>
                <TextField id="url" label="Or its address" value=url on_input=set(url) error=refusals.error("url") help="https only. The server reads it from the public internet; a private address only where it was started to allow that." />
                <OnceButton label="Read it from there" pending=fetching.pending() on_press=fetch />
                <TextField id="entity_id" label="Which service provider" value=entity_id on_input=set(entity_id) error=refusals.error("entity_id") help="Its entityID, for a file of many such as that of a federation. None: all are shown, up to 50." />
                <TextArea id="metadata" label="Metadata" rows=8 code=true value=metadata on_input=set(metadata) error=refusals.error("metadata") help="The whole EntityDescriptor or EntitiesDescriptor. Empty: it is read from the address above, up to 10 MiB." />
                <details>
                    <summary>"Verify its signature"</summary>
                    <TextArea id="certificate" label="Certificate" rows=6 code=true value=certificate on_input=set(certificate) error=refusals.error("certificate") help="PEM, obtained in a way you trust. The file must be signed with it." />
                </details>
            </fieldset>
        </SaveForm>
        <div role="status">{outcome}</div>
    }
}

/// One service provider is shown at once; of several, one is chosen first.
fn chosen(facts: Vec<SpFacts>, choices: ProviderChoices, next: Callback<Next, AnyView>) -> AnyView {
    let several = facts.len() > 1;
    let place = RwSignal::new(if several { None } else { Some(0usize) });
    let list = several.then(|| {
        let lines = facts.iter().enumerate().map(|(index, sp)| {
            match &sp.unusable {
                None => view! { <li><button type="button" on:click=move |_| place.set(Some(index))>{sp.entity_id.clone()}</button></li> }.into_any(),
                Some(why) => view! { <li><code>{sp.entity_id.clone()}</code>{format!(" cannot be used: {why}")}</li> }.into_any(),
            }
        });
        view! { <h2>"Which service provider"</h2><ul>{lines.collect_view()}</ul> }
    });
    let shown = move || {
        let sp = place.get().and_then(|index| facts.get(index).cloned())?;
        let next = next.run((sp.clone(), choices.clone()));
        Some(view! { {understood(&sp)}{next} })
    };
    view! { {list}{shown} }.into_any()
}
