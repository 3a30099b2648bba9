use domain::Error;
use leptos::prelude::*;

use super::{
    frame::{found, framed},
    words::{NAMES, policy_path},
};
use crate::{
    applications::application_path,
    drawn::{Asked, Drawing},
    events::history_of,
    ui::plain::{fact, python},
};

/// One policy.
pub async fn detail(asked: &Asked) -> Result<Drawing, Error> {
    let detail = found(asked).await?;
    let used_by = if detail.used_by.is_empty() {
        "no application".into_any()
    } else {
        let lines =
            detail.used_by.iter().map(|slug| view! { <li><a href=application_path(slug)>{slug.clone()}</a></li> });
        view! { <ul class="plain">{lines.collect_view()}</ul> }.into_any()
    };
    let body = view! {
        <dl class="facts">{fact("Used by", used_by)}</dl>
        {python("expression", &detail.policy.expression, NAMES)}
    };
    Ok(framed(asked, &detail.policy.name, "", "", 200, body.into_any()))
}

/// What happened to a policy.
pub async fn history(asked: &Asked) -> Result<Drawing, Error> {
    let name = found(asked).await?.policy.name;
    let body = history_of(asked, &format!("{}/history", policy_path(&name)), format!("policy {name}")).await?;
    Ok(framed(asked, &name, "/history", "History", 200, body))
}
