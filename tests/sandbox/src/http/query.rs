//! The Query protocol of STS and IAM.

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::parameters::Parameters;
use super::{iam_actions, sts_actions};
use crate::arn::is_account;
use crate::entropy::request_id;
use crate::fault::Fault;
use crate::sandbox::Sandbox;
use crate::xml::Answer;

const STS: (&str, &str) = ("2011-06-15", "https://sts.amazonaws.com/doc/2011-06-15/");
const IAM: (&str, &str) = ("2010-05-08", "https://iam.amazonaws.com/doc/2010-05-08/");

/// `POST /`: the version of the API tells the two services apart.
pub(crate) async fn query(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let parameters = Parameters(form);
    let key = access_key(&headers);
    let action = parameters.get("Action").unwrap_or_default();
    let version = parameters.get("Version").unwrap_or_default();
    let (namespace, result) = if version == IAM.0 {
        let account = key.filter(|key| is_account(key)).unwrap_or(&sandbox.options.account);
        (IAM.1, iam_actions::run(&sandbox.iam().in_account(account), action, &parameters))
    } else if version == STS.0 {
        (STS.1, sts_actions::run(&sandbox, action, key, &parameters).await)
    } else {
        (STS.1, Err(unknown(action, version)))
    };
    let id = request_id();
    let (status, body) = match result {
        Ok(answer) => (200, answer.response(action, namespace, &id)),
        Err(fault) => {
            let kind = if fault.status < 500 { "Sender" } else { "Receiver" };
            (fault.status, Answer::error(kind, fault.code, &fault.message, namespace, &id))
        }
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE.as_str(), "text/xml"), ("x-amzn-requestid", &id)], body).into_response()
}

/// `InvalidAction`, as both services answer to what they do not have.
pub(super) fn unknown(action: &str, version: &str) -> Fault {
    let message = format!("Could not find operation {action} for version {version}");
    Fault::new(400, "InvalidAction", message)
}

/// The access key of a signed request. The signature itself is not judged: secrets of accounts are not kept here.
fn access_key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.split_once("Credential=")?.1.split('/').next()
}
