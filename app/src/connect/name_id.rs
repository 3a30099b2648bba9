use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    api::check_name_id,
    checked::{everybody, result},
    frame::{Onward, StepPage, application_first},
    state::Connection,
    words::Step,
};
use crate::{
    ui::{Failure, Skeleton, retry},
    users::{Chosen, UserPicker},
};

/// Whether AWS would find somebody: what sign-on says of them against what provisioning pushes.
#[component]
pub fn NameIdStep() -> impl IntoView {
    view! { <StepPage step=Step::NameId content=content /> }
}

fn content(connection: Connection, _again: Callback<()>) -> AnyView {
    let provider = connection.provider.provider.name;
    let Some(detail) = connection.application else { return application_first(&provider) };
    let slug = detail.application.slug.to_string();
    view! {
        <p>"Identity Center finds a person by one thing: the NameID of the sign-on must be an email address, and equal to the userName that SCIM pushes, letter for letter. Both are compared at every sign-on too, before anything is sent."</p>
        {everybody(connection.names)}
        <h2>"One person"</h2>
        <p>"Choose somebody and see both; nothing is sent."</p>
        <Check slug />
        <Onward provider step=Step::NameId />
    }
    .into_any()
}

/// Who is checked is in the address, so a check can be shown to others.
#[component]
fn Check(slug: String) -> impl IntoView {
    let params = use_query_map();
    let user = Memo::new(move |_| params.with(|p| p.get("user").unwrap_or_default()));
    let check = Resource::new(
        move || (slug.clone(), user.get()),
        |(slug, user)| async move { if user.is_empty() { Ok(None) } else { check_name_id(slug, user).await.map(Some) } },
    );
    let shown = move || {
        Suspend::new(async move {
            match check.await {
                Ok(check) => check.map(result).into_any(),
                Err(error) => view! { <Failure error retry=retry(check) /> }.into_any(),
            }
        })
    };
    view! {
        <UserPicker chosen=user />
        <Chosen><Transition fallback=Skeleton>{shown}</Transition></Chosen>
    }
}
