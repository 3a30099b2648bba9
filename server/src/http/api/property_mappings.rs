use axum::{Json, http::StatusCode};
use model::{ExpressionTrial, MappingDetail, MappingRow, Page, PropertyMapping, Trial};

use super::{
    bearer::Bearer,
    body::{Body, Created, created},
    given::{Listing, Named, Version},
    operation::{
        Least::{Administrator, Auditor},
        Operation,
    },
};
use crate::http::problem::Problem;

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/property-mappings", Auditor, list)
            .named("list_property_mappings", "A page of the property mappings; sort by name")
            .list()
            .gives::<Page<MappingRow>>(200),
        Operation::post("/property-mappings", Administrator, create)
            .named("create_property_mapping", "Make a property mapping")
            .takes::<PropertyMapping>()
            .gives::<MappingDetail>(201),
        Operation::get("/property-mappings/{name}", Auditor, read)
            .named("read_property_mapping", "One property mapping, and who uses it")
            .gives::<MappingDetail>(200),
        Operation::put("/property-mappings/{name}", Administrator, update)
            .named("update_property_mapping", "Put a property mapping in the place of the one that was read")
            .at_version()
            .takes::<PropertyMapping>()
            .gives::<MappingDetail>(200),
        Operation::delete("/property-mappings/{name}", Administrator, delete)
            .named("delete_property_mapping", "Delete a property mapping that no provider uses")
            .at_version(),
        Operation::post("/expression-trials", Administrator, attempt)
            .named("try_expression", "Run an expression as sign-on or provisioning would, and keep nothing")
            .takes::<ExpressionTrial>()
            .gives::<Trial>(200),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<MappingRow>>, Problem> {
    Ok(Json(caller.auditor()?.property_mappings(&query).await?))
}

async fn create(
    Bearer(caller): Bearer,
    Body(mapping): Body<PropertyMapping>,
) -> Result<Created<MappingDetail>, Problem> {
    let (admin, name) = (caller.admin()?, mapping.name.clone());
    admin.create_property_mapping(mapping).await?;
    Ok(created(&["property-mappings", &name], admin.property_mapping_with_warnings(&name).await?))
}

async fn read(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<MappingDetail>, Problem> {
    Ok(Json(caller.auditor()?.property_mapping_with_warnings(&name).await?))
}

async fn update(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
    Body(mapping): Body<PropertyMapping>,
) -> Result<Json<MappingDetail>, Problem> {
    let admin = caller.admin()?;
    admin.update_property_mapping(&name, version, mapping).await?;
    Ok(Json(admin.property_mapping_with_warnings(&name).await?))
}

async fn delete(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.delete_property_mapping(&name, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn attempt(Bearer(caller): Bearer, Body(trial): Body<ExpressionTrial>) -> Result<Json<Trial>, Problem> {
    Ok(Json(caller.admin()?.try_expression(trial).await?))
}
