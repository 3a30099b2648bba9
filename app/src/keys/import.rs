use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{page::key_path, send};
use crate::{
    files::read_file,
    session::visitor,
    ui::{Empty, ErrorSummary, Heading, Refusals, TextArea, TextField, Toasts, focus},
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
    let refusals = Refusals::default();
    let [name, certificate, private_key] = [(); 3].map(|()| RwSignal::new(String::new()));
    let sending = Action::new_local(move |(): &()| {
        let [name, certificate, private_key] = [name, certificate, private_key].map(|s| s.get_untracked());
        async move { send::import(&name, &certificate, &private_key).await.map(|()| name) }
    });
    let (navigate, toasts) = (use_navigate(), use_context::<Toasts>());
    Effect::new(move |_| match sending.value().get() {
        Some(Ok(imported)) => {
            // A private key stays on no page longer than it must.
            private_key.set(String::new());
            if let Some(toasts) = toasts {
                toasts.good("The key was imported");
            }
            navigate(&key_path(imported.trim()), NavigateOptions::default());
        }
        Some(Err(fault)) => {
            refusals.set(fault);
            focus("form-problems");
        }
        None => {}
    });
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        refusals.clear();
        sending.dispatch_local(());
    };
    let set = |signal: RwSignal<String>| Callback::new(move |text| signal.set(text));
    view! {
        <form class="form" method="post" action="/admin/keys/import" on:submit=on_submit novalidate>
            <div id="form-problems" tabindex="-1"><ErrorSummary problems=refusals.problems() /></div>
            <fieldset>
                <legend>"Key"</legend>
                <TextField id="name" label="Name" value=name on_input=set(name) error=refusals.error("name") help="How providers refer to it, such as idp-2027." />
                <TextArea id="certificate" label="Certificate" rows=8 code=true value=certificate on_input=set(certificate) error=refusals.error("certificate") help="PEM: it begins with -----BEGIN CERTIFICATE-----." />
                <FilePicker label="Take the certificate from a file" into=certificate />
                <TextArea id="private_key" label="Private key" rows=8 code=true value=private_key on_input=set(private_key) error=refusals.error("private_key") help="PEM, PKCS#8 or PKCS#1, not encrypted. It is encrypted here at once and never shown again." />
                <FilePicker label="Take the private key from a file" into=private_key />
            </fieldset>
            <div class="save-bar"><button type="submit" class="primary" prop:disabled=move || sending.pending().get()>"Import the key"</button></div>
        </form>
    }
}

/// Reads a small text file into a field.
#[component]
fn FilePicker(label: &'static str, into: RwSignal<String>) -> impl IntoView {
    let on_change = move |event: leptos::ev::Event| read_file(&event, into);
    view! { <label class="file">{label}" "<input type="file" accept=".pem,.crt,.cer,.key,text/plain" on:change=on_change /></label> }
}
