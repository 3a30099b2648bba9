use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};

use super::{Drawing, api::read_page, handlers::Handlers};
use crate::{
    error::AppError,
    ui::{Drawn, Failure, FirstPage, Skeleton, retry, title_of_failure},
};

/// Whatever page the server draws for this address.
#[component]
pub fn DrawnPage() -> impl IntoView {
    let (location, params, posted) = (use_location(), use_params_map(), posted());
    let asked = move || {
        // Followed by what the route matched: the address itself moves on before this page goes.
        params.track();
        (location.pathname.get_untracked(), location.search.get())
    };
    let page = Resource::new(asked, move |(path, query)| {
        let posted = posted.clone();
        async move {
            match posted {
                Some(drawing) => Ok(drawing),
                None => read_page(path, query).await,
            }
        }
    });
    // The server puts it into the document when this page's own signals may be gone already; this one is nobody's.
    let title = ArcRwSignal::new(String::new());
    let words = title.clone();
    let handlers = Handlers::new();
    let first = use_context::<FirstPage>();
    let shown = move || {
        let title = title.clone();
        Suspend::new(async move {
            let drawn: Result<Drawing, AppError> = page.await;
            handlers.arrived(first);
            match drawn {
                Ok(Drawing { title: text, html, status }) => {
                    answer_with(status);
                    title.set(text);
                    view! { <Drawn html /> }.into_any()
                }
                Err(error) => {
                    title.set(title_of_failure().to_owned());
                    view! { <h1>{title_of_failure()}</h1><Failure error retry=retry(page) /> }.into_any()
                }
            }
        })
    };
    view! {
        <Title text=move || words.get() formatter=|text| format!("{text} · Rolecall") />
        <div
            class:dirty=move || handlers.dirty.get()
            on:input=move |event| handlers.typed(&event)
            on:submit=move |_| handlers.sent()
            on:click=move |event| handlers.clicked(&event)
        >
            <Transition fallback=Skeleton>{shown}</Transition>
        </div>
    }
}

#[cfg(feature = "ssr")]
fn posted() -> Option<Drawing> {
    use_context::<super::Posted>().map(|posted| posted.0)
}

#[cfg(not(feature = "ssr"))]
fn posted() -> Option<Drawing> {
    None
}

/// The status of the document is that of its page.
#[cfg(feature = "ssr")]
fn answer_with(status: u16) {
    if let (Some(response), Ok(status)) =
        (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
}

#[cfg(not(feature = "ssr"))]
fn answer_with(_status: u16) {}
