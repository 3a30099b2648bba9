use leptos::prelude::*;
use leptos_router::components::A;
use model::{ListQuery, MappingRow, Page};

use super::{
    api::list_mappings,
    words::{PATH, mapping_path, word},
};
use crate::{
    list::list_query,
    session::visitor,
    ui::{Badge, Empty, Failure, Heading, Paging, Scroll, SearchBar, Skeleton, SortHeader, Tone, retry},
};

/// The expressions that make attributes of people.
#[component]
pub fn MappingListPage() -> impl IntoView {
    let query = list_query();
    let mappings = Resource::new(move || query.get(), list_mappings);
    let list = move || {
        Suspend::new(async move {
            match mappings.await {
                Ok(page) => rows(query.get_untracked(), page),
                Err(error) => view! { <Failure error retry=retry(mappings) /> }.into_any(),
            }
        })
    };
    view! {
        <Heading title="Property mappings"><NewLink /></Heading>
        <SearchBar path=Signal::stored(PATH.to_owned()) query label="Search name or SAML name" />
        <Transition fallback=Skeleton>{list}</Transition>
    }
}

#[component]
fn NewLink() -> impl IntoView {
    visitor().administers().then(|| {
        view! { <A href=format!("{PATH}/-/new") attr:class="button primary">"New property mapping"</A> }
    })
}

fn rows(query: ListQuery, page: Page<MappingRow>) -> AnyView {
    if page.rows.is_empty() {
        // Those that come with Rolecall are always there.
        return view! { <Empty text="Nothing matches. Clear the search to see everything." /> }.into_any();
    }
    let body = page.rows.into_iter().map(|row| {
        let managed = row.managed.then(|| view! { " " <Badge tone=Tone::Quiet text="managed" /> });
        view! {
            <tr>
                <th scope="row"><A href=mapping_path(&row.name)>{row.name.clone()}</A>{managed}</th><td>{word(row.kind)}</td>
                <td><code>{row.saml_name.unwrap_or_default()}</code></td><td>{row.providers}</td>
            </tr>
        }
    });
    let head = view! { <SortHeader path=PATH query=query.clone() column="name" label="Name" is_default=true /> };
    view! {
        <Scroll label="Property mappings">
            <table>
                <thead><tr>
                    {head}
                    <th scope="col">"Kind"</th><th scope="col">"SAML name"</th><th scope="col">"Used by"</th>
                </tr></thead>
                <tbody>{body.collect_view()}</tbody>
            </table>
        </Scroll>
        <Paging path=PATH query total=page.total page_size=page.page_size noun="property mapping" />
    }
    .into_any()
}
