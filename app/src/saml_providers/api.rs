use leptos::prelude::*;
use model::{ListQuery, Page, ProviderChoices, ProviderDetail, ProviderRow, SamlProvider, SpFacts};
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
    Ok(caller()?.auditor()?.saml_provider(&name).await?)
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
) -> Result<Vec<SpFacts>, AppError> {
    Ok(caller()?.admin()?.read_sp_metadata(metadata, certificate, existing).await?)
}

/// Administrators.
#[server(input = Json)]
pub async fn create_provider(provider: SamlProvider) -> Result<(), AppError> {
    Ok(caller()?.admin()?.create_saml_provider(provider).await?)
}

/// `version` is the one that the change was made from. Administrators.
#[server(input = Json)]
pub async fn update_provider(name: String, version: u64, provider: SamlProvider) -> Result<(), AppError> {
    Ok(caller()?.admin()?.update_saml_provider(&name, version, provider).await?)
}

/// Refused while an application uses it. Administrators.
#[server(input = Json)]
pub async fn delete_provider(name: String, version: u64) -> Result<(), AppError> {
    Ok(caller()?.admin()?.delete_saml_provider(&name, version).await?)
}
