use leptos::prelude::*;
use model::{ListQuery, Page, UserRow};
use server_fn::codec::Json;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// A page of the users. Auditors.
#[server(input = Json)]
pub async fn list_users(query: ListQuery) -> Result<Page<UserRow>, AppError> {
    Ok(caller()?.auditor()?.users(&query).await?)
}
