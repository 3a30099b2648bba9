use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_location, use_query_map},
    params::ParamsMap,
};
use model::{ListQuery, Page, UserRow};

use super::{api::preview_sign_on, frame::slug, preview_result::result};
use crate::{
    list::list_query,
    ui::{Empty, Failure, SearchBar, Skeleton, retry},
    users::api::list_users,
};

/// What a chosen person would get. The search and the choice are in the address, so a preview can be shown to others.
#[component]
pub fn PreviewTab() -> impl IntoView {
    let (slug, query, path, params) = (slug(), list_query(), use_location().pathname, use_query_map());
    let chosen = Memo::new(move |_| params.with(|p| p.get("user").unwrap_or_default()));
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
    let preview = Resource::new(
        move || (slug.get(), chosen.get()),
        |(slug, username)| async move {
            if username.is_empty() { Ok(None) } else { preview_sign_on(slug, username).await.map(Some) }
        },
    );
    let found = move || {
        Suspend::new(async move {
            match users.await {
                Ok(page) => page.map(|page| candidates(&path.get_untracked(), page)).into_any(),
                Err(error) => view! { <Failure error retry=retry(users) /> }.into_any(),
            }
        })
    };
    let shown = move || {
        Suspend::new(async move {
            match preview.await {
                Ok(preview) => preview.map(result).into_any(),
                Err(error) => view! { <Failure error retry=retry(preview) /> }.into_any(),
            }
        })
    };
    view! {
        <p class="help">"Choose a user to see the very response they would get. Nothing is sent, and no session is made."</p>
        <SearchBar path query label="Search for a user" />
        <Transition fallback=Skeleton>{found}</Transition>
        <Transition fallback=Skeleton>{shown}</Transition>
    }
}

fn candidates(path: &str, page: Page<UserRow>) -> AnyView {
    if page.rows.is_empty() {
        return view! { <Empty text="Nothing matches. Clear the search to see everything." /> }.into_any();
    }
    let more = (page.total > page.rows.len() as u64)
        .then(|| view! { <p class="help">{format!("{} users in all; search to narrow them down.", page.total)}</p> });
    let lines = page.rows.into_iter().map(|user| {
        let mut params = ParamsMap::new();
        params.insert("user", user.username.clone());
        let href = format!("{path}{}", params.to_query_string());
        view! { <li><A href=href>{user.username}</A>" "<span class="help">{user.name}</span></li> }
    });
    view! { <ul class="candidates">{lines.collect_view()}</ul>{more} }.into_any()
}
