use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{Caller, Error, Services};
use serde::Deserialize;

use super::{
    client::Client,
    forwarding::{component, login},
    pages, problem,
};

/// A pair made elsewhere, both halves in PEM.
#[derive(Deserialize)]
pub struct Pair {
    #[serde(default)]
    name: String,
    #[serde(default)]
    certificate: String,
    #[serde(default)]
    private_key: String,
}

/// Takes a pair from a form: the page's own script asks for JSON, a browser without scripts for a page.
pub async fn import(
    State(services): State<Services>,
    client: Client,
    headers: HeaderMap,
    Form(pair): Form<Pair>,
) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let script = accepts.starts_with("application/json");
    let name = pair.name.trim();
    let path = format!("/admin/keys/{}", component(name));
    match take(&services, &client, name, &pair).await {
        Ok(()) if script => (StatusCode::CREATED, [(header::LOCATION, path)]).into_response(),
        Ok(()) => Redirect::to(&path).into_response(),
        Err(error) if script => problem::answer(error),
        Err(Error::Unauthenticated) => Redirect::to(&login("/admin/keys/-/import")).into_response(),
        Err(error) => pages::error(&client, &error),
    }
}

async fn take(services: &Services, client: &Client, name: &str, pair: &Pair) -> Result<(), Error> {
    caller(services, client).await?.admin()?.import_key(name, &pair.certificate, &pair.private_key).await
}

/// The public half, to be given to a service provider.
pub async fn certificate(State(services): State<Services>, client: Client, Path(name): Path<String>) -> Response {
    let found = async { caller(&services, &client).await?.auditor()?.key(&name).await };
    match found.await {
        Ok(detail) => {
            let file = format!("attachment; filename=\"{}.pem\"", plain(&name));
            let headers =
                [(header::CONTENT_TYPE, "application/x-pem-file".to_owned()), (header::CONTENT_DISPOSITION, file)];
            (headers, detail.key.certificate).into_response()
        }
        Err(Error::Unauthenticated) => {
            Redirect::to(&login(&format!("/admin/keys/{}", component(&name)))).into_response()
        }
        Err(error) => pages::error(&client, &error),
    }
}

async fn caller(services: &Services, client: &Client) -> Result<Caller, Error> {
    client.caller(services).await?.ok_or(Error::Unauthenticated)
}

/// A name as a file name: nothing that could end the header or leave a folder.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect()
}
