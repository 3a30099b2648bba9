use leptos::prelude::*;
use model::{ListQuery, Page, Role, UserRow};

use super::api::list_users;
use crate::{
    list::list_query,
    ui::{Badge, Empty, Failure, Heading, Paging, Scroll, SearchBar, Skeleton, SortHeader, Tone, retry},
};

const PATH: &str = "/admin/users";

/// Everybody who may sign in.
#[component]
pub fn UserListPage() -> impl IntoView {
    let query = list_query();
    let users = Resource::new(move || query.get(), list_users);
    let list = move || {
        Suspend::new(async move {
            match users.await {
                Ok(page) => rows(query.get_untracked(), page),
                Err(error) => view! { <Failure error retry=retry(users) /> }.into_any(),
            }
        })
    };
    view! {
        <Heading title="Users" />
        <SearchBar path=Signal::stored(PATH.to_owned()) query label="Search user name, name or email" />
        <Transition fallback=Skeleton>{list}</Transition>
    }
}

fn rows(query: ListQuery, page: Page<UserRow>) -> AnyView {
    if page.rows.is_empty() {
        return view! { <Empty text="Nothing matches. Clear the search to see everything." /> }.into_any();
    }
    let heads = [("username", "User name"), ("name", "Name"), ("email", "Email")];
    let heads = heads.map(|(column, label)| {
        let is_default = column == "username";
        view! { <SortHeader path=PATH query=query.clone() column label is_default /> }
    });
    let heads = heads.into_iter().collect_view();
    let body = page.rows.into_iter().map(|user| {
        let (tone, state) = if user.active { (Tone::Good, "active") } else { (Tone::Quiet, "deactivated") };
        let role = match user.role {
            Role::Administrator => "administrator",
            Role::Auditor => "auditor",
            Role::Member => "member",
        };
        view! {
            <tr>
                <th scope="row">{user.username}</th><td>{user.name}</td><td>{user.email}</td><td>{role}</td>
                <td><Badge tone text=state /></td>
            </tr>
        }
    });
    view! {
        <Scroll label="Users">
            <table>
                <thead><tr>{heads}<th scope="col">"Role"</th><th scope="col">"State"</th></tr></thead>
                <tbody>{body.collect_view()}</tbody>
            </table>
        </Scroll>
        <Paging path=PATH query total=page.total page_size=page.page_size noun="users" />
    }
    .into_any()
}
