use axum::{Json, http::StatusCode};
use domain::{BroughtKey, Error};
use model::{KeyDetail, KeyGeneration, KeyRow, Page};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    bearer::Bearer,
    body::{Body, Created, created},
    given::{Insisting, Listing, Named, Version},
    operation::{
        Least::{Administrator, Auditor},
        Operation,
    },
};
use crate::http::problem::Problem;

/// A pair that is made here, or one that was made elsewhere: `generate`, or `certificate` and `private_key`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewKey {
    name: String,
    #[serde(default)]
    generate: Option<KeyGeneration>,
    /// PEM.
    #[serde(default)]
    certificate: Option<String>,
    /// PEM. It is kept sealed and never shown.
    #[serde(default)]
    private_key: Option<String>,
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/keys", Auditor, list)
            .named("list_keys", "A page of the keys; sort by name or not_after")
            .list()
            .gives::<Page<KeyRow>>(200),
        Operation::post("/keys", Administrator, create)
            .named("create_key", "Generate a key, or take one that was made elsewhere")
            .takes::<NewKey>()
            .gives::<KeyDetail>(201),
        Operation::get("/keys/{name}", Auditor, read)
            .named("read_key", "The public half of a key, and who signs with it")
            .gives::<KeyDetail>(200),
        Operation::put("/keys/{name}/default", Administrator, make_default)
            .named("make_key_default", "Providers that name no key sign with this one from now on")
            .or_anyway(),
        Operation::delete("/keys/{name}", Administrator, delete)
            .named("delete_key", "Delete a key that nobody signs with")
            .at_version(),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<KeyRow>>, Problem> {
    Ok(Json(caller.auditor()?.keys(&query).await?))
}

async fn create(Bearer(caller): Bearer, Body(new): Body<NewKey>) -> Result<Created<KeyDetail>, Problem> {
    let (admin, name) = (caller.admin()?, new.name);
    match (new.generate, new.certificate, new.private_key) {
        (Some(how), None, None) => admin.generate_key(&name, &how).await?,
        (None, Some(certificate), Some(private_key)) => {
            admin.import_key(&name, BroughtKey::Pair { certificate, private_key }).await?;
        }
        (None, Some(certificate), None) => admin.import_key(&name, BroughtKey::Certificate(certificate)).await?,
        _ => {
            let why = "a key has `generate`, or `certificate` and `private_key`, or `certificate` alone";
            return Err(Error::invalid("", why).into());
        }
    }
    Ok(created(&["keys", &name], admin.key(&name).await?))
}

async fn read(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<KeyDetail>, Problem> {
    Ok(Json(caller.auditor()?.key(&name).await?))
}

async fn make_default(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    insisting: Insisting,
) -> Result<StatusCode, Problem> {
    caller.admin()?.make_key_default(&name, insisting.anyway).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.delete_key(&name, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
