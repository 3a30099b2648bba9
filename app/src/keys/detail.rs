use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{KeyDetail, key_words};

use super::{
    api::{make_key_default, read_key},
    delete::DeleteKeyDialog,
    page::key_path,
};
use crate::{
    error::Answer,
    events::History,
    session::visitor,
    ui::{Badge, CodeBlock, CopyRow, Deed, DeedButton, Failure, Heading, Skeleton, Time, Tone, retry},
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
    let KeyDetail { version, key, is_default, used_by } = detail;
    let administers = visitor().administers();
    let origin = match &key.generated {
        Some(_) => "generated here",
        None => "imported",
    };
    let users = if used_by.is_empty() { "no SAML provider".to_owned() } else { used_by.join(", ") };
    let default = is_default.then(|| view! { <Badge tone=Tone::Good text="default" /> });
    let promote = (administers && !is_default).then(|| view! { <MakeDefault name=key.name.clone() resource /> });
    let delete = administers.then(|| view! { <DeleteKeyDialog name=key.name.clone() version used_by is_default /> });
    let download = format!("{}/certificate.pem", key_path(&key.name));
    view! {
        <p class="lead">{default}" "{format!("{}, {origin}. ", key_words(key.bits))}"It expires "<Time at=key.not_after />"."</p>
        <p>"The private half stays in the database, encrypted; no page and no call gives it out."</p>
        <dl class="facts">
            <div><dt>"Subject"</dt><dd>{key.subject}</dd></div>
            <div><dt>"Used by"</dt><dd>{users}</dd></div>
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
    let deed = Deed::new("This is the default key now", move || make_key_default(name.clone()), again);
    view! {
        <section class="panel">
            <h2>"Default key"</h2>
            <p>"SAML providers that name no key sign with the default one. Give AWS the metadata with this certificate before you change it: AWS refuses what a key that it does not know has signed."</p>
            <DeedButton deed label="Make it the default key" />
        </section>
    }
}
