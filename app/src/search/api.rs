use leptos::prelude::*;
use model::Hit;
use server_fn::codec::Json;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// Pages, things to do and things that fit a text; without one, the pages and things to do. Auditors.
#[server(input = Json)]
pub async fn find(text: String) -> Result<Vec<Hit>, AppError> {
    Ok(super::hits::hits(&caller()?, &text).await?)
}
