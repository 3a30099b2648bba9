use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{Fault, KeyAlgorithm, KeyGeneration};

use super::{api::generate_key, page::key_path};
use crate::{
    session::visitor,
    ui::{Empty, ErrorSummary, Heading, Refusals, SelectField, TextField, Toasts, focus},
};

const ALGORITHMS: [(&str, &str, KeyAlgorithm); 5] = [
    ("rsa-2048", "RSA, 2048 bits", KeyAlgorithm::Rsa2048),
    ("rsa-3072", "RSA, 3072 bits", KeyAlgorithm::Rsa3072),
    ("rsa-4096", "RSA, 4096 bits: signs seven times slower", KeyAlgorithm::Rsa4096),
    ("p-256", "elliptic curve P-256: not for AWS", KeyAlgorithm::P256),
    ("p-384", "elliptic curve P-384: not for AWS", KeyAlgorithm::P384),
];

/// Making a self-signed pair.
#[component]
pub fn GenerateKeyPage() -> impl IntoView {
    view! {
        <p><a href="/admin/keys">"All keys"</a></p>
        <Heading title="Generate a key" />
        {visitor().administers().then(|| view! { <GenerateForm /> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators make keys." /> })}
    }
}

#[component]
fn GenerateForm() -> impl IntoView {
    let refusals = Refusals::default();
    let text = |start: &str| RwSignal::new(start.to_owned());
    let (name, common_name, algorithm, days) = (text(""), text("rolecall"), text("rsa-2048"), text("3650"));
    let making = Action::new(move |(name, generation): &(String, KeyGeneration)| {
        let (name, generation) = (name.clone(), generation.clone());
        async move { generate_key(name.clone(), generation).await.map(|()| name) }
    });
    let (navigate, toasts) = (use_navigate(), use_context::<Toasts>());
    Effect::new(move |_| match making.value().get() {
        Some(Ok(name)) => {
            if let Some(toasts) = toasts {
                toasts.good("The key was made");
            }
            navigate(&key_path(&name), NavigateOptions::default());
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
        let Ok(valid_days) = days.get_untracked().trim().parse() else {
            let wrong = model::FieldError::new("valid_days", "write a number of days, such as 3650");
            return refusals.set(Fault::Invalid(vec![wrong]));
        };
        let chosen = ALGORITHMS.iter().find(|(code, ..)| algorithm.with_untracked(|a| a == code));
        let generation = KeyGeneration {
            algorithm: chosen.map(|(.., algorithm)| *algorithm).unwrap_or_default(),
            common_name: common_name.get_untracked().trim().to_owned(),
            valid_days,
        };
        making.dispatch((name.get_untracked().trim().to_owned(), generation));
    };
    let set = |signal: RwSignal<String>| Callback::new(move |text| signal.set(text));
    let choices = ALGORITHMS.iter().map(|(code, label, _)| ((*code).to_owned(), (*label).to_owned())).collect();
    view! {
        <form class="form" on:submit=on_submit novalidate>
            <div id="form-problems" tabindex="-1"><ErrorSummary problems=refusals.problems() /></div>
            <fieldset>
                <legend>"Key"</legend>
                <TextField id="name" label="Name" value=name on_input=set(name) error=refusals.error("name") help="How providers refer to it, such as idp-2027." />
                <SelectField id="algorithm" label="Kind" value=algorithm choices on_change=set(algorithm) error=refusals.error("algorithm") help="AWS is known to take RSA. Elliptic curves are for services that say they take them." />
                <TextField id="common_name" label="Common name" value=common_name on_input=set(common_name) error=refusals.error("common_name") help="The subject of the certificate. AWS does not look at it." />
                <TextField id="valid_days" label="Valid for days" value=days on_input=set(days) error=refusals.error("valid_days") help="Ten years are usual: AWS trusts the key because you upload it, not because of its date." />
            </fieldset>
            <div class="save-bar"><button type="submit" class="primary" prop:disabled=move || making.pending().get()>"Generate the key"</button></div>
        </form>
    }
}
