use axum::{
    Form,
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect, Response},
};
use domain::Services;
use serde::Deserialize;

use super::forwarding::local;

#[derive(Deserialize)]
pub struct Choice {
    theme: String,
    next: Option<String>,
}

/// Keeps the theme in a cookie, so that the server renders it without a flash.
pub async fn choose(State(services): State<Services>, Form(choice): Form<Choice>) -> Response {
    let theme = match choice.theme.as_str() {
        "light" => "light",
        "dark" => "dark",
        _ => "system",
    };
    let secure = if services.public_url().starts_with("https:") { "; Secure" } else { "" };
    let cookie = format!("theme={theme}; Path=/; SameSite=Lax; HttpOnly; Max-Age=31536000{secure}");
    (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(local(choice.next.as_deref()))).into_response()
}
