use axum::{
    extract::{Path, RawForm, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use domain::{Carrier, LogoutStep, Services};

use super::{
    client::Client,
    pages,
    posted::Posted,
    saml::{origin_of, refuse},
    security_headers::FormTarget,
    sign_out,
};

/// A logout message by HTTP-Redirect (SAML bindings §3.4).
pub async fn redirect(
    State(services): State<Services>,
    client: Client,
    Path(slug): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    receive(&services, &client, &slug, Carrier::Redirect { query: &query }).await
}

/// A logout message by HTTP-POST (SAML bindings §3.5).
pub async fn post(
    State(services): State<Services>,
    client: Client,
    Path(slug): Path<String>,
    RawForm(body): RawForm,
) -> Response {
    let form = match Posted::of(&body) {
        Ok(form) => form,
        Err(error) => return refuse(&services, &client, &slug, error).await,
    };
    let (parameter, field) = match (&form.saml_request, &form.saml_response) {
        (Some(request), None) => ("SAMLRequest", request.as_str()),
        (None, Some(response)) => ("SAMLResponse", response.as_str()),
        // Both or neither: read as a request that is nothing, which is refused with its reason.
        _ => ("SAMLRequest", ""),
    };
    let carrier = Carrier::Post { parameter, field, relay_state: form.relay_state.as_deref() };
    receive(&services, &client, &slug, carrier).await
}

async fn receive(services: &Services, client: &Client, slug: &str, carrier: Carrier<'_>) -> Response {
    let logout = match services.receive_logout(slug, carrier, &client.origin.address).await {
        Ok(logout) => logout,
        Err(error) => return pages::error(client, &error),
    };
    let answer = match logout.step {
        LogoutStep::Redirect(url) => Redirect::to(&url).into_response(),
        step => page(client, step),
    };
    match sign_out::cookie(services, client, logout.pass).await {
        Some(cookie) => sign_out::with_cookie(answer, &cookie),
        None => answer,
    }
}

/// The step as a page. A redirect becomes a page that goes on by itself: where a form of ours led here, the browser
/// would hold a plain redirect against the policy for forms.
pub fn page(client: &Client, step: LogoutStep) -> Response {
    match step {
        LogoutStep::Redirect(url) => Html(pages::onward(client, url)).into_response(),
        LogoutStep::Post { url, parameter, message, relay_state } => {
            let target = FormTarget(origin_of(&url));
            let mut response = Html(pages::logout_form(client, url, parameter, message, relay_state)).into_response();
            response.extensions_mut().insert(target);
            response
        }
        LogoutStep::Standing => Redirect::to(sign_out::PATH).into_response(),
        LogoutStep::Done { ended, failed, unanswered, whose: None } => {
            pages::signed_out(client, &ended, &failed, &unanswered)
        }
        LogoutStep::Done { ended, failed, unanswered, whose: Some(username) } => {
            pages::signed_somebody_out(client, &username, &ended, &failed, &unanswered)
        }
    }
}
