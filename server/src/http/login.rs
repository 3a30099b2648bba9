use app::pages::SignInPage;
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
};
use domain::{Brought, Caller, Error, Services};
use serde::Deserialize;

use super::{
    client::{Client, known, known_cookie, session_cookie},
    forwarding::{component, local},
    pages, sign_out,
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

/// The form as it is at first. A logout that did not come to its end is spoken of; that it cannot be looked up keeps nobody
/// from signing in.
async fn asking(services: &Services, client: &Client, caller: Option<&Caller>, next: &str) -> SignInPage {
    let unfinished = matches!(sign_out::pending(services, client, caller).await, Ok(Some(_)));
    SignInPage { action: action(next), unfinished, ..SignInPage::default() }
}

/// The sign-in form; who is signed in already goes straight on.
pub async fn form(State(services): State<Services>, client: Client, Query(query): Query<Continue>) -> Response {
    let next = local(query.next.as_deref());
    match client.caller(&services).await {
        Ok(Some(_)) if query.again.is_none() => Redirect::to(next).into_response(),
        Ok(caller) => {
            let page = asking(&services, &client, caller.as_ref(), next).await;
            Html(pages::sign_in(&client, page)).into_response()
        }
        Err(error) => pages::error(&client, &error),
    }
}

/// Checks the password and goes on to where the visitor wanted to.
pub async fn submit(
    State(services): State<Services>,
    client: Client,
    Query(query): Query<Continue>,
    headers: HeaderMap,
    Form(given): Form<Credentials>,
) -> Response {
    let next = local(query.next.as_deref());
    let known = known(&headers, services.public_url());
    let brought = Brought { session: client.session.as_deref(), known: known.as_deref() };
    match services.enter(&given.username, &given.password, brought, &client.origin).await {
        Ok(entrance) => {
            let session = session_cookie(services.public_url(), Some(&entrance.session));
            let known = known_cookie(services.public_url(), &entrance.known);
            let cookies = [(header::SET_COOKIE, session), (header::SET_COOKIE, known)];
            (AppendHeaders(cookies), Redirect::to(next)).into_response()
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
            let page = SignInPage {
                error: Some(message),
                username: given.username,
                ..asking(&services, &client, None, next).await
            };
            (status, Html(pages::sign_in(&client, page))).into_response()
        }
    }
}
