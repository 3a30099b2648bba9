use leptos::prelude::*;
use leptos_router::components::A;
use model::{KeyRow, ListQuery, Page, key_words};

use super::{api::list_keys, expiry::expiry_badge};
use crate::{
    list::list_query,
    session::visitor,
    ui::{Badge, Empty, Failure, Heading, Paging, Scroll, SearchBar, Skeleton, SortHeader, Time, Tone, retry},
};

/// The address of the list.
pub const PATH: &str = "/admin/keys";

/// Where a pair is made. No name of a key can be in the way: a name is one segment.
pub const NEW: &str = "/admin/keys/-/new";

/// Where a pair is brought to, by the page and by its form.
pub const IMPORT: &str = "/admin/keys/-/import";

/// The address of one key.
pub fn key_path(name: &str) -> String {
    format!("{PATH}/{}", crate::list::segment(name))
}

/// What responses and metadata are signed with.
#[component]
pub fn KeyListPage() -> impl IntoView {
    let query = list_query();
    let keys = Resource::new(move || query.get(), list_keys);
    let list = move || {
        Suspend::new(async move {
            match keys.await {
                Ok(page) => rows(query.get_untracked(), page),
                Err(error) => view! { <Failure error retry=retry(keys) /> }.into_any(),
            }
        })
    };
    view! {
        <Heading title="Keys"><NewLinks /></Heading>
        <SearchBar path=Signal::stored(PATH.to_owned()) query label="Search name or subject" />
        <Transition fallback=Skeleton>{list}</Transition>
    }
}

#[component]
fn NewLinks() -> impl IntoView {
    visitor().administers().then(|| {
        view! {
            <A href=IMPORT attr:class="button">"Import a key"</A>
            <A href=NEW attr:class="button primary">"Generate a key"</A>
        }
    })
}

fn rows(query: ListQuery, page: Page<KeyRow>) -> AnyView {
    if page.rows.is_empty() {
        let text = if query.q.is_empty() {
            "A key signs what is sent to AWS. There is none yet."
        } else {
            "Nothing matches. Clear the search to see everything."
        };
        return view! { <Empty text><NewLinks /></Empty> }.into_any();
    }
    let heads = [("name", "Name"), ("not_after", "Expires")].map(|(column, label)| {
        let is_default = column == "name";
        view! { <SortHeader path=PATH query=query.clone() column label is_default /> }
    });
    let [name, expires] = heads;
    let body = page.rows.into_iter().map(|row| {
        let alone = row.certificate_only.then(|| view! { " " <Badge tone=Tone::Quiet text="certificate only" /> });
        let badge = row.is_default.then(|| view! { " " <Badge tone=Tone::Good text="default" /> });
        view! {
            <tr>
                <th scope="row"><A href=key_path(&row.name)>{row.name.clone()}</A>{badge}{alone}</th><td><Time at=row.not_after />{expiry_badge(row.warning)}</td>
                <td>{row.subject}</td><td>{key_words(row.bits)}</td><td>{row.providers}</td>
            </tr>
        }
    });
    view! {
        <Scroll label="Keys">
            <table>
                <thead><tr>
                    {name}{expires}
                    <th scope="col">"Subject"</th><th scope="col">"Kind"</th><th scope="col">"SAML providers"</th>
                </tr></thead>
                <tbody>{body.collect_view()}</tbody>
            </table>
        </Scroll>
        <Paging path=PATH query total=page.total page_size=page.page_size noun="key" />
    }
    .into_any()
}
