use axum::{
    Form,
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use domain::Services;
use serde::Deserialize;

use super::forwarding::local;

/// What a person chose of how pages look and behave in this browser: the theme, or whether single keys are shortcuts.
#[derive(Deserialize)]
pub struct Choice {
    theme: Option<String>,
    single: Option<String>,
    next: Option<String>,
}

/// Keeps the choice in a cookie, so that the server renders it without a flash.
pub async fn choose(State(services): State<Services>, Form(choice): Form<Choice>) -> Response {
    let chosen = match (choice.theme.as_deref(), choice.single.as_deref()) {
        (_, Some("off")) => "single_keys=off",
        (_, Some(_)) => "single_keys=on",
        (Some("light"), _) => "theme=light",
        (Some("dark"), _) => "theme=dark",
        _ => "theme=system",
    };
    let secure = if services.public_url().starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!("{chosen}; Path=/; SameSite=Lax; HttpOnly; Max-Age=31536000{secure}");
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(local(choice.next.as_deref()))).into_response()
}
