use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use domain::{Error, MappingFailure, PendingLogout, StatusAnswer};
use model::{AccessTrace, FieldError, Verdict, VerdictStatus};

use super::client::Client;

/// The sign-in form.
pub fn sign_in(client: &Client, page: app::pages::SignInPage) -> String {
    app::pages::sign_in(app::pages::SignInPage { theme: client.theme.clone(), ..page })
}

/// Where a logout stands that a service provider keeps from its end.
pub fn unfinished_logout(client: &Client, pending: PendingLogout, signed_in: bool) -> Response {
    let PendingLogout { ended, failed, unanswered, waiting, left, asked, seconds, whose } = pending;
    let page = app::pages::UnfinishedLogoutPage {
        ended,
        failed,
        unanswered,
        waiting,
        left,
        asked,
        minutes: (seconds + 59) / 60,
        signed_in,
        whose,
        theme: client.theme.clone(),
    };
    Html(app::pages::unfinished_logout(page)).into_response()
}

/// For somebody who came by a link and is signed in: a press of a button signs out, a link does not.
pub fn sign_out(client: &Client) -> Response {
    Html(app::pages::sign_out(&client.theme)).into_response()
}

/// The form for the first administrator. `typed`: username, name, email.
pub fn set_up(client: &Client, action: String, errors: Vec<FieldError>, typed: [String; 3]) -> String {
    let [username, name, email] = typed;
    app::pages::set_up(app::pages::SetUpPage { action, errors, username, name, email, theme: client.theme.clone() })
}

/// The page that posts a response to the service provider.
pub fn post_form(client: &Client, action_url: String, saml_response: String, relay_state: Option<String>) -> String {
    app::pages::post_form(app::pages::PostForm {
        heading: "Signing you in",
        action_url,
        parameter: "SAMLResponse",
        message: saml_response,
        relay_state,
        theme: client.theme.clone(),
        nonce: client.nonce.clone(),
    })
}

/// Goes on to another address by itself, or by a link.
pub fn onward(client: &Client, url: String) -> String {
    app::pages::onward(app::pages::OnwardPage { url, theme: client.theme.clone() })
}

/// The page that posts a logout message to the service provider.
pub fn logout_form(
    client: &Client,
    action_url: String,
    parameter: &'static str,
    message: String,
    relay_state: Option<String>,
) -> String {
    app::pages::post_form(app::pages::PostForm {
        heading: "Signing you out",
        action_url,
        parameter,
        message,
        relay_state,
        theme: client.theme.clone(),
        nonce: client.nonce.clone(),
    })
}

/// The end of a logout that went further than this server.
pub fn signed_out(client: &Client, ended: &[String], failed: &[String], unanswered: &[String]) -> Response {
    let mut lines = vec!["You are signed out here.".to_owned()];
    if !ended.is_empty() {
        lines.push(format!("You are signed out of: {}.", ended.join(", ")));
    }
    if !failed.is_empty() {
        lines.push(format!(
            "These did not say that you are signed out of them: {}. Close the browser to be sure.",
            failed.join(", ")
        ));
    }
    if !unanswered.is_empty() {
        lines.push(format!(
            "These did not answer, and you may still be signed in there: {}. Sign out there, or close the browser to be sure.",
            unanswered.join(", ")
        ));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let heading =
        if failed.is_empty() && unanswered.is_empty() { "Signed out" } else { "Signed out, but not everywhere" };
    message(client, StatusCode::OK, heading, &lines)
}

/// The end of a logout that an administrator began of somebody else.
pub fn signed_somebody_out(
    client: &Client,
    username: &str,
    ended: &[String],
    failed: &[String],
    unanswered: &[String],
) -> Response {
    let mut lines = vec![format!("{username} is signed out here, in every browser.")];
    for (names, what) in [
        (ended, "These have ended the sessions that they had"),
        (failed, "These did not say that they have ended them"),
        (unanswered, "These did not answer, and may still have a session"),
    ] {
        if !names.is_empty() {
            lines.push(format!("{what}: {}.", names.join(", ")));
        }
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let all = failed.is_empty() && unanswered.is_empty();
    let heading = format!("{username} is signed out{}", if all { "" } else { ", but not everywhere" });
    message(client, StatusCode::OK, &heading, &lines)
}

/// The button that tells the service provider why there is no assertion.
fn back(answer: StatusAnswer) -> app::pages::Back {
    let StatusAnswer { acs_url: action_url, saml_response, relay_state } = answer;
    app::pages::Back { action_url, saml_response, relay_state }
}

/// A person may not open an application; the trace is for those who may read everything.
pub fn denied(client: &Client, application: &str, trace: Option<AccessTrace>, answer: Option<StatusAnswer>) -> String {
    app::pages::message(app::pages::MessagePage {
        heading: format!("You may not open {application}"),
        paragraphs: vec!["If you need it, ask the administrators of this sign-in service to give you access. Your attempt was written down, so they can see it.".to_owned()],
        trace,
        back: answer.map(back),
        theme: client.theme.clone(),
        ..Default::default()
    })
}

/// Somebody wants a role of AWS that the application does not offer to them.
pub fn not_offered(client: &Client, application: &str, role: &str) -> Response {
    let what = format!("{application} does not offer you the role `{role}`, so nothing was sent on.");
    let then = "Choose one of the roles that your applications show. If you need this one, ask the administrators of this sign-in service to give it to you. Your attempt was written down, so they can see it.";
    message(client, StatusCode::FORBIDDEN, "You may not take this role", &[&what, then])
}

/// AWS would refuse the response, or a mapping that it needs failed: the person sees which, an administrator sees why. Where
/// the service is not AWS there are no verdicts.
pub fn withheld(
    client: &Client,
    application: &str,
    failures: &[MappingFailure],
    verdicts: Vec<Verdict>,
    privileged: bool,
    answer: Option<StatusAnswer>,
) -> String {
    let why = if verdicts.is_empty() {
        format!("Nothing was sent to {application}, because what it has to be told could not be made.")
    } else {
        "Nothing was sent to AWS, because AWS would refuse it.".to_owned()
    };
    let mut paragraphs = vec![format!("{why} Show this page to the administrators of this sign-in service.")];
    let needed = failures.iter().filter(|f| f.needed);
    paragraphs.extend(needed.map(|f| {
        let why = if privileged { format!(": {}", f.message) } else { String::new() };
        format!("The property mapping `{}` failed{why}", f.mapping)
    }));
    let verdicts = verdicts.into_iter().filter(|v| privileged || v.status == VerdictStatus::Failed).collect();
    app::pages::message(app::pages::MessagePage {
        heading: format!("{application} cannot sign you in"),
        paragraphs,
        verdicts,
        back: answer.map(back),
        theme: client.theme.clone(),
        ..Default::default()
    })
}

pub fn message(client: &Client, status: StatusCode, heading: &str, paragraphs: &[&str]) -> Response {
    let html = app::pages::message(app::pages::MessagePage {
        heading: heading.to_owned(),
        paragraphs: paragraphs.iter().map(|p| (*p).to_owned()).collect(),
        theme: client.theme.clone(),
        ..Default::default()
    });
    (status, Html(html)).into_response()
}

/// A failure as a page: what, where, what to do. The cause of an inner failure stays in the log.
pub fn error(client: &Client, error: &Error) -> Response {
    match error {
        Error::NotFound { kind, key } => message(
            client,
            StatusCode::NOT_FOUND,
            "There is nothing here",
            &[&format!("There is no {kind} `{key}`. The address may be mistyped, or it was removed.")],
        ),
        Error::Invalid(faults) => {
            let lines: Vec<String> = faults.iter().map(|f| format!("{}: {}", f.field, f.message)).collect();
            let mut paragraphs = vec!["The request was refused and nothing was sent on."];
            paragraphs.extend(lines.iter().map(String::as_str));
            message(client, StatusCode::BAD_REQUEST, "This request cannot be answered", &paragraphs)
        }
        Error::Conflict(why) => message(client, StatusCode::CONFLICT, "This cannot be done now", &[why]),
        Error::Refused(role) => message(
            client,
            StatusCode::FORBIDDEN,
            "This page is not for you",
            &[&format!("It needs the role of {role}.")],
        ),
        Error::Unauthenticated => {
            message(client, StatusCode::UNAUTHORIZED, "Sign in first", &["Go to the sign-in page and come back."])
        }
        Error::TooMany { seconds } => message(
            client,
            StatusCode::TOO_MANY_REQUESTS,
            "Too many attempts",
            &[&format!("Try again in {seconds} seconds.")],
        ),
        Error::Unavailable(_) | Error::Internal(_) => {
            let reference = reference();
            tracing::error!(%error, reference, "a request failed");
            message(
                client,
                if matches!(error, Error::Unavailable(_)) {
                    StatusCode::SERVICE_UNAVAILABLE
                } else {
                    StatusCode::INTERNAL_SERVER_ERROR
                },
                "Something went wrong here",
                &[
                    "Nothing was changed. Try again; if it stays like this, tell the administrators this reference:",
                    &reference,
                ],
            )
        }
    }
}

/// Connects what a person sees with a line of the log.
fn reference() -> String {
    let mut bytes = [0u8; 6];
    domain::port::Entropy::fill(&crate::system::SystemEntropy, &mut bytes);
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
