//! AWS's sign-in page.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use quick_xml::escape::escape;

use super::page::{facts, page};
use super::parameters::Parameters;
use crate::entropy::request_id;
use crate::fault::Fault;
use crate::instant::instant;
use crate::partition::Partition;
use crate::saml::{Message, Pair};
use crate::sandbox::Sandbox;
use crate::sts::{Door, Session, verified};

/// `POST /saml`
pub(crate) async fn sign_in(State(sandbox): State<Sandbox>, Form(form): Form<Vec<(String, String)>>) -> Response {
    answer(&sandbox, &Parameters(form), None).await
}

/// `POST /saml/acs/{provider}`: the consumer service of one provider.
pub(crate) async fn sign_in_at(
    State(sandbox): State<Sandbox>,
    Path(provider): Path<String>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    answer(&sandbox, &Parameters(form), Some(&provider)).await
}

async fn answer(sandbox: &Sandbox, form: &Parameters, uuid: Option<&str>) -> Response {
    match page_for(sandbox, form, uuid).await {
        Ok(response) => response,
        Err(fault) => refusal(&fault),
    }
}

async fn page_for(sandbox: &Sandbox, form: &Parameters, uuid: Option<&str>) -> Result<Response, Fault> {
    let field = form.get("SAMLResponse").ok_or_else(Fault::invalid_response)?;
    let mut message = Message::decode(field)?;
    if message.is_encrypted() {
        // Only at its own consumer service is it known which provider can open it.
        let provider = uuid.and_then(|uuid| sandbox.iam().provider_at(uuid)).ok_or_else(Fault::invalid_response)?;
        message = provider.open(message)?;
    }
    let pairs = message.pairs()?;
    let chosen = match (form.get("roleIndex"), pairs.as_slice()) {
        (Some(role), _) => Some(pairs.iter().find(|p| p.role.as_str() == role).ok_or_else(Fault::pair)?),
        (None, [one]) => Some(one),
        (None, _) => None,
    };
    // Before a choice, the first pair names the provider that vouches for the page.
    let first = chosen.or(pairs.first()).ok_or_else(Fault::invalid_response)?;
    let iam = sandbox.iam().in_partition(first.provider.partition).in_account(&first.provider.account);
    let provider = iam.provider(first.provider.as_str()).map_err(|_| Fault::provider())?;
    if uuid.is_some_and(|uuid| uuid != provider.uuid) {
        return Err(Fault::provider());
    }
    if provider.insists_on_own_service() && !message.is_encrypted() {
        return Err(Fault::invalid_response());
    }
    let relay_state = form.get("RelayState").unwrap_or_default();
    if let Some(pair) = chosen {
        let session = sandbox.assume(&message, pair, Door::Console).await?;
        return Ok(console(&session, pair.role.partition, relay_state));
    }
    let claims = verified(&message, &provider, &sandbox.endpoints, (sandbox.options.now)()).await?;
    let action = uuid.map_or_else(|| "/saml".to_owned(), |uuid| format!("/saml/acs/{uuid}"));
    Ok(choice(&claims.pairs, &action, field, relay_state))
}

/// The role-selection page. Tools scrape it: `fieldset > div.saml-account`, `div.saml-account-name`, and a `label` for each
/// role whose `for` is the ARN.
fn choice(pairs: &[Pair], action: &str, response: &str, relay_state: &str) -> Response {
    let mut accounts: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
    for pair in pairs {
        accounts.entry(&pair.role.account).or_default().insert(pair.role.as_str(), &pair.role.name);
    }
    let mut body = format!(
        "<form action=\"{}\" method=\"post\">\n\
         <input type=\"hidden\" name=\"SAMLResponse\" value=\"{}\">\n<input type=\"hidden\" name=\"RelayState\" value=\"{}\">\n\
         <fieldset>\n<legend>Roles</legend>\n",
        escape(action),
        escape(response),
        escape(relay_state)
    );
    for (account, roles) in accounts {
        body.push_str(&format!(
            "<div class=\"saml-account\">\n<div class=\"saml-account-name\">Account: {account}</div>\n"
        ));
        for (arn, name) in roles {
            let (arn, name) = (escape(arn), escape(name));
            body.push_str(&format!(
                "<div class=\"saml-role\"><input type=\"radio\" name=\"roleIndex\" value=\"{arn}\" id=\"{arn}\" required>\
                 <label for=\"{arn}\">{name}</label></div>\n"
            ));
        }
        body.push_str("</div>\n");
    }
    body.push_str("</fieldset>\n<button type=\"submit\">Sign in</button>\n</form>\n");
    page("Select a role", &body).into_response()
}

fn console(session: &Session, partition: Partition, relay_state: &str) -> Response {
    let home = format!("https://{}/console/home", partition.console());
    let landing = if is_console(relay_state, partition) { relay_state } else { &home };
    let mut rows = vec![
        ("Account", session.account.clone()),
        ("Role", session.role_name.clone()),
        ("Session name", session.session_name.clone()),
        ("Signed in as", session.assumed_role_arn.clone()),
        ("Session ends", instant(session.credentials.expiration)),
        ("Landing page", landing.into()),
    ];
    rows.extend(session.source_identity.clone().map(|identity| ("Source identity", identity)));
    let mut body = facts(&rows);
    if !session.tags.is_empty() {
        let tags: Vec<_> = session.tags.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
        body.push_str(&format!("<h2>Session tags</h2>\n{}", facts(&tags)));
    }
    page("Console", &body).into_response()
}

/// Whether a relay state is an https address of the partition's console, where AWS would send the person.
fn is_console(url: &str, partition: Partition) -> bool {
    let Some(rest) = url.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let before = host.strip_suffix(partition.console());
    host.chars().all(legal) && before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn refusal(fault: &Fault) -> Response {
    let (service, code) = fault.console;
    let body = format!(
        "<p class=\"message\">{}</p>\n<p class=\"detail\">(Service: {service}; Status Code: {}; Error Code: {code}; Request ID: \
         {})</p>\n",
        escape(fault.message.as_str()),
        fault.status,
        request_id()
    );
    let status = StatusCode::from_u16(fault.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, page("Your request could not be completed", &body)).into_response()
}
