use leptos::prelude::*;
use model::{Application, ApplicationChoices, ApplicationDetail, Preview};
use server_fn::codec::Json;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// One application with its addresses. Auditors.
#[server(input = Json)]
pub async fn read_application(slug: String) -> Result<ApplicationDetail, AppError> {
    Ok(caller()?.auditor()?.application(&slug).await?)
}

/// What the form may choose from. Auditors.
#[server(input = Json)]
pub async fn read_choices() -> Result<ApplicationChoices, AppError> {
    Ok(caller()?.auditor()?.application_choices().await?)
}

/// Administrators.
#[server(input = Json)]
pub async fn create_application(application: Application) -> Result<(), AppError> {
    Ok(caller()?.admin()?.create_application(application).await?)
}

/// `version` is the one that the change was made from. Administrators.
#[server(input = Json)]
pub async fn update_application(slug: String, version: u64, application: Application) -> Result<(), AppError> {
    Ok(caller()?.admin()?.update_application(&slug, version, application).await?)
}

/// `version` is the one that was looked at. Administrators.
#[server(input = Json)]
pub async fn delete_application(slug: String, version: u64) -> Result<(), AppError> {
    Ok(caller()?.admin()?.delete_application(&slug, version).await?)
}

/// The very response that a user would get. Auditors.
#[server(input = Json)]
pub async fn preview_sign_on(slug: String, username: String) -> Result<Preview, AppError> {
    Ok(caller()?.auditor()?.preview(&slug, &username).await?)
}
