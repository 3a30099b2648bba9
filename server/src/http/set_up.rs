use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{Error, FirstAdministrator, Services};
use model::FieldError;
use serde::Deserialize;

use super::{client::Client, forwarding::component, pages};

#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
pub struct Draft {
    #[serde(default)]
    username: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    password_again: String,
}

fn action(token: &str) -> String {
    format!("/setup?token={}", component(token))
}

fn used_up(client: &Client) -> Response {
    pages::message(
        client,
        StatusCode::GONE,
        "This set-up link is not valid",
        &[
            "It was used already, or the server has been started again since. While there is no administrator, the server prints a new link each time it starts.",
        ],
    )
}

/// The form for the first administrator, behind the one-time link.
pub async fn form(State(services): State<Services>, client: Client, Query(link): Query<Link>) -> Response {
    if !services.set_up_token_fits(&link.token) {
        return used_up(&client);
    }
    Html(pages::set_up(&client, action(&link.token), Vec::new(), [String::new(), String::new(), String::new()]))
        .into_response()
}

/// Makes the first administrator.
pub async fn submit(
    State(services): State<Services>,
    client: Client,
    Query(link): Query<Link>,
    Form(draft): Form<Draft>,
) -> Response {
    if !services.set_up_token_fits(&link.token) {
        return used_up(&client);
    }
    let typed = [draft.username.clone(), draft.name.clone(), draft.email.clone()];
    let again = |errors: Vec<FieldError>| {
        let html = pages::set_up(&client, action(&link.token), errors, typed.clone());
        (StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response()
    };
    if draft.password != draft.password_again {
        return again(vec![FieldError::new("password_again", "the two passwords differ")]);
    }
    let Draft { username, name, email, password, .. } = draft;
    let first = FirstAdministrator { username: username.trim().to_owned(), name, email, password };
    match services.set_up(&link.token, first, &client.origin).await {
        Ok(()) => Redirect::to("/login?next=/admin").into_response(),
        Err(Error::Invalid(errors)) => again(errors),
        Err(error) => pages::error(&client, &error),
    }
}
