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
use crate::http::{pkcs12::pkcs12, problem::Problem};

/// A pair that is made here, or one that was made elsewhere: `generate`, or `certificate` and `private_key`, or `pkcs12` and
/// its `password`; or `certificate` alone, to verify with or to encrypt to.
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
    /// Base64 of a PKCS#12 file (RFC 7292) with both halves.
    #[serde(default)]
    pkcs12: Option<String>,
    /// It opens the PKCS#12 file and is not kept. Left out: the empty one.
    #[serde(default)]
    password: Option<String>,
}

/// What is to become a key.
enum Wanted {
    Made(KeyGeneration),
    Brought(BroughtKey),
}

impl NewKey {
    fn wanted(self) -> Result<Wanted, Error> {
        let Self { generate, certificate, private_key, pkcs12: file, password, .. } = self;
        if file.is_none() && password.is_some() {
            return Err(Error::invalid("password", "it opens a PKCS#12 file: give that as `pkcs12`, or leave it out"));
        }
        match (generate, certificate, private_key, file) {
            (Some(how), None, None, None) => Ok(Wanted::Made(how)),
            (None, Some(certificate), Some(private_key), None) => {
                Ok(Wanted::Brought(BroughtKey::Pair { certificate, private_key }))
            }
            (None, Some(certificate), None, None) => Ok(Wanted::Brought(BroughtKey::Certificate(certificate))),
            (None, None, None, Some(file)) => Ok(Wanted::Brought(pkcs12(&file, password.unwrap_or_default())?)),
            (_, _, _, Some(_)) => {
                let why = "a PKCS#12 file holds both halves: leave `generate`, `certificate` and `private_key` out";
                Err(Error::invalid("pkcs12", why))
            }
            (None, None, Some(_), None) => {
                Err(Error::invalid("certificate", "a private key comes with its certificate"))
            }
            (Some(_), ..) => {
                Err(Error::invalid("generate", "what is made here brings no `certificate` and no `private_key`"))
            }
            (None, None, None, None) => {
                let why =
                    "a key has `generate`, or `certificate` and `private_key`, or `pkcs12`, or `certificate` alone";
                Err(Error::invalid("", why))
            }
        }
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/keys", Auditor, list)
            .named("list_keys", "A page of the keys; sort by name or not_after")
            .list()
            .gives::<Page<KeyRow>>(200),
        Operation::post("/keys", Administrator, create)
            .named("create_key", "Generate a key, or take one that was made elsewhere: PEM or PKCS#12")
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
    let (admin, name) = (caller.admin()?, new.name.clone());
    match new.wanted()? {
        Wanted::Made(how) => admin.generate_key(&name, &how).await?,
        Wanted::Brought(key) => admin.import_key(&name, key).await?,
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
