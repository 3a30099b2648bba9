use leptos::prelude::*;
use leptos_router::components::A;
use model::{ApplicationRow, ListQuery, Page};

use super::{
    api::list_applications,
    words::{NEW, PATH, application_path},
};
use crate::{
    list::list_query,
    session::visitor,
    ui::{Empty, Failure, Heading, Paging, Scroll, SearchBar, Skeleton, SortHeader, retry},
};

/// What people can open from their portal.
#[component]
pub fn ApplicationListPage() -> impl IntoView {
    let query = list_query();
    let applications = Resource::new(move || query.get(), list_applications);
    let list = move || {
        Suspend::new(async move {
            match applications.await {
                Ok(page) => rows(query.get_untracked(), page),
                Err(error) => view! { <Failure error retry=retry(applications) /> }.into_any(),
            }
        })
    };
    view! {
        <Heading title="Applications"><NewLink /></Heading>
        <SearchBar path=Signal::stored(PATH.to_owned()) query label="Search name or slug" />
        <Transition fallback=Skeleton>{list}</Transition>
    }
}

#[component]
fn NewLink() -> impl IntoView {
    visitor().administers().then(|| view! { <A href=NEW attr:class="button primary">"New application"</A> })
}

fn rows(query: ListQuery, page: Page<ApplicationRow>) -> AnyView {
    if page.rows.is_empty() {
        if !query.q.is_empty() {
            return view! { <Empty text="Nothing matches. Clear the search to see everything." /> }.into_any();
        }
        let text =
            "An application is what people open from their portal: one AWS account, or all of them. There is none yet.";
        return view! { <Empty text><NewLink /></Empty> }.into_any();
    }
    let heads = [("name", "Name"), ("slug", "Slug")].map(|(column, label)| {
        let is_default = column == "name";
        view! { <SortHeader path=PATH query=query.clone() column label is_default /> }
    });
    let heads = heads.into_iter().collect_view();
    let body = page.rows.into_iter().map(|row| {
        let href = application_path(&row.slug);
        view! {
            <tr>
                <th scope="row"><A href=href>{row.name}</A></th><td><code>{row.slug}</code></td>
                <td>{row.saml_provider.unwrap_or_else(|| "none".to_owned())}</td><td>{row.bindings}</td><td>{row.roles}</td>
            </tr>
        }
    });
    view! {
        <Scroll label="Applications">
            <table>
                <thead><tr>
                    {heads}
                    <th scope="col">"SAML provider"</th><th scope="col">"Bindings"</th><th scope="col">"AWS roles"</th>
                </tr></thead>
                <tbody>{body.collect_view()}</tbody>
            </table>
        </Scroll>
        <Paging path=PATH query total=page.total page_size=page.page_size noun="applications" />
    }
    .into_any()
}
