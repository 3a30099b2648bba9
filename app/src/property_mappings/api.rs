use leptos::prelude::*;
use model::{ExpressionTrial, ListQuery, MappingDetail, MappingRow, Page, PropertyMapping, Trial};
use server_fn::codec::Json;

use crate::error::AppError;
#[cfg(feature = "ssr")]
use crate::session::caller;

/// A page of the property mappings. Auditors.
#[server(input = Json)]
pub async fn list_mappings(query: ListQuery) -> Result<Page<MappingRow>, AppError> {
    Ok(caller()?.auditor()?.property_mappings(&query).await?)
}

/// One property mapping, and who uses it. Auditors.
#[server(input = Json)]
pub async fn read_mapping(name: String) -> Result<MappingDetail, AppError> {
    Ok(caller()?.auditor()?.property_mapping_with_warnings(&name).await?)
}

/// Administrators.
#[server(input = Json)]
pub async fn create_mapping(mapping: PropertyMapping) -> Result<(), AppError> {
    Ok(caller()?.admin()?.create_property_mapping(mapping).await?)
}

/// `version` is the one that the change was made from. Administrators.
#[server(input = Json)]
pub async fn update_mapping(name: String, version: u64, mapping: PropertyMapping) -> Result<(), AppError> {
    Ok(caller()?.admin()?.update_property_mapping(&name, version, mapping).await?)
}

/// Refused while a provider uses it. Administrators.
#[server(input = Json)]
pub async fn delete_mapping(name: String, version: u64) -> Result<(), AppError> {
    Ok(caller()?.admin()?.delete_property_mapping(&name, version).await?)
}

/// Runs an expression as sign-on or provisioning would, and keeps nothing. Administrators.
#[server(input = Json)]
pub async fn try_expression(trial: ExpressionTrial) -> Result<Trial, AppError> {
    Ok(caller()?.admin()?.try_expression(trial).await?)
}
