use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{Fault, ProviderChoices, SamlProvider};

use super::{
    api::{create_provider, update_provider},
    aws_fields::AwsFields,
    draft::ProviderDraft,
    exchange_fields::ExchangeFields,
    words::{FORMATS, METHODS, SIGN, choices as offered, code, provider_path, value},
};
use crate::ui::{CheckField, Choice, ErrorSummary, Refusals, SelectField, TextField, Toasts, Unsaved, focus};

/// The form of a SAML provider.
#[component]
pub fn ProviderForm(
    /// The version that the change is made from. None: a new one.
    existing: Option<u64>,
    start: ProviderDraft,
    choices: ProviderChoices,
) -> impl IntoView {
    let draft = RwSignal::new(start.clone());
    let refusals = Refusals::default();
    let dirty = Signal::derive(move || draft.with(|d| *d != start));
    let unsaved = use_context::<Unsaved>();
    let guard = move |on: bool| {
        if let Some(Unsaved(flag)) = unsaved {
            flag.set(on);
        }
    };
    Effect::new(move |_| guard(dirty.get()));
    on_cleanup(move || guard(false));
    let saving = Action::new(move |provider: &SamlProvider| {
        let provider = provider.clone();
        async move {
            let name = provider.name.clone();
            match existing {
                None => create_provider(provider).await,
                Some(version) => update_provider(name.clone(), version, provider).await,
            }
            .map(|()| name)
        }
    });
    let (navigate, toasts) = (use_navigate(), use_context::<Toasts>());
    Effect::new(move |_| match saving.value().get() {
        Some(Ok(name)) => {
            guard(false);
            if let Some(toasts) = toasts {
                toasts.good("The SAML provider was saved");
            }
            navigate(&provider_path(&name), NavigateOptions::default());
        }
        Some(Err(error)) => {
            refusals.set(error.0);
            focus("form-problems");
        }
        None => {}
    });
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        refusals.clear();
        match draft.with_untracked(ProviderDraft::provider) {
            Ok(provider) => drop(saving.dispatch(provider)),
            Err(faults) => {
                refusals.set(Fault::Invalid(faults));
                focus("form-problems");
            }
        }
    };
    view! {
        <form class="form" on:submit=on_submit novalidate>
            <div id="form-problems" tabindex="-1"><ErrorSummary problems=refusals.problems() /></div>
            <ServiceFields draft refusals is_new=existing.is_none() keys=choices.keys />
            <SayingFields draft refusals mappings=choices.mappings />
            <AwsFields draft refusals />
            <ExchangeFields draft refusals certificates=choices.certificates />
            <div class="save-bar">
                <button type="submit" class="primary" prop:disabled=move || saving.pending().get()>{if existing.is_none() { "Create the SAML provider" } else { "Save" }}</button>
                <span role="status">{move || dirty.get().then_some("There are unsaved changes.")}</span>
            </div>
        </form>
    }
}

/// Reads a text of the draft.
pub fn read(draft: RwSignal<ProviderDraft>, read: fn(&ProviderDraft) -> &String) -> Signal<String> {
    Signal::derive(move || draft.with(|d| read(d).clone()))
}

/// Writes a text of the draft.
pub fn write(draft: RwSignal<ProviderDraft>, write: fn(&mut ProviderDraft, String)) -> Callback<String> {
    Callback::new(move |text| draft.update(|d| write(d, text)))
}

/// Who the service is, and what signs for it.
#[component]
fn ServiceFields(draft: RwSignal<ProviderDraft>, refusals: Refusals, is_new: bool, keys: Vec<String>) -> impl IntoView {
    let default = std::iter::once((String::new(), "the default key".to_owned()));
    let none = std::iter::once((String::new(), "none".to_owned()));
    let next: Vec<Choice> = none.chain(keys.iter().map(|k| (k.clone(), k.clone()))).collect();
    let keys: Vec<Choice> = default.chain(keys.into_iter().map(|k| (k.clone(), k))).collect();
    let sign = Signal::derive(move || draft.with(|d| code(&SIGN, &d.sign)));
    let method = Signal::derive(move || draft.with(|d| code(&METHODS, &d.method)));
    view! {
        <fieldset>
            <legend>"Service"</legend>
            <TextField id="name" label="Name" value=read(draft, |d| &d.name) on_input=write(draft, |d, v| d.name = v) error=refusals.error("name") readonly=!is_new help="Applications refer to it by this name, so it cannot be changed later." />
            <TextField id="acs_url" label="ACS address" value=read(draft, |d| &d.acs_url) on_input=write(draft, |d, v| d.acs_url = v) error=refusals.error("acs_url") help="Where responses go: the assertion consumer service." />
            <TextField id="audience" label="Audience" value=read(draft, |d| &d.audience) on_input=write(draft, |d, v| d.audience = v) error=refusals.error("audience") help="The entityID of the service. AWS IAM: urn:amazon:webservices." />
            <TextField id="issuer" label="Issuer" value=read(draft, |d| &d.issuer) on_input=write(draft, |d, v| d.issuer = v) error=refusals.error("issuer") help="The entityID of this identity provider. None: the address of the metadata." />
            <SelectField id="signing_key" label="Signing key" value=read(draft, |d| &d.signing_key) choices=keys on_change=write(draft, |d, v| d.signing_key = v) error=refusals.error("signing_key") />
            <SelectField id="next_signing_key" label="Next signing key" value=read(draft, |d| &d.next_signing_key) choices=next on_change=write(draft, |d, v| d.next_signing_key = v) error=refusals.error("next_signing_key") help="The metadata shows it beside the one that signs, so that the service can learn it before it is promoted." />
            <p class="field-error">{move || refusals.error("retiring_keys").get()}</p>
            <SelectField id="sign" label="What is signed" value=sign choices=offered(&SIGN) on_change=Callback::new(move |c: String| draft.update(|d| d.sign = value(&SIGN, &c, d.sign))) error=refusals.error("sign") />
            <SelectField id="signature_algorithm" label="Signature algorithm" value=method choices=offered(&METHODS) on_change=Callback::new(move |c: String| draft.update(|d| d.method = value(&METHODS, &c, d.method))) error=refusals.error("signature_algorithm") />
        </fieldset>
    }
}

/// What responses say.
#[component]
fn SayingFields(
    draft: RwSignal<ProviderDraft>,
    refusals: Refusals,
    mappings: Vec<(String, Option<String>)>,
) -> impl IntoView {
    let format = Signal::derive(move || draft.with(|d| code(&FORMATS, &d.format)));
    let none = std::iter::once((String::new(), "what the format asks for".to_owned()));
    let values: Vec<Choice> = none.chain(mappings.iter().map(|(m, _)| (m.clone(), m.clone()))).collect();
    let boxes = mappings.into_iter().filter_map(|(name, saml_name)| saml_name.map(|saml_name| (name, saml_name)));
    let boxes = boxes.enumerate().map(|(index, (name, saml_name))| {
        let (shown, changed) = (name.clone(), name.clone());
        let on = Signal::derive(move || draft.with(|d| d.mappings.contains(&shown)));
        let on_change = Callback::new(move |on: bool| {
            draft.update(|d| {
                d.mappings.retain(|m| *m != changed);
                if on {
                    d.mappings.push(changed.clone());
                }
            });
        });
        view! { <CheckField id=format!("mapping-{index}") label=format!("{name} → {saml_name}") value=on on_change /> }
    });
    view! {
        <fieldset>
            <legend>"What responses say"</legend>
            <SelectField id="name_id.format" label="NameID format" value=format choices=offered(&FORMATS) on_change=Callback::new(move |c: String| draft.update(|d| d.format = value(&FORMATS, &c, d.format))) error=refusals.error("name_id.format") />
            <SelectField id="name_id.mapping" label="NameID value" value=read(draft, |d| &d.name_id_mapping) choices=values on_change=write(draft, |d, v| d.name_id_mapping = v) error=refusals.error("name_id.mapping") />
            <p><strong>"Property mappings"</strong></p>
            {boxes.collect_view()}
            <p class="field-error">{move || refusals.error("property_mappings").get()}</p>
            <details>
                <summary>"Times"</summary>
                <TextField id="assertion_not_before" label="Conditions hold from" value=read(draft, |d| &d.not_before) on_input=write(draft, |d, v| d.not_before = v) error=refusals.error("assertion_not_before") help="Added to now: -5m forgives a clock that is behind." />
                <TextField id="assertion_not_on_or_after" label="Conditions hold until" value=read(draft, |d| &d.not_on_or_after) on_input=write(draft, |d, v| d.not_on_or_after = v) error=refusals.error("assertion_not_on_or_after") help="AWS takes a response within five minutes." />
                <TextField id="session_not_on_or_after" label="Sessions end after" value=read(draft, |d| &d.session_end) on_input=write(draft, |d, v| d.session_end = v) error=refusals.error("session_not_on_or_after") help="The session at the service, such as 12h." />
            </details>
        </fieldset>
    }
}
