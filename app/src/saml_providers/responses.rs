use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use model::KeptResponses;

use super::{
    api::{list_responses, read_response},
    detail::name,
    report::report,
    words::provider_path,
};
use crate::{
    list::segment,
    session::visitor,
    ui::{Empty, Failure, Heading, Scroll, Skeleton, Time, many, retry},
};

const ONLY: &str = "Only administrators look at responses: they hold what people's assertions say.";

/// The responses issued last.
#[component]
pub fn ResponseListPage() -> impl IntoView {
    let name = name();
    view! {
        <p><a href=move || provider_path(&name.get())>"Back to the SAML provider"</a></p>
        <Heading title=Signal::derive(move || format!("Last responses of {}", name.get())) />
        {visitor().administers().then(|| view! { <List name /> })}
        {(!visitor().administers()).then(|| view! { <Empty text=ONLY /> })}
    }
}

#[component]
fn List(name: Memo<String>) -> impl IntoView {
    let kept = Resource::new(move || name.get(), list_responses);
    let body = move || {
        Suspend::new(async move {
            match kept.await {
                Ok(found) => rows(&name.get_untracked(), found),
                Err(error) => view! { <Failure error retry=retry(kept) /> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=Skeleton>{body}</Transition> }
}

fn rows(name: &str, kept: KeptResponses) -> AnyView {
    let path = provider_path(name);
    if kept.most == 0 {
        let edit = format!("{path}/edit");
        let text = "This provider keeps no responses. Set how many it keeps to see, the next time the service refuses one, what it was and why.";
        return view! { <Empty text><A href=edit attr:class="button primary">"Edit the SAML provider"</A></Empty> }
            .into_any();
    }
    if kept.rows.is_empty() {
        return view! { <Empty text="No response has been issued since they are kept." /> }.into_any();
    }
    let body = kept.rows.into_iter().map(|row| {
        let href = format!("{path}/responses/{}", segment(&row.id));
        view! {
            <tr>
                <th scope="row"><A href=href><Time at=row.at /></A></th><td>{row.username}</td><td>{row.application}</td>
                <td class="long">{row.destination}</td>
            </tr>
        }
    });
    let body = body.collect_view();
    view! {
        <p class="help">{format!("The last {}, for {}, encrypted in the database. Looking at one leaves an event.", kept.most, many(kept.days, "day"))}</p>
        <Scroll label="Responses">
            <table>
                <thead><tr>
                    <th scope="col">"Issued"</th><th scope="col">"To"</th><th scope="col">"Application"</th><th scope="col">"Sent to"</th>
                </tr></thead>
                <tbody>{body}</tbody>
            </table>
        </Scroll>
    }
    .into_any()
}

/// One response, decoded and judged.
#[component]
pub fn ResponsePage() -> impl IntoView {
    let (name, params) = (name(), use_params_map());
    let id = Memo::new(move |_| params.with(|p| p.get("id").unwrap_or_default()));
    view! {
        <p><a href=move || format!("{}/responses", provider_path(&name.get()))>"All responses"</a></p>
        <Heading title=Signal::derive(move || format!("A response of {}", name.get())) />
        {visitor().administers().then(|| view! { <One name id /> })}
        {(!visitor().administers()).then(|| view! { <Empty text=ONLY /> })}
    }
}

#[component]
fn One(name: Memo<String>, id: Memo<String>) -> impl IntoView {
    let found = Resource::new(move || (name.get(), id.get()), |(name, id)| read_response(name, id));
    let body = move || {
        Suspend::new(async move {
            match found.await {
                Ok(found) => report(found),
                Err(error) => view! { <Failure error retry=retry(found) /> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=Skeleton>{body}</Transition> }
}
