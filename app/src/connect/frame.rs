use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet},
    hooks::use_params_map,
};

use super::{
    state::{Connection, ConnectionContext, load},
    words::{CONNECT, Step, step_path},
};
use crate::{
    session::visitor,
    ui::{Empty, Failure, Heading, Icon, Shape, Skeleton, retry},
};

/// The SAML provider in the address.
fn provider() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get("provider").unwrap_or_default()))
}

/// The steps of connecting one SAML provider, with those marked that are done.
#[component]
pub fn ConnectFrame() -> impl IntoView {
    let provider = provider();
    let connection = Resource::new(move || provider.get(), load);
    provide_context(ConnectionContext(connection));
    let steps = move || {
        Suspend::new(async move {
            let connection = connection.await.ok();
            let name = provider.get_untracked();
            let line = |step: Step| {
                let done = connection.as_ref().is_some_and(|connection| connection.done(step));
                let mark = done.then(|| {
                    view! { <span class="done"><Icon shape=Shape::Check /><span class="unseen">"done: "</span></span> }
                });
                view! { <li><A href=step_path(&name, step) exact=true>{mark}{step.title()}</A></li> }
            };
            view! { <ol>{Step::ALL.map(line).into_iter().collect_view()}</ol> }
        })
    };
    view! {
        <p><a href=CONNECT>"Connect IAM Identity Center"</a>": "<strong>{move || provider.get()}</strong></p>
        <nav class="steps" aria-label="Steps"><Transition fallback=Skeleton>{steps}</Transition></nav>
        <Outlet />
    }
}

/// One step: its heading, and its content once what is stored is known. `content` also gets what reads that again.
#[component]
pub fn StepPage(step: Step, content: fn(Connection, Callback<()>) -> AnyView) -> impl IntoView {
    let ConnectionContext(connection) = expect_context();
    let again = Callback::new(move |()| connection.refetch());
    let body = move || {
        Suspend::new(async move {
            match connection.await {
                Ok(found) => content(found, again),
                Err(error) => view! { <Failure error retry=retry(connection) /> }.into_any(),
            }
        })
    };
    view! {
        <Heading title=step.title() prefix="Connect" />
        {visitor().administers().then(|| view! { <Transition fallback=Skeleton>{body}</Transition> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators connect AWS." /> })}
    }
}

/// The way to the next step.
#[component]
pub fn Onward(
    provider: String,
    step: Step,
    #[prop(default = "Go on")] label: &'static str,
    /// Something else on the page is the usual way on.
    #[prop(optional)]
    aside: bool,
) -> impl IntoView {
    let class = if aside { "button" } else { "button primary" };
    step.next().map(|next| {
        view! {
            <p class="onward"><A href=step_path(&provider, next) attr:class=class>{label}": "{next.title()}</A></p>
        }
    })
}

/// Said by the steps that need an application, where there is none yet.
pub fn application_first(provider: &str) -> AnyView {
    let path = step_path(provider, Step::Application);
    view! {
        <Empty text="First of all this needs an application that people open.">
            <A href=path attr:class="button primary">"Make the application"</A>
        </Empty>
    }
    .into_any()
}
