use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::{ListQuery, ScimAdoptionList};

use super::{
    adoption::{adoption_table, as_of},
    api::list_scim_adoption,
    detail::name,
    words::scim_path,
};
use crate::{
    list::list_query,
    ui::{Empty, Failure, Heading, Paging, SearchBar, Skeleton, retry},
};

const FILTERS: [(&str, &str); 7] = [
    ("", "everything"),
    ("undecided", "not decided"),
    ("conflict", "in conflict"),
    ("matched", "ours"),
    ("foreign", "foreign"),
    ("user", "users"),
    ("group", "groups"),
];

/// What is at the service and whose it is, also before anything was sent.
#[component]
pub fn ScimAdoptionPage() -> impl IntoView {
    let (name, query, path) = (name(), list_query(), use_location().pathname);
    let found = Resource::new(move || (name.get(), query.get()), |(name, query)| list_scim_adoption(name, query));
    let again = Callback::new(move |()| found.refetch());
    let list = move || {
        Suspend::new(async move {
            match found.await {
                Ok(list) => shown(&name.get_untracked(), path.get_untracked(), query.get_untracked(), list, again),
                Err(error) => view! { <Failure error retry=retry(found) /> }.into_any(),
            }
        })
    };
    let filters = FILTERS.map(|(key, text)| (key.to_owned(), text.to_owned())).to_vec();
    view! {
        <p><a href=move || scim_path(&name.get())>"Back to the SCIM provider"</a></p>
        <Heading title=Signal::derive(move || format!("Whose is what at {}", name.get())) />
        <p class="help">"What carries our identifiers is ours; what has the name of one of ours is in conflict, and the provider's settings or an administrator decide about it; all else is foreign and stays as it is. Looking changes nothing."</p>
        <SearchBar path query label="Search name or identifier" filters filter_label="Whose" />
        <Transition fallback=Skeleton>{list}</Transition>
    }
}

fn shown(name: &str, path: String, query: ListQuery, list: ScimAdoptionList, again: Callback<()>) -> AnyView {
    let ScimAdoptionList { found: page, read_at, first } = list;
    let read = as_of(name, read_at, first, again);
    if page.rows.is_empty() {
        let text = if query.q.is_empty() && query.filter.is_empty() {
            "Nothing is there yet."
        } else {
            "Nothing matches. Clear the search to see everything."
        };
        return view! { {read}<Empty text /> }.into_any();
    }
    view! {
        {read}
        {adoption_table("Users and groups", name, page.rows, again)}
        <Paging path query total=page.total page_size=page.page_size noun="user or group" />
    }
    .into_any()
}
