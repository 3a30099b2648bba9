use leptos::prelude::*;
use model::{KeyDetail, KeyGeneration, KeyRow, ListQuery, Page};
use server_fn::codec::Json;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// A page of the keys. Auditors.
#[server(input = Json)]
pub async fn list_keys(query: ListQuery) -> Result<Page<KeyRow>, AppError> {
    Ok(caller()?.auditor()?.keys(&query).await?)
}

/// The public half of a key, and who signs with it. Auditors.
#[server(input = Json)]
pub async fn read_key(name: String) -> Result<KeyDetail, AppError> {
    Ok(caller()?.auditor()?.key(&name).await?)
}

/// Makes a self-signed pair. Administrators.
#[server(input = Json)]
pub async fn generate_key(name: String, generation: KeyGeneration) -> Result<(), AppError> {
    Ok(caller()?.admin()?.generate_key(&name, &generation).await?)
}

/// Providers that name no key sign with this one from now on. `anyway`: also where nothing says that their services have it.
/// Administrators.
#[server(input = Json)]
pub async fn make_key_default(name: String, #[server(default)] anyway: bool) -> Result<(), AppError> {
    Ok(caller()?.admin()?.make_key_default(&name, anyway).await?)
}

/// Refused while somebody signs, verifies, encrypts or decrypts with it. Administrators.
#[server(input = Json)]
pub async fn delete_key(name: String, version: u64) -> Result<(), AppError> {
    Ok(caller()?.admin()?.delete_key(&name, version).await?)
}
