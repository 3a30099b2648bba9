use leptos::prelude::*;
use model::{ProviderDetail, ResponseReport};

use super::{
    api::{judge_response, read_provider, test_sign_on},
    detail::name,
    report::report,
    words::provider_path,
};
use crate::{
    error::AppError,
    session::visitor,
    ui::{
        Choice, Empty, ErrorSummary, Failure, Heading, Refusals, SelectField, Skeleton, TextArea, TextField, focus,
        retry, waiting,
    },
};

/// A service provider of our own, which receives a response and judges it.
#[component]
pub fn TestPage() -> impl IntoView {
    let name = name();
    let detail = Resource::new(move || name.get(), read_provider);
    let forms = move || {
        Suspend::new(async move {
            match detail.await {
                Ok(found) => view! { <Forms found /> }.into_any(),
                Err(error) => view! { <Failure error retry=retry(detail) /> }.into_any(),
            }
        })
    };
    view! {
        <p><a href=move || provider_path(&name.get())>"Back to the SAML provider"</a></p>
        <Heading title=Signal::derive(move || format!("Test {}", name.get())) />
        <p class="help">"A service provider by the book receives the response here, with the certificates of the metadata and nothing else, and says of each rule whether it holds. Where assertions are encrypted, it has a key of its own, made for the test and used in the place of the service's. Nothing is sent to the service."</p>
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{forms}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators test responses: they hold what people's assertions say." /> })}
    }
}

/// What is received.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wanted {
    Made { slug: String, username: String },
    Pasted(String),
}

#[component]
fn Forms(found: ProviderDetail) -> impl IntoView {
    let refusals = Refusals::default();
    let name = found.provider.name.clone();
    let testing = Action::new(move |wanted: &Wanted| {
        let (name, wanted) = (name.clone(), wanted.clone());
        async move {
            match wanted {
                Wanted::Made { slug, username } => test_sign_on(name, slug, username).await,
                Wanted::Pasted(text) => judge_response(name, text).await,
            }
        }
    });
    let answer: Signal<Option<Result<ResponseReport, AppError>>> = Signal::derive(move || testing.value().get());
    Effect::new(move |_| {
        if let Some(Err(error)) = answer.get() {
            refusals.set(error.0);
            focus("form-problems");
        }
    });
    let first = found.used_by.first().cloned().unwrap_or_default();
    let (slug, username, pasted) = (RwSignal::new(first), RwSignal::new(own_name()), RwSignal::new(String::new()));
    let make = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if testing.pending().get_untracked() {
            return;
        }
        refusals.clear();
        testing.dispatch(Wanted::Made {
            slug: slug.get_untracked(),
            username: username.get_untracked().trim().to_owned(),
        });
    };
    let paste = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if testing.pending().get_untracked() {
            return;
        }
        refusals.clear();
        testing.dispatch(Wanted::Pasted(pasted.get_untracked()));
    };
    let choices: Vec<Choice> = found.used_by.iter().map(|slug| (slug.clone(), slug.clone())).collect();
    let set = |signal: RwSignal<String>| Callback::new(move |text| signal.set(text));
    let made = if choices.is_empty() {
        view! { <p class="notice">"No application uses this provider yet, so nobody can sign on through it."</p> }
            .into_any()
    } else {
        view! {
            <form class="form" on:submit=make novalidate>
                <fieldset>
                    <legend>"Make a response"</legend>
                    <SelectField id="application" label="Application" value=slug choices on_change=set(slug) error=refusals.error("application") />
                    <TextField id="username" label="User" value=username on_input=set(username) error=refusals.error("username") help="Whose response is made, by the code of sign-on." />
                </fieldset>
                <div class="save-bar"><button type="submit" class="primary" aria-disabled=waiting(testing.pending().into())>"Make and judge it"</button></div>
            </form>
        }
        .into_any()
    };
    let shown = move || answer.get().and_then(Result::ok).map(report);
    view! {
        <div id="form-problems" tabindex="-1"><ErrorSummary problems=refusals.problems() /></div>
        {made}
        <details>
            <summary>"Judge a response that you have"</summary>
            <form class="form" on:submit=paste novalidate>
                <TextArea id="saml_response" label="SAMLResponse" rows=6 code=true value=pasted on_input=set(pasted) error=refusals.error("saml_response") help="The value of the form field, base64, such as a browser's network tools show it. It is judged as of now and not kept. An encrypted assertion stays closed: only the service has the key." />
                <button type="submit" aria-disabled=waiting(testing.pending().into())>"Judge it"</button>
            </form>
        </details>
        <div role="status">{shown}</div>
    }
}

fn own_name() -> String {
    visitor().who.map(|who| who.username).unwrap_or_default()
}
