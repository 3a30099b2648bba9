use leptos::prelude::*;
use model::{
    KeptResponses, ListQuery, Page, PropertyMapping, ProviderChoices, ProviderDetail, ProviderRow, ResponseReport,
    SamlProvider, SpFacts,
};
use server_fn::codec::Json;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// A page of the SAML providers. Auditors.
#[server(input = Json)]
pub async fn list_providers(query: ListQuery) -> Result<Page<ProviderRow>, AppError> {
    Ok(caller()?.auditor()?.saml_providers(&query).await?)
}

/// One SAML provider, and who uses it. Auditors.
#[server(input = Json)]
pub async fn read_provider(name: String) -> Result<ProviderDetail, AppError> {
    Ok(caller()?.auditor()?.saml_provider_with_warnings(&name).await?)
}

/// What the form may choose from. Auditors.
#[server(input = Json)]
pub async fn read_provider_choices() -> Result<ProviderChoices, AppError> {
    Ok(caller()?.auditor()?.provider_choices().await?)
}

/// What a service provider's metadata says; nothing is kept. Administrators.
#[server(input = Json)]
pub async fn read_sp_metadata(
    metadata: String,
    certificate: Option<String>,
    existing: Option<String>,
    entity_id: Option<String>,
) -> Result<Vec<SpFacts>, AppError> {
    Ok(caller()?.admin()?.read_sp_metadata(metadata, certificate, existing, entity_id).await?)
}

/// The same of what lies at an address, however large; it leaves an event. Administrators.
#[server(input = Json)]
pub async fn read_sp_metadata_at(
    url: String,
    certificate: Option<String>,
    existing: Option<String>,
    entity_id: Option<String>,
) -> Result<Vec<SpFacts>, AppError> {
    Ok(caller()?.admin()?.read_sp_metadata_at(&url, certificate, existing, entity_id).await?)
}

/// The metadata that a service publishes at an address; it leaves an event. Administrators.
#[server(input = Json)]
pub async fn fetch_sp_metadata(url: String) -> Result<String, AppError> {
    Ok(caller()?.admin()?.fetch_sp_metadata(&url).await?)
}

/// Administrators.
#[server(input = Json)]
pub async fn create_provider(provider: SamlProvider) -> Result<(), AppError> {
    Ok(caller()?.admin()?.create_saml_provider(provider).await?)
}

/// Together with property mappings that are new, all or nothing. Administrators.
#[server(input = Json)]
pub async fn import_provider(provider: SamlProvider, mappings: Vec<PropertyMapping>) -> Result<(), AppError> {
    Ok(caller()?.admin()?.create_saml_provider_with(provider, mappings).await?)
}

/// `version` is the one that the change was made from. `anyway`: another key may sign, though nothing says that the service has
/// it. Administrators.
#[server(input = Json)]
pub async fn update_provider(
    name: String,
    version: u64,
    provider: SamlProvider,
    #[server(default)] anyway: bool,
) -> Result<(), AppError> {
    Ok(caller()?.admin()?.update_saml_provider(&name, version, provider, anyway).await?)
}

/// The same together with property mappings that are new, all or nothing. Administrators.
#[server(input = Json)]
pub async fn renew_provider(
    name: String,
    version: u64,
    provider: SamlProvider,
    mappings: Vec<PropertyMapping>,
) -> Result<(), AppError> {
    Ok(caller()?.admin()?.update_saml_provider_with(&name, version, provider, mappings, false).await?)
}

/// Whether the service has a key, as an administrator saw it there. Administrators.
#[server(input = Json)]
pub async fn confirm_key(name: String, key: String, has: bool) -> Result<(), AppError> {
    Ok(caller()?.admin()?.confirm_provider_key(&name, &key, has).await?)
}

/// Addresses of our metadata for the service of a provider alone, told once. Administrators.
#[server(input = Json)]
pub async fn make_metadata_address(name: String) -> Result<Vec<String>, AppError> {
    Ok(caller()?.admin()?.make_metadata_address(&name).await?)
}

/// Signs with this key from now on. `version` is the one that was looked at. Administrators.
#[server(input = Json)]
pub async fn promote_key(name: String, version: u64, key: String, anyway: bool) -> Result<(), AppError> {
    Ok(caller()?.admin()?.promote_provider_key(&name, version, &key, anyway).await?)
}

/// Takes a key that goes out of the metadata. `version` is the one that was looked at. Administrators.
#[server(input = Json)]
pub async fn retire_key(name: String, version: u64, key: String, anyway: bool) -> Result<(), AppError> {
    Ok(caller()?.admin()?.retire_provider_key(&name, version, &key, anyway).await?)
}

/// Makes the response that a person would get, receives it here and judges it; it leaves an event. Administrators.
#[server(input = Json)]
pub async fn test_sign_on(name: String, slug: String, username: String) -> Result<ResponseReport, AppError> {
    Ok(caller()?.admin()?.test_sign_on(&name, &slug, &username).await?)
}

/// Judges a response that somebody has at hand; it leaves an event. Administrators.
#[server(input = Json)]
pub async fn judge_response(name: String, saml_response: String) -> Result<ResponseReport, AppError> {
    Ok(caller()?.admin()?.judge_response(&name, &saml_response).await?)
}

/// The responses that are kept of a provider. Administrators.
#[server(input = Json)]
pub async fn list_responses(name: String) -> Result<KeptResponses, AppError> {
    Ok(caller()?.admin()?.kept_responses(&name).await?)
}

/// One of them, decoded and judged; it leaves an event. Administrators.
#[server(input = Json)]
pub async fn read_response(name: String, id: String) -> Result<ResponseReport, AppError> {
    Ok(caller()?.admin()?.kept_response(&name, &id).await?)
}

/// Refused while an application uses it. Administrators.
#[server(input = Json)]
pub async fn delete_provider(name: String, version: u64) -> Result<(), AppError> {
    Ok(caller()?.admin()?.delete_saml_provider(&name, version).await?)
}
