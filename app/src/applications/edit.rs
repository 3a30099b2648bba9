use leptos::prelude::*;

use super::{api::read_choices, form::ApplicationForm, frame::DetailContext};
use crate::{
    session::visitor,
    ui::{Empty, Failure, Heading, Skeleton, retry},
};

/// Making an application.
#[component]
pub fn NewApplicationPage() -> impl IntoView {
    let choices = Resource::new(|| (), |()| read_choices());
    let form = move || {
        Suspend::new(async move {
            match choices.await {
                Ok(choices) => {
                    view! { <ApplicationForm existing=None choices saved=Callback::new(|()| ()) /> }.into_any()
                }
                Err(error) => view! { <Failure error retry=retry(choices) /> }.into_any(),
            }
        })
    };
    view! {
        <Heading title="New application" />
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{form}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators make applications." /> })}
    }
}

/// Changing an application.
#[component]
pub fn EditTab() -> impl IntoView {
    let choices = Resource::new(|| (), |()| read_choices());
    let DetailContext(detail) = expect_context();
    let saved = Callback::new(move |()| detail.refetch());
    let form = move || {
        Suspend::new(async move {
            match (detail.await, choices.await) {
                (Ok(existing), Ok(choices)) => {
                    view! { <ApplicationForm existing=Some(existing) choices saved /> }.into_any()
                }
                (Err(error), _) => view! { <Failure error retry=retry(detail) /> }.into_any(),
                (_, Err(error)) => view! { <Failure error retry=retry(choices) /> }.into_any(),
            }
        })
    };
    view! {
        {visitor().administers().then(|| view! { <Suspense fallback=Skeleton>{form}</Suspense> })}
        {(!visitor().administers()).then(|| view! { <Empty text="Only administrators change applications." /> })}
    }
}
