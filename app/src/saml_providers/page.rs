use leptos::prelude::*;
use leptos_router::components::A;
use model::{ListQuery, Page, ProviderRow};

use super::{
    api::list_providers,
    words::{PATH, provider_path},
};
use crate::{
    connect::CONNECT,
    list::list_query,
    session::visitor,
    ui::{Empty, Failure, Heading, Paging, Scroll, SearchBar, Skeleton, SortHeader, retry},
};

/// How services are spoken to.
#[component]
pub fn ProviderListPage() -> impl IntoView {
    let query = list_query();
    let providers = Resource::new(move || query.get(), list_providers);
    let list = move || {
        Suspend::new(async move {
            match providers.await {
                Ok(page) => rows(query.get_untracked(), page),
                Err(error) => view! { <Failure error retry=retry(providers) /> }.into_any(),
            }
        })
    };
    view! {
        <Heading title="SAML providers"><NewLinks /></Heading>
        <SearchBar path=Signal::stored(PATH.to_owned()) query label="Search name, audience or address" />
        <Transition fallback=Skeleton>{list}</Transition>
    }
}

#[component]
fn NewLinks() -> impl IntoView {
    visitor().administers().then(|| {
        view! {
            <A href=CONNECT attr:class="button">"Connect IAM Identity Center"</A>
            <A href=format!("{PATH}/-/import") attr:class="button">"From metadata"</A>
            <A href=format!("{PATH}/-/new") attr:class="button primary">"New SAML provider"</A>
        }
    })
}

fn rows(query: ListQuery, page: Page<ProviderRow>) -> AnyView {
    if page.rows.is_empty() {
        let text = if query.q.is_empty() {
            "A SAML provider says how a service is spoken to: where responses go, what signs them and what they say. There is none yet. For IAM Identity Center, begin with the metadata that AWS gives you."
        } else {
            "Nothing matches. Clear the search to see everything."
        };
        return view! { <Empty text><NewLinks /></Empty> }.into_any();
    }
    let head = view! { <SortHeader path=PATH query=query.clone() column="name" label="Name" is_default=true /> };
    let body = page.rows.into_iter().map(|row| {
        let applications = if row.applications.is_empty() { "none".to_owned() } else { row.applications.join(", ") };
        view! {
            <tr>
                <th scope="row"><A href=provider_path(&row.name)>{row.name.clone()}</A></th><td><code>{row.audience}</code></td>
                <td>{row.signing_key.unwrap_or_else(|| "default".to_owned())}</td><td>{applications}</td>
            </tr>
        }
    });
    view! {
        <Scroll label="SAML providers">
            <table>
                <thead><tr>{head}<th scope="col">"Audience"</th><th scope="col">"Key"</th><th scope="col">"Applications"</th></tr></thead>
                <tbody>{body.collect_view()}</tbody>
            </table>
        </Scroll>
        <Paging path=PATH query total=page.total page_size=page.page_size noun="SAML provider" />
    }
    .into_any()
}
