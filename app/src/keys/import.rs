use leptos::prelude::*;

use super::{
    page::{IMPORT, key_path},
    send,
};
use crate::{
    files::read_file,
    session::visitor,
    ui::{Empty, Heading, Outcome, SaveForm, Saving, TextArea, TextField},
};

/// Bringing a pair that was made elsewhere.
#[component]
pub fn ImportKeyPage() -> impl IntoView {
    view! {
        <p><a href="/admin/keys">"All keys"</a></p>
        <Heading title="Import a key" />
        {visitor().administers().then(|| view! { <ImportForm /> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators import keys." /> })}
    }
}

/// The form works without JavaScript too: it posts to where the upload goes.
#[component]
fn ImportForm() -> impl IntoView {
    let [name, certificate, private_key] = [(); 3].map(|()| RwSignal::new(String::new()));
    let dirty = Signal::derive(move || [name, certificate, private_key].iter().any(|s| s.with(|s| !s.is_empty())));
    let saving = Saving::local("The key was imported", dirty, move |(): &()| {
        let [name, certificate, key] = [name, certificate, private_key].map(|s| s.get_untracked());
        async move {
            match send::import(&name, &certificate, &key).await {
                Ok(()) => {
                    // A private key stays on no page longer than it must.
                    private_key.set(String::new());
                    Outcome::Saved(key_path(name.trim()))
                }
                Err(fault) => Outcome::Refused(fault),
            }
        }
    });
    let (refusals, typed) = (saving.refusals, Callback::new(|()| Ok(())));
    let set = |signal: RwSignal<String>| Callback::new(move |text| signal.set(text));
    view! {
        <SaveForm saving typed label="Import the key" post=IMPORT>
            <fieldset>
                <legend>"Key"</legend>
                <TextField id="name" label="Name" value=name on_input=set(name) error=refusals.error("name") help="How providers refer to it, such as idp-2027." />
                <TextArea id="certificate" label="Certificate" rows=8 code=true value=certificate on_input=set(certificate) error=refusals.error("certificate") help="PEM: it begins with -----BEGIN CERTIFICATE-----." />
                <FilePicker label="Take the certificate from a file" into=certificate />
                <TextArea id="private_key" label="Private key" rows=8 code=true value=private_key on_input=set(private_key) error=refusals.error("private_key") help="PEM, PKCS#8 or PKCS#1, not encrypted. It is encrypted here at once and never shown again." />
                <FilePicker label="Take the private key from a file" into=private_key />
            </fieldset>
        </SaveForm>
    }
}

/// Reads a small text file into a field.
#[component]
fn FilePicker(label: &'static str, into: RwSignal<String>) -> impl IntoView {
    let on_change = move |event: leptos::ev::Event| read_file(&event, into);
    view! { <label class="file">{label}" "<input type="file" accept=".pem,.crt,.cer,.key,text/plain" on:change=on_change /></label> }
}
