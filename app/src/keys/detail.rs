use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{KeyDetail, key_words};

use super::{
    api::{make_key_default, read_key},
    delete::DeleteKeyDialog,
    expiry::expiry_badge,
    page::key_path,
};
use crate::{
    error::Answer,
    events::History,
    session::visitor,
    ui::{Badge, CheckField, CodeBlock, CopyRow, Deed, DeedButton, Failure, Heading, Skeleton, Time, Tone, retry},
};

/// The public half of one key.
#[component]
pub fn KeyPage() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|p| p.get("name").unwrap_or_default()));
    let detail = Resource::new(move || name.get(), read_key);
    let body = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(found) => facts(found, detail),
                Err(error) => view! { <Failure error retry=retry(detail) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href="/admin/keys">"All keys"</a></p>
        <Heading title=Signal::derive(move || format!("Key {}", name.get())) />
        <Transition fallback=Skeleton>{body}</Transition>
        <h2>"History"</h2>
        <History target=Signal::derive(move || format!("key {}", name.get())) />
    }
}

fn facts(detail: KeyDetail, resource: Resource<Answer<KeyDetail>>) -> AnyView {
    let KeyDetail { version, key, warning, is_default, used_by, shown_by, trusted_by, decrypts_for } = detail;
    let administers = visitor().administers();
    let origin = match &key.generated {
        Some(_) => "generated here",
        None if key.certificate_only => "a certificate alone, imported",
        None => "imported",
    };
    let hidden = if key.certificate_only {
        "There is no private half: it verifies what somebody else signs, or is encrypted to, and signs nothing."
    } else {
        "The private half stays in the database, encrypted; no page and no call gives it out."
    };
    let trusted = (!trusted_by.is_empty())
        .then(|| view! { <div><dt>"Verified with or encrypted to by"</dt><dd>{trusted_by.join(", ")}</dd></div> });
    let decrypts = (!decrypts_for.is_empty())
        .then(|| view! { <div><dt>"Decrypts for"</dt><dd>{decrypts_for.join(", ")}</dd></div> });
    let users = if used_by.is_empty() { "no SAML provider".to_owned() } else { used_by.join(", ") };
    let shown = (!shown_by.is_empty())
        .then(|| view! { <div><dt>"Shown beside another by"</dt><dd>{shown_by.join(", ")}</dd></div> });
    let default = is_default.then(|| view! { <Badge tone=Tone::Good text="default" /> });
    let promote = (administers && !is_default && !key.certificate_only)
        .then(|| view! { <MakeDefault name=key.name.clone() resource /> });
    let delete = administers.then(|| view! { <DeleteKeyDialog name=key.name.clone() version used_by is_default /> });
    let download = format!("{}/certificate.pem", key_path(&key.name));
    view! {
        <p class="lead">{default}" "{format!("{}, {origin}. ", key_words(key.bits))}"It expires "<Time at=key.not_after />"."{expiry_badge(warning)}</p>
        <p>{hidden}</p>
        <dl class="facts">
            <div><dt>"Subject"</dt><dd>{key.subject}</dd></div>
            <div><dt>"Signs for"</dt><dd>{users}</dd></div>
            {shown}
            {trusted}
            {decrypts}
            <CopyRow label="fingerprint" value=key.fingerprint help="SHA-256 of the certificate." />
        </dl>
        <p><a class="button" href=download rel="external" download="">"Download the certificate"</a></p>
        <CodeBlock label="certificate" text=key.certificate />
        {promote}
        {delete}
    }
    .into_any()
}

/// Providers that name no key sign with the default one.
#[component]
fn MakeDefault(name: String, resource: Resource<Answer<KeyDetail>>) -> impl IntoView {
    let again = Callback::new(move |()| resource.refetch());
    let anyway = RwSignal::new(false);
    let deed =
        Deed::new("This is the default key now", move || make_key_default(name.clone(), anyway.get_untracked()), again);
    view! {
        <section class="panel">
            <h2>"Default key"</h2>
            <p>"All SAML providers that name no key sign with the default one, and change to it at the same moment. To change a key without locking anybody out, give each provider a next signing key instead: its metadata then shows both."</p>
            <CheckField id="anyway" label="Also where nothing says that the service has this key" value=anyway on_change=Callback::new(move |is| anyway.set(is)) />
            <DeedButton deed label="Make it the default key" />
        </section>
    }
}
