use leptos::prelude::*;
use leptos_router::components::A;
use model::{ListQuery, Page, ScimProviderRow};

use super::{
    api::list_scim_providers,
    words::{NEW, PATH, scim_path, status_badge},
};
use crate::{
    connect::CONNECT,
    list::list_query,
    session::visitor,
    ui::{Empty, Failure, Heading, Paging, Scroll, SearchBar, Skeleton, SortHeader, retry},
};

/// Where people and groups are pushed to.
#[component]
pub fn ScimProviderListPage() -> impl IntoView {
    let query = list_query();
    let providers = Resource::new(move || query.get(), list_scim_providers);
    let list = move || {
        Suspend::new(async move {
            match providers.await {
                Ok(page) => rows(query.get_untracked(), page),
                Err(error) => view! { <Failure error retry=retry(providers) /> }.into_any(),
            }
        })
    };
    view! {
        <Heading title="SCIM providers"><NewLinks /></Heading>
        <SearchBar path=Signal::stored(PATH.to_owned()) query label="Search name or address" />
        <Transition fallback=Skeleton>{list}</Transition>
    }
}

#[component]
fn NewLinks() -> impl IntoView {
    visitor().administers().then(|| {
        view! {
            <A href=CONNECT attr:class="button">"Connect IAM Identity Center"</A>
            <A href=NEW attr:class="button primary">"New SCIM provider"</A>
        }
    })
}

fn rows(query: ListQuery, page: Page<ScimProviderRow>) -> AnyView {
    if page.rows.is_empty() {
        let text = if query.q.is_empty() {
            "A SCIM provider keeps the directory of a service right, such as that of IAM Identity Center. There is none yet."
        } else {
            "Nothing matches. Clear the search to see everything."
        };
        return view! { <Empty text><NewLinks /></Empty> }.into_any();
    }
    let head = view! { <SortHeader path=PATH query=query.clone() column="name" label="Name" is_default=true /> };
    let body = page.rows.into_iter().map(|row| {
        view! {
            <tr>
                <th scope="row"><A href=scim_path(&row.name)>{row.name.clone()}</A></th><td>{status_badge(row.status)}</td>
                <td>{row.words}</td><td>{row.queue}</td><td>{row.parked}</td><td>{row.applications.join(", ")}</td>
            </tr>
        }
    });
    view! {
        <Scroll label="SCIM providers">
            <table>
                <thead><tr>
                    {head}<th scope="col">"State"</th><th scope="col">"What it says"</th><th scope="col">"Steps ahead"</th>
                    <th scope="col">"Parked"</th><th scope="col">"Applications"</th>
                </tr></thead>
                <tbody>{body.collect_view()}</tbody>
            </table>
        </Scroll>
        <Paging path=PATH query total=page.total page_size=page.page_size noun="SCIM provider" />
    }
    .into_any()
}
