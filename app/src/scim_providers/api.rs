use leptos::prelude::*;
use model::{
    Day, ListQuery, Page, ScimAdoptionDecision, ScimAdoptionList, ScimChoices, ScimDrift, ScimObjectDetail,
    ScimObjectRow, ScimPlanView, ScimPreview, ScimProgress, ScimProvider, ScimProviderDetail, ScimProviderRow,
    ScimRunDetail,
};
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
    Ok(caller()?.auditor()?.scim_provider_with_warnings(&name).await?)
}

/// How far the worker is. Auditors.
#[server(input = Json)]
pub async fn read_scim_progress(name: String) -> Result<ScimProgress, AppError> {
    Ok(caller()?.auditor()?.scim_progress(&name).await?)
}

/// One of the last runs with what became of each step. Auditors.
#[server(input = Json)]
pub async fn read_scim_run(name: String, run: u64, query: ListQuery) -> Result<ScimRunDetail, AppError> {
    Ok(caller()?.auditor()?.scim_run(&name, run, &query).await?)
}

/// What is at the service as far as it is known. Auditors.
#[server(input = Json)]
pub async fn list_scim_objects(name: String, query: ListQuery) -> Result<Page<ScimObjectRow>, AppError> {
    Ok(caller()?.auditor()?.scim_objects(&name, &query).await?)
}

/// One object, `user` or `group`, by our identifier. Auditors.
#[server(input = Json)]
pub async fn read_scim_object(name: String, kind: String, local: String) -> Result<ScimObjectDetail, AppError> {
    Ok(caller()?.auditor()?.scim_object(&name, &kind, &local).await?)
}

/// What the last comparison found of ours that others changed. Auditors.
#[server(input = Json)]
pub async fn read_scim_drift(name: String) -> Result<ScimDrift, AppError> {
    Ok(caller()?.auditor()?.scim_drift(&name).await?)
}

/// What is at the service and whose it is. Auditors.
#[server(input = Json)]
pub async fn list_scim_adoption(name: String, query: ListQuery) -> Result<ScimAdoptionList, AppError> {
    Ok(caller()?.auditor()?.scim_adoption(&name, &query).await?)
}

/// Reads anew what is at the service before the first run. Auditors.
#[server(input = Json)]
pub async fn reread_scim_adoption(name: String) -> Result<(), AppError> {
    Ok(caller()?.auditor()?.reread_scim_adoption(&name).await?)
}

/// What a synchronisation would do now; nothing is changed. Auditors.
#[server(input = Json)]
pub async fn plan_scim(name: String) -> Result<ScimPlanView, AppError> {
    Ok(caller()?.auditor()?.scim_plan(&name).await?)
}

/// What the form may choose from. Auditors.
#[server(input = Json)]
pub async fn read_scim_choices() -> Result<ScimChoices, AppError> {
    Ok(caller()?.auditor()?.scim_choices().await?)
}

/// Exactly what would be sent for a user; nothing is sent. Auditors.
#[server(input = Json)]
pub async fn preview_scim_user(name: String, username: String) -> Result<ScimPreview, AppError> {
    Ok(caller()?.auditor()?.scim_user_preview(&name, &username).await?)
}

/// Exactly what would be sent for a group; nothing is sent. Auditors.
#[server(input = Json)]
pub async fn preview_scim_group(name: String, group: String) -> Result<ScimPreview, AppError> {
    Ok(caller()?.auditor()?.scim_group_preview(&name, &group).await?)
}

/// With its token, and behind applications (slugs). Administrators.
#[server(input = Json)]
pub async fn create_scim_provider(
    provider: ScimProvider,
    token: Option<String>,
    expires: Option<Day>,
    applications: Vec<String>,
) -> Result<(), AppError> {
    let (caller, expires) = (caller()?, expires.map(Day::unix_seconds));
    Ok(caller.admin()?.connect_scim_provider(provider, token.as_deref(), expires, &applications).await?)
}

/// `version` is the one that the change was made from; the tokens stay, but at another host. `another_service`: another address is meant to be
/// another service. Administrators.
#[server(input = Json)]
pub async fn update_scim_provider(
    name: String,
    version: u64,
    provider: ScimProvider,
    #[server(default)] another_service: bool,
) -> Result<(), AppError> {
    Ok(caller()?.admin()?.update_scim_provider(&name, version, provider, another_service).await?)
}

/// Slot 1 is used; slot 2 takes over when the first is refused. Administrators.
#[server(input = Json)]
pub async fn set_scim_token(
    name: String,
    version: u64,
    slot: u8,
    token: String,
    expires: Option<Day>,
) -> Result<(), AppError> {
    let (caller, expires) = (caller()?, expires.map(Day::unix_seconds));
    Ok(caller.admin()?.set_scim_token(&name, version, slot, &token, expires).await?)
}

/// Takes a token out of a slot. Administrators.
#[server(input = Json)]
pub async fn remove_scim_token(name: String, version: u64, slot: u8) -> Result<(), AppError> {
    Ok(caller()?.admin()?.remove_scim_token(&name, version, slot).await?)
}

/// Whether the service accepts the token in a slot; nothing is changed. Administrators.
#[server(input = Json)]
pub async fn test_scim_token(name: String, slot: u8) -> Result<(), AppError> {
    Ok(caller()?.admin()?.test_scim_token(&name, slot).await?)
}

/// Makes the next token the current one, after the service has accepted it. Administrators.
#[server(input = Json)]
pub async fn switch_scim_token(name: String, version: u64) -> Result<(), AppError> {
    Ok(caller()?.admin()?.switch_scim_token(&name, version).await?)
}

/// Whether an address and a token are good; nothing is kept. Without a token the kept one is tried. Administrators.
#[server(input = Json)]
pub async fn test_scim_connection(provider: ScimProvider, token: Option<String>) -> Result<(), AppError> {
    Ok(caller()?.admin()?.test_scim_connection(&provider, token.as_deref()).await?)
}

/// Refused while an application uses it. Administrators.
#[server(input = Json)]
pub async fn delete_scim_provider(name: String, version: u64) -> Result<(), AppError> {
    Ok(caller()?.admin()?.delete_scim_provider(&name, version).await?)
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

/// Puts right what the comparison of this id found, and nothing else. Administrators.
#[server(input = Json)]
pub async fn repair_scim_drift(name: String, id: String) -> Result<(), AppError> {
    Ok(caller()?.admin()?.repair_scim_drift(&name, &id).await?)
}

/// Decides whose objects with the names of ours are. Administrators.
#[server(input = Json)]
pub async fn decide_scim_adoption(name: String, decisions: Vec<ScimAdoptionDecision>) -> Result<(), AppError> {
    Ok(caller()?.admin()?.decide_scim_adoption(&name, &decisions).await?)
}

/// Synchronises one object now, with a log of every request. Administrators.
#[server(input = Json)]
pub async fn sync_scim_object(name: String, kind: String, local: String) -> Result<(), AppError> {
    Ok(caller()?.admin()?.sync_scim_object(&name, &kind, &local).await?)
}

/// Breaks off the run that is under way, or the plan that waits. Administrators.
#[server(input = Json)]
pub async fn cancel_scim_run(name: String) -> Result<(), AppError> {
    Ok(caller()?.admin()?.cancel_scim_run(&name).await?)
}
