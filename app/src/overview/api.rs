use leptos::prelude::*;
use model::Overview;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// Counts, keys and the latest events. Auditors.
#[server]
pub async fn read_overview() -> Result<Overview, AppError> {
    Ok(caller()?.auditor()?.overview().await?)
}
