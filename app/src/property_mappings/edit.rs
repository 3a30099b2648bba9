use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{MappingDetail, PropertyMapping};

use super::{
    api::read_mapping,
    detail::name,
    form::MappingForm,
    words::{PATH, mapping_path},
};
use crate::{
    session::visitor,
    ui::{Empty, Failure, Heading, Skeleton, retry},
};

/// A new property mapping, empty or from an existing one.
#[component]
pub fn NewMappingPage() -> impl IntoView {
    let query = use_query_map();
    let from = Memo::new(move |_| query.with(|q| q.get("from").unwrap_or_default()));
    let source = Resource::new(
        move || from.get(),
        |from| async move { if from.is_empty() { Ok(None) } else { read_mapping(from).await.map(Some) } },
    );
    let form = move || {
        Suspend::new(async move {
            match source.await {
                Ok(source) => view! { <MappingForm existing=None start=source.map(copy) /> }.into_any(),
                Err(error) => view! { <Failure error retry=retry(source) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=PATH>"All property mappings"</a></p>
        <Heading title="New property mapping" />
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{form}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators make property mappings." /> })}
    }
}

/// A copy is the administrator's own, under a name of its own.
fn copy(detail: MappingDetail) -> PropertyMapping {
    let name = detail.mapping.name.trim_start_matches("rolecall default ").to_owned();
    PropertyMapping { name: format!("Copy of {name}"), managed: false, ..detail.mapping }
}

/// Changing a property mapping.
#[component]
pub fn EditMappingPage() -> impl IntoView {
    let name = name();
    let detail = Resource::new(move || name.get(), read_mapping);
    let form = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(found) if found.mapping.managed => {
                    view! { <Empty text="It comes with Rolecall. Copy it and change the copy." /> }.into_any()
                }
                Ok(found) => {
                    let start = Some(found.mapping.clone());
                    view! { <MappingForm existing=Some(found.version) start /> }.into_any()
                }
                Err(error) => view! { <Failure error retry=retry(detail) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=move || mapping_path(&name.get())>"Back to the property mapping"</a></p>
        <Heading title=Signal::derive(move || format!("Edit {}", name.get())) />
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{form}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators change property mappings." /> })}
    }
}
