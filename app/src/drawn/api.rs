use leptos::prelude::*;
use server_fn::codec::Json;

use super::Drawing;
use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// A page that the server draws; `path` and `query` are as the address has them. Auditors.
#[server(input = Json)]
pub async fn read_page(path: String, query: String) -> Result<Drawing, AppError> {
    let caller = caller()?;
    caller.auditor()?;
    Ok(super::draw(caller, &path, &query).await?)
}
