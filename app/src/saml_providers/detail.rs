use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use model::{Partition, ProviderDetail, SamlProvider, ServiceEnd};

use super::{
    api::read_provider,
    delete::DeleteProviderDialog,
    hand_over::hand_over,
    signing_keys::SigningKeys,
    words::{FORMATS, PATH, SIGN, logout_word, provider_path},
};
use crate::{
    applications::{application_path, verdict_table},
    connect::{Step, step_path},
    error::Answer,
    events::History,
    keys::expiry_badge,
    session::visitor,
    ui::{Badge, CopyRow, Failure, Heading, Skeleton, Time, Tone, retry},
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
                Ok(found) => facts(found, detail),
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

fn facts(detail: ProviderDetail, resource: Resource<Answer<ProviderDetail>>) -> AnyView {
    let ProviderDetail {
        version,
        provider,
        used_by,
        default_key,
        keys,
        retired,
        ends,
        limits,
        metadata_address,
        iam_providers,
        warnings,
    } = detail;
    let warnings = warnings.into_iter().map(|words| view! { <p class="notice bad">{words}</p> }).collect_view();
    let path = provider_path(&provider.name);
    let partition = provider.partition().map(partition_row);
    let actions = visitor().administers().then(|| {
        view! {
            <p class="actions">
                <A href=format!("{path}/edit") attr:class="button primary">"Edit"</A>
                <A href=format!("{path}/metadata") attr:class="button">"Read new metadata"</A>
                <A href=format!("{path}/test") attr:class="button">"Test a response"</A>
                <A href=format!("{path}/responses") attr:class="button">"Last responses"</A>
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
    let slugs = used_by.clone();
    let applications = used_by
        .into_iter()
        .map(|slug| view! { <li><a href=application_path(&slug)>{slug.clone()}</a></li> })
        .collect_view();
    let by_default = provider.signing_key.is_none().then(|| format!("{default_key}, the default key"));
    let current = by_default.or_else(|| provider.signing_key.clone()).unwrap_or_default();
    let rows =
        settings(&provider).into_iter().map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    let rows = rows.collect_view();
    view! {
        {actions}
        {warnings}
        {connect}
        <h2>"Used by"</h2>
        <ul>{applications}</ul>
        <dl class="facts">
            <CopyRow label="ACS address" value=provider.acs_url.clone() help="Where responses go unless a request asks for another registered address." />
            <CopyRow label="audience" value=provider.audience.clone() help="The entityID of the service." />
            {partition}
            <div><dt>"Signing key"</dt><dd>{current}</dd></div>
            {rows}
        </dl>
        {from_service(&provider, ends)}
        {hand_over(&provider, &iam_providers)}
        <SigningKeys name=provider.name.clone() version keys retired is_aws=!limits.is_empty() slugs address=metadata_address resource />
        {verdict_table("Metadata, as AWS limits it", "AWS's limits", limits)}
        {delete}
    }
    .into_any()
}

/// The AWS partition of a provider, as a fact.
pub fn partition_row(partition: Partition) -> AnyView {
    view! { <div><dt>"AWS partition"</dt><dd>{partition.words()}" ("<code>{partition.name()}</code>")"</dd></div> }
        .into_any()
}

/// What the service gave, whether that is proven to be its own, and until when it holds.
fn from_service(provider: &SamlProvider, ends: Vec<ServiceEnd>) -> Option<AnyView> {
    let metadata = provider.imported.as_ref().map(|imported| {
        let (tone, text) = match (imported.verified, imported.signed) {
            (true, _) => (Tone::Good, "signature verified"),
            (false, true) => (Tone::Caution, "signed, not verified"),
            (false, false) => (Tone::Caution, "not signed, not verified"),
        };
        let print: String = imported.sha256.chars().take(16).collect();
        let again = imported.cache_seconds.map(|seconds| format!(", to be read again every {seconds} seconds (cacheDuration)"));
        let from = imported.url.clone().map(|url| view! { ", read from "<code>{url}</code> });
        view! { <li>"the metadata, SHA-256 "<code title=imported.sha256.clone()>{format!("{print}…")}</code>" "<Badge tone text />{again}{from}</li> }
    });
    let lines = ends.into_iter().map(|end| {
        let what = format!("{} {}", end.what.words(), end.subject);
        view! { <li title=end.fingerprint>"the service's "{what}" is valid until "<Time at=end.not_after />{expiry_badge(end.warning)}</li> }
    });
    let lines: Vec<_> = lines.collect();
    let any = metadata.is_some() || !lines.is_empty();
    any.then(|| view! { <h2>"From the service"</h2><ul>{metadata}{lines}</ul> }.into_any())
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
        (
            "Responses kept",
            if provider.keep_responses == 0 {
                "none".to_owned()
            } else {
                format!("the last {}", provider.keep_responses)
            },
        ),
        ("Assertions", if provider.encryption.is_some() { "encrypted" } else { "not encrypted" }.to_owned()),
        ("Decryption key", provider.decryption_key.clone().unwrap_or_else(|| "none".to_owned())),
    ];
    for endpoint in &provider.acs {
        rows.push(("Also responses to", format!("{} (index {})", endpoint.url, endpoint.index)));
    }
    for service in &provider.logout {
        rows.push(("Logout", format!("{} {}", logout_word(service.binding), service.url)));
    }
    rows
}
