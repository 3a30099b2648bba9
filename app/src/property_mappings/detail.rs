use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map, params::ParamsMap};
use model::MappingDetail;

use super::{
    api::read_mapping,
    delete::DeleteMappingDialog,
    words::{NAMES, PATH, mapping_path, word},
};
use crate::{
    events::History,
    session::visitor,
    ui::{Badge, CodeBlock, CopyRow, Failure, Heading, Skeleton, Tone, retry},
};

/// The name in the address.
pub fn name() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get("name").unwrap_or_default()))
}

/// One property mapping.
#[component]
pub fn MappingPage() -> impl IntoView {
    let name = name();
    let detail = Resource::new(move || name.get(), read_mapping);
    let body = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(found) => facts(found),
                Err(error) => view! { <Failure error retry=retry(detail) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=PATH>"All property mappings"</a></p>
        <Heading title=Signal::derive(move || format!("Property mapping {}", name.get())) />
        <Transition fallback=Skeleton>{body}</Transition>
        <h2>"History"</h2>
        <History target=Signal::derive(move || format!("property mapping {}", name.get())) />
    }
}

fn facts(detail: MappingDetail) -> AnyView {
    let MappingDetail { version, mapping, used_by, warnings } = detail;
    let warnings = warnings.into_iter().map(|words| view! { <p class="notice bad">{words}</p> }).collect_view();
    let administers = visitor().administers();
    let managed = mapping.managed.then(|| {
        view! { <p><Badge tone=Tone::Quiet text="managed" />" It comes with Rolecall and changes with it. Copy it to change it."</p> }
    });
    let users = if used_by.is_empty() { "no provider".to_owned() } else { used_by.join(", ") };
    let mut from = ParamsMap::new();
    from.insert("from", mapping.name.clone());
    let copy = format!("{PATH}/-/new{}", from.to_query_string());
    let edit = (!mapping.managed).then(|| {
        view! { <A href=format!("{}/edit", mapping_path(&mapping.name)) attr:class="button primary">"Edit"</A> }
    });
    let actions =
        administers.then(|| view! { <p class="actions">{edit}<A href=copy attr:class="button">"Copy"</A></p> });
    let delete = (administers && !mapping.managed)
        .then(|| view! { <DeleteMappingDialog name=mapping.name.clone() version used_by /> });
    let saml_name = mapping.saml_name.map(|value| {
        view! { <CopyRow label="SAML name" value help="The Name of the attribute. None: for a NameID only." /> }
    });
    view! {
        {managed}
        {actions}
        {warnings}
        <dl class="facts">
            <div><dt>"Kind"</dt><dd>{word(mapping.kind)}</dd></div>
            <div><dt>"Friendly name"</dt><dd>{mapping.friendly_name.unwrap_or_else(|| "none".to_owned())}</dd></div>
            <div><dt>"Name format"</dt><dd>{mapping.name_format.unwrap_or_else(|| "none".to_owned())}</dd></div>
            <div><dt>"Used by"</dt><dd>{users}</dd></div>
            {saml_name}
        </dl>
        <CodeBlock label="expression" text=mapping.expression names=NAMES />
        {delete}
    }
    .into_any()
}
