use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use model::{ListQuery, Page, UserRow};

use super::api::list_users;
use crate::{
    list::{linked, list_query},
    ui::{Empty, Failure, SearchBar, Skeleton, focus, retry},
};

/// Searches for a user and leads to the same page with `user` in the address. Once somebody is chosen only the search is
/// left, and [`Chosen`] has the focus.
#[component]
pub fn UserPicker(chosen: Memo<String>) -> impl IntoView {
    let (query, path) = (list_query(), use_location().pathname);
    let users = Resource::new(
        move || {
            chosen.with(String::is_empty).then(|| ListQuery {
                sort: String::new(),
                filter: String::new(),
                ..query.get()
            })
        },
        |asked| async move {
            match asked {
                Some(asked) => list_users(asked).await.map(Some),
                None => Ok(None),
            }
        },
    );
    // The link that was followed goes with the list.
    Effect::new(move |before: Option<String>| {
        let now = chosen.get();
        if !now.is_empty() && before.is_some_and(|before| before != now) {
            focus("chosen");
        }
        now
    });
    let found = move || {
        Suspend::new(async move {
            match users.await {
                Ok(page) => page.map(|page| candidates(&path.get_untracked(), page)).into_any(),
                Err(error) => view! { <Failure error retry=retry(users) /> }.into_any(),
            }
        })
    };
    view! {
        <SearchBar path query label="Search for a user" />
        <Transition fallback=Skeleton>{found}</Transition>
    }
}

/// What a choice brings about.
#[component]
pub fn Chosen(children: Children) -> impl IntoView {
    view! { <div id="chosen" tabindex="-1" role="region" aria-label="Result">{children()}</div> }
}

fn candidates(path: &str, page: Page<UserRow>) -> AnyView {
    if page.rows.is_empty() {
        return view! { <Empty text="Nothing matches. Clear the search to see everything." /> }.into_any();
    }
    let more = (page.total > page.rows.len() as u64)
        .then(|| view! { <p class="help">{format!("{} users in all; search to narrow them down.", page.total)}</p> });
    let lines = page.rows.into_iter().map(|user| {
        let href = linked(path, "user", &user.username);
        view! { <li><A href=href>{user.username}</A>" "<span class="help">{user.name}</span></li> }
    });
    view! { <ul class="candidates">{lines.collect_view()}</ul>{more} }.into_any()
}
