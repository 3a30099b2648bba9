use leptos::prelude::*;
use model::{NameIdCheck, NameIdReport};
use server_fn::codec::Json;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// Whether Identity Center would find a user: the NameID of the sign-on against the userName that is pushed. Auditors.
#[server(input = Json)]
pub async fn check_name_id(slug: String, username: String) -> Result<NameIdCheck, AppError> {
    Ok(caller()?.auditor()?.name_id_check(&slug, &username).await?)
}

/// The same for everybody in scope; of very many people for the first. Auditors.
#[server(input = Json)]
pub async fn check_name_ids(slug: String) -> Result<NameIdReport, AppError> {
    Ok(caller()?.auditor()?.name_id_report(&slug).await?)
}
