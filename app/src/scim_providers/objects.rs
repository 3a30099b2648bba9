use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use model::{ListQuery, Page, ScimObjectRow};

use super::{
    api::list_scim_objects,
    detail::name,
    words::{object_path, scim_path, state_badge},
};
use crate::{
    list::list_query,
    ui::{Empty, Failure, Heading, Paging, Scroll, SearchBar, Skeleton, retry},
};

const FILTERS: [(&str, &str); 7] = [
    ("", "everything"),
    ("user", "users"),
    ("group", "groups"),
    ("parked", "refused"),
    ("active", "there"),
    ("deactivated", "deactivated"),
    ("foreign", "not ours"),
];

/// What is at the service as far as it is known, with the last answer to each.
#[component]
pub fn ScimObjectsPage() -> impl IntoView {
    let (name, query, path) = (name(), list_query(), use_location().pathname);
    let objects = Resource::new(move || (name.get(), query.get()), |(name, query)| list_scim_objects(name, query));
    let list = move || {
        Suspend::new(async move {
            match objects.await {
                Ok(page) => rows(&name.get_untracked(), path.get_untracked(), query.get_untracked(), page),
                Err(error) => view! { <Failure error retry=retry(objects) /> }.into_any(),
            }
        })
    };
    let filters = FILTERS.map(|(key, text)| (key.to_owned(), text.to_owned())).to_vec();
    view! {
        <p><a href=move || scim_path(&name.get())>"Back to the SCIM provider"</a></p>
        <Heading title=Signal::derive(move || format!("At {}", name.get())) />
        <SearchBar path query label="Search name or identifier" filters filter_label="State" />
        <Transition fallback=Skeleton>{list}</Transition>
    }
}

fn rows(name: &str, path: String, query: ListQuery, page: Page<ScimObjectRow>) -> AnyView {
    if page.rows.is_empty() {
        let text = if query.q.is_empty() && query.filter.is_empty() {
            "Nothing is known to be there yet."
        } else {
            "Nothing matches. Clear the search to see everything."
        };
        return view! { <Empty text /> }.into_any();
    }
    let body = page.rows.into_iter().map(|row| {
        // A group that was renamed here and is not there yet, or that the service calls otherwise.
        let here = (!row.here.is_empty() && row.here != row.name).then(|| format!(", here {}", row.here));
        // What is not ours has no page: nothing is done to it.
        let shown = if row.local.is_empty() {
            row.name.into_any()
        } else {
            view! { <A href=object_path(name, &row.kind, &row.local)>{row.name}</A> }.into_any()
        };
        view! {
            <tr>
                <th scope="row">{shown}{here}</th><td>{row.kind}</td><td>{state_badge(&row.state)}</td><td><code>{row.remote}</code></td>
                <td>{row.words}" "{row.fix}</td>
            </tr>
        }
    });
    let body = body.collect_view();
    view! {
        <Scroll label="Users and groups">
            <table>
                <thead><tr>
                    <th scope="col">"Name"</th><th scope="col">"Kind"</th><th scope="col">"State"</th><th scope="col">"Identifier there"</th><th scope="col">"Last answer"</th>
                </tr></thead>
                <tbody>{body}</tbody>
            </table>
        </Scroll>
        <Paging path query total=page.total page_size=page.page_size noun="user or group" />
    }
    .into_any()
}
