use domain::Error;
use leptos::prelude::*;

use super::{
    frame::{found, framed},
    words::{role_word, state_badge},
};
use crate::{
    applications::application_path,
    drawn::{Asked, Drawing},
    groups::group_path,
    ui::plain::{code, copyable, fact},
};

/// All that is known of a user but the password.
pub async fn detail(asked: &Asked) -> Result<Drawing, Error> {
    let detail = found(asked).await?;
    let user = detail.user;
    let standing = asked.caller.auditor()?.user_standing(&user.username).await?;
    let or = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    let kind = if user.service_account { "a service" } else { "a person" };
    let password = if detail.has_password { "set" } else { "none: there is no sign-in by password" };
    let bound = standing.bindings.iter().map(|slug| {
        view! { <li><a href=application_path(slug)>{slug.clone()}</a></li> }
    });
    let bound: Vec<_> = bound.collect();
    let bound = if bound.is_empty() {
        "no application by name".into_any()
    } else {
        view! { <ul class="plain">{bound}</ul> }.into_any()
    };
    let tokens = if standing.tokens.is_empty() { "none".to_owned() } else { standing.tokens.join(", ") };
    let groups = standing.paths.iter().map(|path| way(path));
    let groups: Vec<_> = groups.collect();
    let groups = if groups.is_empty() {
        view! { <p>"A member of no group."</p> }.into_any()
    } else {
        view! { <ul>{groups}</ul> }.into_any()
    };
    let attributes = serde_json::to_string_pretty(&user.attributes).unwrap_or_default();
    let username = user.username.clone();
    let body = view! {
        <dl class="facts">
            {fact("State", state_badge(user.active))}
            {fact("Role", role_word(user.role))}
            {fact("Name", or(&user.name))}
            {fact("Given name", or(&user.given_name))}
            {fact("Family name", or(&user.family_name))}
            {fact("Email", or(&user.email))}
            {fact("Kind", kind)}
            {fact("Password", password)}
            {fact("uid", copyable("uid", &user.uid))}
            {fact("Bindings", bound)}
            {fact("API tokens", tokens)}
            {fact("Sessions", standing.sessions.len().to_string())}
        </dl>
        <h2>"Groups"</h2>
        {groups}
        <h2>"Attributes"</h2>
        {code("attributes", &attributes)}
    };
    Ok(framed(asked, &username, "", "", 200, body.into_any()))
}

/// A group, and for one that is not direct the way to it.
fn way(path: &[String]) -> AnyView {
    let Some(last) = path.last() else { return ().into_any() };
    let link = view! { <a href=group_path(last)>{last.clone()}</a> };
    let through = (path.len() > 1).then(|| {
        let before: Vec<&str> = path.iter().take(path.len() - 1).map(String::as_str).collect();
        format!(" through {}", before.join(" → "))
    });
    view! { <li>{link}<span class="help">{through}</span></li> }.into_any()
}
