use leptos::prelude::*;
use model::{ApplicationDetail, ApplicationLinks, BindingSubject, PolicyEngineMode};

use super::{delete::DeleteApplicationDialog, frame::DetailContext};
use crate::{
    session::visitor,
    ui::{CopyRow, Failure, Scroll, Skeleton, retry},
};

/// What an application is, and what must be pasted on the other side.
#[component]
pub fn LinksTab() -> impl IntoView {
    let DetailContext(detail) = expect_context();
    let body = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(found) => facts(found),
                Err(error) => view! { <Failure error retry=retry(detail) /> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=Skeleton>{body}</Transition> }
}

fn facts(detail: ApplicationDetail) -> AnyView {
    let delete = visitor().administers().then(|| {
        view! { <DeleteApplicationDialog slug=detail.application.slug.to_string() version=detail.version used_by=detail.used_by.clone() /> }
    });
    let application = detail.application;
    let provider = application.saml_provider.unwrap_or_else(|| "none".to_owned());
    let rule = match application.policy_engine_mode {
        PolicyEngineMode::Any => "one binding that passes is enough",
        PolicyEngineMode::All => "every binding must pass",
    };
    let bindings = application.bindings.into_iter().map(|b| {
        let (kind, name) = match b.subject {
            BindingSubject::Group(name) => ("group", name),
            BindingSubject::User(name) => ("user", name),
            BindingSubject::Policy(name) => ("policy", name),
        };
        let negate = if b.negate { "not " } else { "" };
        let off = if b.enabled { "" } else { " (off)" };
        view! { <li>{format!("{negate}{kind} {name}{off}")}</li> }
    });
    let bindings: Vec<_> = bindings.collect();
    let open = bindings.is_empty().then(|| view! { <p>"No binding: every active user may open it."</p> });
    let roles = application.aws_roles.into_iter().map(|r| {
        let groups = if r.groups.is_empty() { "everyone who may open it".to_owned() } else { r.groups.join(", ") };
        view! { <tr><td><code>{r.role.to_string()}</code></td><td><code>{r.provider.to_string()}</code></td><td>{groups}</td></tr> }
    });
    let roles: Vec<_> = roles.collect();
    let roles = (!roles.is_empty()).then(|| {
        view! {
            <h2>"AWS roles"</h2>
            <Scroll label="AWS roles">
                <table>
                    <thead><tr><th scope="col">"Role"</th><th scope="col">"SAML provider"</th><th scope="col">"Groups"</th></tr></thead>
                    <tbody>{roles}</tbody>
                </table>
            </Scroll>
        }
    });
    view! {
        <dl class="facts">
            <div><dt>"Name"</dt><dd>{application.name}</dd></div>
            <div><dt>"Description"</dt><dd>{application.description}</dd></div>
            <div><dt>"SAML provider"</dt><dd>{provider}</dd></div>
            <div><dt>"Access"</dt><dd>{rule}</dd></div>
        </dl>
        <h2>"Bindings"</h2>
        {open}
        <ul>{bindings}</ul>
        {roles}
        {addresses(detail.links)}
        {delete}
    }
    .into_any()
}

fn addresses(links: Option<ApplicationLinks>) -> AnyView {
    let Some(links) = links else {
        return view! { <p class="notice">"Choose a SAML provider to get the addresses for the other side."</p> }
            .into_any();
    };
    let rows = [
        (
            "metadata address",
            links.metadata_url,
            "AWS IAM, Identity providers, Add provider: download it and upload it as the metadata document.",
        ),
        ("issuer", links.issuer, "The entityID of this identity provider."),
        ("sign-on address", links.init_url, "Signs in and goes to the service; give it to people as a bookmark."),
        ("redirect address", links.redirect_url, "Single sign-on with HTTP-Redirect."),
        ("post address", links.post_url, "Single sign-on with HTTP-POST."),
        ("ACS address", links.acs_url, "Where responses are sent."),
        ("audience", links.audience, "The entityID of the service."),
    ];
    let rows = rows.map(|(label, value, help)| view! { <CopyRow label value help /> });
    view! { <h2>"For the other side"</h2><dl>{rows.into_iter().collect_view()}</dl> }.into_any()
}
