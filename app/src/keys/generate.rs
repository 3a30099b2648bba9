use leptos::prelude::*;
use model::{FieldError, KeyAlgorithm, KeyGeneration};

use super::{api::generate_key, page::key_path};
use crate::{
    session::visitor,
    ui::{Empty, Heading, Outcome, SaveForm, Saving, SelectField, TextField},
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
    let text = |start: &str| RwSignal::new(start.to_owned());
    let (name, common_name, algorithm, days) = (text(""), text("rolecall"), text("rsa-2048"), text("3650"));
    let dirty = Signal::derive(move || name.with(|name| !name.is_empty()));
    let saving = Saving::new("The key was made", dirty, |(name, generation): &(String, KeyGeneration)| {
        let (name, generation) = (name.clone(), generation.clone());
        async move { Outcome::of(generate_key(name.clone(), generation).await, key_path(&name)) }
    });
    let typed = Callback::new(move |()| {
        let wrong = |_| vec![FieldError::new("valid_days", "write a number of days, such as 3650")];
        let valid_days = days.get_untracked().trim().parse().map_err(wrong)?;
        let chosen = ALGORITHMS.iter().find(|(code, ..)| algorithm.with_untracked(|a| a == code));
        let generation = KeyGeneration {
            algorithm: chosen.map(|(.., algorithm)| *algorithm).unwrap_or_default(),
            common_name: common_name.get_untracked().trim().to_owned(),
            valid_days,
        };
        Ok((name.get_untracked().trim().to_owned(), generation))
    });
    let refusals = saving.refusals;
    let set = |signal: RwSignal<String>| Callback::new(move |text| signal.set(text));
    let choices = ALGORITHMS.iter().map(|(code, label, _)| ((*code).to_owned(), (*label).to_owned())).collect();
    view! {
        <SaveForm saving typed label="Generate the key">
            <fieldset>
                <legend>"Key"</legend>
                <TextField id="name" label="Name" value=name on_input=set(name) error=refusals.error("name") help="How providers refer to it, such as idp-2027." />
                <SelectField id="algorithm" label="Kind" value=algorithm choices on_change=set(algorithm) error=refusals.error("algorithm") help="AWS is known to take RSA. Elliptic curves are for services that say they take them." />
                <TextField id="common_name" label="Common name" value=common_name on_input=set(common_name) error=refusals.error("common_name") help="The subject of the certificate. AWS does not look at it." />
                <TextField id="valid_days" label="Valid for days" value=days on_input=set(days) error=refusals.error("valid_days") help="Ten years are usual: AWS trusts the key because you upload it, not because of its date." />
            </fieldset>
        </SaveForm>
    }
}
