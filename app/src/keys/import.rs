use leptos::prelude::*;

use super::{
    page::{IMPORT, key_path},
    send,
};
use crate::{
    files::{read_base64, read_file},
    session::visitor,
    ui::{CheckField, Empty, Heading, Outcome, SaveForm, Saving, SecretField, TextArea, TextField},
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
    let [name, certificate, private_key, pkcs12, password] = [(); 5].map(|()| RwSignal::new(String::new()));
    let alone = RwSignal::new(false);
    let all = [name, certificate, private_key, pkcs12, password];
    let dirty = Signal::derive(move || all.iter().any(|s| s.with(|s| !s.is_empty())));
    let saving = Saving::local("The key was imported", dirty, move |(): &()| {
        let text = |field: &'static str, signal: RwSignal<String>| (field, signal.get_untracked());
        let form = [
            text("name", name),
            text("certificate", certificate),
            text("private_key", private_key),
            text("pkcs12", pkcs12),
            text("password", password),
            ("certificate_only", if alone.get_untracked() { "on".to_owned() } else { String::new() }),
        ];
        let name = name.get_untracked();
        async move {
            match send::import(&form).await {
                Ok(()) => {
                    // A private key stays on no page longer than it must.
                    for secret in [private_key, pkcs12, password] {
                        secret.set(String::new());
                    }
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
                <CheckField id="certificate_only" label="There is no private key: the certificate verifies what somebody else signs, or is encrypted to" value=alone on_change=Callback::new(move |on| alone.set(on)) />
                <details>
                    <summary>"A PKCS#12 file instead (.p12, .pfx)"</summary>
                    <TextArea id="pkcs12" label="PKCS#12 file" rows=4 code=true value=pkcs12 on_input=set(pkcs12) error=refusals.error("pkcs12") help="Base64 of the file, which holds both halves." />
                    <label class="file">"Take the PKCS#12 from a file "<input type="file" accept=".p12,.pfx,application/x-pkcs12" on:change=move |event| read_base64(&event, pkcs12) /></label>
                    <SecretField id="password" label="Password of the file" value=password error=refusals.error("password") help="It opens the file here and is not kept." />
                </details>
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
