use leptos::prelude::*;
use model::{Event, ListQuery, Page};
use server_fn::codec::Json;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// A page of the audit trail, newest first; the filter is the code of a kind. Auditors.
#[server(input = Json)]
pub async fn list_events(query: ListQuery) -> Result<Page<Event>, AppError> {
    Ok(caller()?.auditor()?.events(&query).await?)
}

/// One event. Auditors.
#[server(input = Json)]
pub async fn read_event(id: String) -> Result<Event, AppError> {
    Ok(caller()?.auditor()?.event(&id).await?)
}
