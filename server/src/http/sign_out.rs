use axum::{
    Form,
    extract::{State, rejection::FormRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Caller, Error, Logout, LogoutStep, PendingLogout, Services};
use serde::Deserialize;

use super::{
    client::{Client, logout_cookie, session_cookie},
    forwarding, pages, slo,
};

/// Where a logout stands.
pub const PATH: &str = "/logout";
/// Both ways to sign out.
const EVERYWHERE: &str = "/logout/everywhere";

#[derive(Deserialize)]
pub struct GoOn {
    /// The request that the page spoke of.
    #[serde(default)]
    asked: String,
    /// `again`: that one is asked once more. Anything else: the others.
    #[serde(default)]
    what: String,
}

/// The logout that this browser has not finished; `caller`: who is signed in.
pub async fn pending(
    services: &Services,
    client: &Client,
    caller: Option<&Caller>,
) -> Result<Option<PendingLogout>, Error> {
    match &client.logout {
        Some(pass) => services.pending_logout(pass, caller).await,
        None => Ok(None),
    }
}

/// Where the logout of this browser stands and how to go on with it; without one, the way to sign out.
pub async fn show(State(services): State<Services>, client: Client) -> Response {
    let caller = match client.caller(&services).await {
        Ok(caller) => caller,
        Err(error) => return pages::error(&client, &error),
    };
    match (pending(&services, &client, caller.as_ref()).await, caller) {
        (Err(error), _) => pages::error(&client, &error),
        (Ok(Some(pending)), caller) => pages::unfinished_logout(&client, pending, caller.is_some()),
        (Ok(None), Some(_)) => pages::sign_out(&client),
        (Ok(None), None) if client.logout.is_some() => {
            let lines = [
                "You are signed out here.",
                "The time to go on with signing out of other services is over, or it has been done. Close the browser to be sure.",
            ];
            let answer = pages::message(&client, StatusCode::GONE, "There is nothing left to go on with", &lines);
            with_cookie(answer, &logout_cookie(services.public_url(), None))
        }
        (Ok(None), None) => Redirect::to("/login").into_response(),
    }
}

/// Ends the session, takes its cookie away, and goes to the service providers that know of it.
pub async fn submit(State(services): State<Services>, client: Client) -> Response {
    let logout = match client.caller(&services).await {
        Ok(Some(caller)) => caller.log_out(client.logout.as_deref()).await,
        // Signed out already, but perhaps not everywhere.
        Ok(None) if client.logout.is_some() => Ok(LogoutStep::Standing.into()),
        Ok(None) => Ok(LogoutStep::nobody().into()),
        Err(error) => Err(error),
    };
    match logout {
        Ok(logout) => {
            let answer = step(&services, &client, logout).await;
            with_cookie(answer, &session_cookie(services.public_url(), None))
        }
        Err(error) => pages::error(&client, &error),
    }
}

/// The ways to sign out, also where a logout is not finished: that one goes on together with what is chosen here.
pub async fn ways(State(services): State<Services>, client: Client) -> Response {
    match client.caller(&services).await {
        Ok(Some(_)) => pages::sign_out(&client),
        Ok(None) => sign_in_first(),
        Err(error) => pages::error(&client, &error),
    }
}

fn sign_in_first() -> Response {
    Redirect::to(&forwarding::login(forwarding::local(Some(EVERYWHERE)))).into_response()
}

/// Whom to sign out everywhere.
#[derive(Deserialize)]
pub struct Whom {
    /// Empty: whoever asks.
    #[serde(default)]
    username: String,
}

/// Ends every session of a person, here and at the service providers: their own, or, for an administrator, anybody's.
pub async fn everywhere(
    State(services): State<Services>,
    client: Client,
    whom: Result<Form<Whom>, FormRejection>,
) -> Response {
    let caller = match client.caller(&services).await {
        Ok(Some(caller)) => caller,
        Ok(None) => return sign_in_first(),
        Err(error) => return pages::error(&client, &error),
    };
    let Form(whom) = match whom {
        Ok(whom) => whom,
        Err(rejection) => return rejection.into_response(),
    };
    if whom.username.is_empty() || whom.username == caller.signed_in().username {
        return match caller.log_out_everywhere(client.logout.as_deref()).await {
            Ok(logout) => {
                let answer = step(&services, &client, logout).await;
                with_cookie(answer, &session_cookie(services.public_url(), None))
            }
            Err(error) => pages::error(&client, &error),
        };
    }
    let logout = async { caller.admin()?.log_out_user(&whom.username).await };
    match logout.await {
        // No service could be told: the list of sessions says the rest.
        Ok(Logout { step: LogoutStep::Done { .. }, pass: None }) => {
            Redirect::to(&format!("/admin/users/{}/sessions", app::segment(&whom.username))).into_response()
        }
        Ok(logout) => step(&services, &client, logout).await,
        Err(error) => pages::error(&client, &error),
    }
}

/// Goes on with a logout where a service provider did not send the browser back.
pub async fn go_on(State(services): State<Services>, client: Client, Form(given): Form<GoOn>) -> Response {
    let gone_on = async {
        let caller = client.caller(&services).await?;
        let Some(pass) = &client.logout else { return Ok(None) };
        services.continue_logout(pass, caller.as_ref(), &given.asked, given.what == "again").await
    };
    match gone_on.await {
        Ok(Some(next)) => step(&services, &client, next.into()).await,
        // It stands somewhere else than the page said: look anew.
        Ok(None) => Redirect::to(PATH).into_response(),
        Err(error) => pages::error(&client, &error),
    }
}

/// A step that a form of ours led to.
async fn step(services: &Services, client: &Client, logout: Logout) -> Response {
    let cookie = cookie(services, client, logout.pass).await;
    let answer = match logout.step {
        // Nobody else knew of the session.
        LogoutStep::Done { ended, failed, unanswered, .. }
            if [&ended, &failed, &unanswered].iter().all(|l| l.is_empty()) =>
        {
            Redirect::to("/login").into_response()
        }
        step => slo::page(client, step),
    };
    match cookie {
        Some(cookie) => with_cookie(answer, &cookie),
        None => answer,
    }
}

/// The cookie that a step of a logout changes: it is there as long as there is something to go on with.
pub async fn cookie(services: &Services, client: &Client, new: Option<String>) -> Option<String> {
    let pass = new.as_ref().or(client.logout.as_ref())?;
    match services.pending_logout(pass, None).await {
        Ok(Some(_)) => new.map(|pass| logout_cookie(services.public_url(), Some(&pass))),
        Ok(None) => Some(logout_cookie(services.public_url(), None)),
        // What cannot be looked up now may be there later.
        Err(_) => None,
    }
}

/// A cookie beside those that are there.
pub fn with_cookie(mut answer: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}
