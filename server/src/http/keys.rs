use axum::{
    Form,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{BroughtKey, Caller, Error, Services};
use serde::Deserialize;

use super::{
    client::Client,
    forwarding::{component, login},
    pages,
    pkcs12::pkcs12,
    problem,
};

/// A key made elsewhere: both halves in PEM, a certificate alone, or a PKCS#12 file.
#[derive(Deserialize)]
pub struct Brought {
    #[serde(default)]
    name: String,
    #[serde(default)]
    certificate: String,
    #[serde(default)]
    private_key: String,
    /// Base64.
    #[serde(default)]
    pkcs12: String,
    #[serde(default)]
    password: String,
    /// `on`: there is no private half.
    #[serde(default)]
    certificate_only: String,
}

impl Brought {
    fn key(self) -> Result<BroughtKey, Error> {
        if self.pkcs12.trim().is_empty() {
            let Self { certificate, private_key, .. } = self;
            if self.certificate_only.is_empty() {
                return Ok(BroughtKey::Pair { certificate, private_key });
            }
            if private_key.trim().is_empty() {
                return Ok(BroughtKey::Certificate(certificate));
            }
            let why = "a certificate alone has no private key; leave it empty, or import both";
            return Err(Error::invalid("private_key", why));
        }
        if !self.certificate.trim().is_empty() || !self.private_key.trim().is_empty() {
            let why = "a PKCS#12 file holds both halves; leave certificate and private key empty";
            return Err(Error::invalid("pkcs12", why));
        }
        pkcs12(&self.pkcs12, self.password)
    }
}

/// Takes a pair from a form: the page's own script asks for JSON, a browser without scripts for a page.
pub async fn import(
    State(services): State<Services>,
    client: Client,
    headers: HeaderMap,
    Form(brought): Form<Brought>,
) -> Response {
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let script = accepts.starts_with("application/json");
    let name = brought.name.trim().to_owned();
    let path = format!("/admin/keys/{}", component(&name));
    match take(&services, &client, &name, brought).await {
        Ok(()) if script => (StatusCode::CREATED, [(header::LOCATION, path)]).into_response(),
        Ok(()) => Redirect::to(&path).into_response(),
        Err(error) if script => problem::answer(error),
        Err(Error::Unauthenticated) => Redirect::to(&login("/admin/keys/-/import")).into_response(),
        Err(error) => pages::error(&client, &error),
    }
}

async fn take(services: &Services, client: &Client, name: &str, brought: Brought) -> Result<(), Error> {
    let caller = caller(services, client).await?;
    caller.admin()?.import_key(name, brought.key()?).await
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
