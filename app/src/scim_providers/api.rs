use leptos::prelude::*;
use model::{ListQuery, Page, ScimObjectRow, ScimPlanView, ScimProviderDetail, ScimProviderRow};
use server_fn::codec::Json;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// A page of the SCIM providers. Auditors.
#[server(input = Json)]
pub async fn list_scim_providers(query: ListQuery) -> Result<Page<ScimProviderRow>, AppError> {
    Ok(caller()?.auditor()?.scim_providers(&query).await?)
}

/// One SCIM provider with its health. Auditors.
#[server(input = Json)]
pub async fn read_scim_provider(name: String) -> Result<ScimProviderDetail, AppError> {
    Ok(caller()?.auditor()?.scim_provider(&name).await?)
}

/// What is at the service as far as it is known. Auditors.
#[server(input = Json)]
pub async fn list_scim_objects(name: String, query: ListQuery) -> Result<Page<ScimObjectRow>, AppError> {
    Ok(caller()?.auditor()?.scim_objects(&name, &query).await?)
}

/// What a synchronisation would do now; nothing is changed. Auditors.
#[server(input = Json)]
pub async fn plan_scim(name: String) -> Result<ScimPlanView, AppError> {
    Ok(caller()?.auditor()?.scim_plan(&name).await?)
}

/// Lets the plan of this id go ahead, and no other. Administrators.
#[server(input = Json)]
pub async fn approve_scim_plan(name: String, id: String) -> Result<(), AppError> {
    Ok(caller()?.admin()?.approve_scim_plan(&name, &id).await?)
}

/// Looks at everything again now, and tries again what the service refused. Administrators.
#[server(input = Json)]
pub async fn sync_scim_provider(name: String) -> Result<(), AppError> {
    Ok(caller()?.admin()?.sync_scim_provider(&name).await?)
}

/// Compares what is there with what is known. Administrators.
#[server(input = Json)]
pub async fn verify_scim_provider(name: String) -> Result<(), AppError> {
    Ok(caller()?.admin()?.verify_scim_provider(&name).await?)
}
