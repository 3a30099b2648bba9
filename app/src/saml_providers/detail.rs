use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use model::{ProviderDetail, SamlProvider};

use super::{
    api::read_provider,
    delete::DeleteProviderDialog,
    words::{FORMATS, PATH, SIGN, logout_word, provider_path},
};
use crate::{
    applications::application_path,
    connect::{Step, step_path},
    events::History,
    list::segment,
    session::visitor,
    ui::{CopyRow, Failure, Heading, Skeleton, Time, retry},
};

/// The name in the address.
pub fn name() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get("name").unwrap_or_default()))
}

/// One SAML provider.
#[component]
pub fn ProviderPage() -> impl IntoView {
    let name = name();
    let detail = Resource::new(move || name.get(), read_provider);
    let body = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(found) => facts(found),
                Err(error) => view! { <Failure error retry=retry(detail) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=PATH>"All SAML providers"</a></p>
        <Heading title=Signal::derive(move || format!("SAML provider {}", name.get())) />
        <Transition fallback=Skeleton>{body}</Transition>
        <h2>"History"</h2>
        <History target=Signal::derive(move || format!("SAML provider {}", name.get())) />
    }
}

fn facts(detail: ProviderDetail) -> AnyView {
    let ProviderDetail { version, provider, used_by, default_key } = detail;
    let path = provider_path(&provider.name);
    let actions = visitor().administers().then(|| {
        view! {
            <p class="actions">
                <A href=format!("{path}/edit") attr:class="button primary">"Edit"</A>
                <A href=format!("{path}/metadata") attr:class="button">"Read new metadata"</A>
            </p>
        }
    });
    let connect = provider.is_identity_center().then(|| {
        let path = step_path(&provider.name, Step::File);
        view! { <p>"This is IAM Identity Center: "<a href=path>"go through its connection step by step"</a>"."</p> }
    });
    let delete = visitor()
        .administers()
        .then(|| view! { <DeleteProviderDialog name=provider.name.clone() version used_by=used_by.clone() /> });
    let applications = used_by
        .into_iter()
        .map(|slug| view! { <li><a href=application_path(&slug)>{slug.clone()}</a></li> })
        .collect_view();
    let key = provider.signing_key.clone().unwrap_or(default_key);
    let key_href = format!("/admin/keys/{}", segment(&key));
    let rows =
        settings(&provider).into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    let rows = rows.collect_view();
    let valid = provider.imported.as_ref().and_then(|i| i.valid_until.clone()).map(|until| {
        view! { <p>"The service's metadata is valid until "<Time at=until />"."</p> }
    });
    view! {
        {actions}
        {connect}
        <h2>"Used by"</h2>
        <ul>{applications}</ul>
        <dl class="facts">
            <CopyRow label="ACS address" value=provider.acs_url.clone() help="Where responses go unless a request asks for another registered address." />
            <CopyRow label="audience" value=provider.audience.clone() help="The entityID of the service." />
            <div><dt>"Signing key"</dt><dd><a href=key_href>{key}</a></dd></div>
            {rows}
        </dl>
        {valid}
        {delete}
    }
    .into_any()
}

/// What is not an address, as a person reads it.
fn settings(provider: &SamlProvider) -> Vec<(&'static str, String)> {
    let word =
        |rows: &[(&str, bool)]| rows.iter().filter(|(_, on)| *on).map(|(text, _)| *text).collect::<Vec<_>>().join(", ");
    let signed = SIGN.iter().find(|(what, ..)| *what == provider.sign).map_or("", |(.., text)| text);
    let format = FORMATS.iter().find(|(f, ..)| *f == provider.name_id.format).map_or("", |(.., text)| text);
    let mut rows = vec![
        ("Issuer", provider.issuer.clone().unwrap_or_else(|| "the address of the metadata".to_owned())),
        ("Signed", signed.to_owned()),
        ("NameID", format.to_owned()),
        ("Conditions hold from", provider.assertion_not_before.to_string()),
        ("to", provider.assertion_not_on_or_after.to_string()),
        ("Sessions end after", provider.session_not_on_or_after.to_string()),
        ("Property mappings", provider.property_mappings.join(", ")),
        (
            "Requests",
            word(&[
                ("must be signed", provider.require_signed_requests),
                ("may be unsigned", !provider.require_signed_requests),
                ("a signature that is there must hold", !provider.verification_certificates.is_empty()),
            ]),
        ),
        ("Assertions", if provider.encryption.is_some() { "encrypted" } else { "not encrypted" }.to_owned()),
    ];
    for endpoint in &provider.acs {
        rows.push(("Also responses to", format!("{} (index {})", endpoint.url, endpoint.index)));
    }
    for service in &provider.logout {
        rows.push(("Logout", format!("{} {}", logout_word(service.binding), service.url)));
    }
    rows
}
