use axum::{
    Form,
    extract::{Query, State},
    http::{StatusCode, header},
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
};
use domain::{Error, LogoutStep, Services};
use serde::Deserialize;

use super::{
    client::{Client, session_cookie},
    forwarding::{component, local},
    pages, slo,
};

#[derive(Deserialize)]
pub struct Continue {
    next: Option<String>,
    /// Somebody who is signed in must prove it anew.
    again: Option<String>,
}

#[derive(Deserialize)]
pub struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

/// What is being continued rides in the address that the form posts to, as programs that fill in forms expect.
fn action(next: &str) -> String {
    if next == "/" { "/login".to_owned() } else { format!("/login?next={}", component(next)) }
}

/// The sign-in form; who is signed in already goes straight on.
pub async fn form(State(services): State<Services>, client: Client, Query(query): Query<Continue>) -> Response {
    let next = local(query.next.as_deref());
    match client.caller(&services).await {
        Ok(Some(_)) if query.again.is_none() => Redirect::to(next).into_response(),
        Ok(_) => Html(pages::sign_in(&client, action(next), None, String::new())).into_response(),
        Err(error) => pages::error(&client, &error),
    }
}

/// Checks the password and goes on to where the visitor wanted to.
pub async fn submit(
    State(services): State<Services>,
    client: Client,
    Query(query): Query<Continue>,
    Form(given): Form<Credentials>,
) -> Response {
    let next = local(query.next.as_deref());
    match services.sign_in(&given.username, &given.password, client.session.as_deref(), &client.origin).await {
        Ok(id) => {
            let cookie = session_cookie(services.public_url(), Some(&id));
            (AppendHeaders([(header::SET_COOKIE, cookie)]), Redirect::to(next)).into_response()
        }
        Err(error) => {
            let (status, message) = match error {
                Error::Unauthenticated => {
                    (StatusCode::UNAUTHORIZED, "That user name and password do not fit together.".to_owned())
                }
                Error::TooMany { seconds } => {
                    (StatusCode::TOO_MANY_REQUESTS, format!("Too many attempts. Try again in {seconds} seconds."))
                }
                other => return pages::error(&client, &other),
            };
            (status, Html(pages::sign_in(&client, action(next), Some(message), given.username))).into_response()
        }
    }
}

/// Ends the session and takes the cookie away.
pub async fn logout(State(services): State<Services>, client: Client) -> Response {
    let ended = match client.caller(&services).await {
        Ok(Some(caller)) => caller.log_out().await.map(Some),
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    let answer = match ended {
        // Nobody else knew of the session.
        Ok(None) => Redirect::to("/login").into_response(),
        Ok(Some(LogoutStep::Done { ended, failed })) if ended.is_empty() && failed.is_empty() => {
            Redirect::to("/login").into_response()
        }
        Ok(Some(step)) => slo::page(&client, step),
        Err(error) => return pages::error(&client, &error),
    };
    (AppendHeaders([(header::SET_COOKIE, session_cookie(services.public_url(), None))]), answer).into_response()
}
