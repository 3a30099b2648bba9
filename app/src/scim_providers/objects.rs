use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::{ListQuery, Page, ScimObjectRow};

use super::{api::list_scim_objects, detail::name, words::scim_path};
use crate::{
    list::list_query,
    ui::{Empty, Failure, Heading, Paging, Scroll, SearchBar, Skeleton, retry},
};

/// What is at the service as far as it is known, with the last answer to each.
#[component]
pub fn ScimObjectsPage() -> impl IntoView {
    let (name, query, path) = (name(), list_query(), use_location().pathname);
    let objects = Resource::new(move || (name.get(), query.get()), |(name, query)| list_scim_objects(name, query));
    let list = move || {
        Suspend::new(async move {
            match objects.await {
                Ok(page) => rows(path.get_untracked(), query.get_untracked(), page),
                Err(error) => view! { <Failure error retry=retry(objects) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=move || scim_path(&name.get())>"Back to the SCIM provider"</a></p>
        <Heading title=Signal::derive(move || format!("At {}", name.get())) />
        <SearchBar path query label="Search name or identifier" />
        <Transition fallback=Skeleton>{list}</Transition>
    }
}

fn rows(path: String, query: ListQuery, page: Page<ScimObjectRow>) -> AnyView {
    if page.rows.is_empty() {
        let text = if query.q.is_empty() {
            "Nothing is known to be there yet."
        } else {
            "Nothing matches. Clear the search to see everything."
        };
        return view! { <Empty text /> }.into_any();
    }
    let body = page.rows.into_iter().map(|row| {
        view! {
            <tr>
                <th scope="row">{row.name}</th><td>{row.kind}</td><td>{row.state}</td><td><code>{row.remote}</code></td>
                <td>{row.words}" "{row.fix}</td>
            </tr>
        }
    });
    view! {
        <Scroll label="Users and groups">
            <table>
                <thead><tr>
                    <th scope="col">"Name"</th><th scope="col">"Kind"</th><th scope="col">"State"</th><th scope="col">"Identifier there"</th><th scope="col">"Last answer"</th>
                </tr></thead>
                <tbody>{body.collect_view()}</tbody>
            </table>
        </Scroll>
        <Paging path query total=page.total page_size=page.page_size noun="users and groups" />
    }
    .into_any()
}
