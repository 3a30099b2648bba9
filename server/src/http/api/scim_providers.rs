use axum::{Json, http::StatusCode};
use model::{Page, ScimHealth, ScimProvider, ScimProviderDetail, ScimProviderRow};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    bearer::Bearer,
    body::{Body, Created, created},
    given::{Listing, Moving, Named, Version},
    operation::{
        Least::{Administrator, Auditor},
        Operation,
    },
};
use crate::http::problem::Problem;

/// A SCIM provider with its first token, which is kept sealed and never shown.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewScimProvider {
    provider: ScimProvider,
    #[serde(default)]
    token: Option<String>,
    /// Unix seconds: when the token ends.
    #[serde(default)]
    token_expires: Option<i64>,
}

pub fn operations() -> Vec<Operation> {
    let mut operations = reading();
    operations.extend(changing());
    operations
}

fn reading() -> Vec<Operation> {
    vec![
        Operation::get("/scim-providers", Auditor, list)
            .named("list_scim_providers", "A page of the SCIM providers with how they stand; sort by name")
            .list()
            .gives::<Page<ScimProviderRow>>(200),
        Operation::get("/scim-providers/{name}", Auditor, read)
            .named("read_scim_provider", "One SCIM provider with its health; never a token")
            .gives::<ScimProviderDetail>(200),
        Operation::get("/scim-providers/{name}/health", Auditor, health)
            .named("read_scim_health", "How provisioning stands: status, queue, runs, and the plan that waits")
            .gives::<ScimHealth>(200),
    ]
}

fn changing() -> Vec<Operation> {
    vec![
        Operation::post("/scim-providers", Administrator, create)
            .named("create_scim_provider", "Make a SCIM provider")
            .takes::<NewScimProvider>()
            .gives::<ScimProviderDetail>(201),
        Operation::put("/scim-providers/{name}", Administrator, update)
            .named(
                "update_scim_provider",
                "Put a SCIM provider in the place of the one that was read; its tokens stay, but at another host",
            )
            .at_version_and_service()
            .takes::<ScimProvider>()
            .gives::<ScimProviderDetail>(200),
        Operation::delete("/scim-providers/{name}", Administrator, delete)
            .named(
                "delete_scim_provider",
                "Delete a SCIM provider that no application uses; what is at the service stays",
            )
            .at_version(),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<ScimProviderRow>>, Problem> {
    Ok(Json(caller.auditor()?.scim_providers(&query).await?))
}

async fn read(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<ScimProviderDetail>, Problem> {
    Ok(Json(caller.auditor()?.scim_provider_with_warnings(&name).await?))
}

async fn health(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<ScimHealth>, Problem> {
    Ok(Json(caller.auditor()?.scim_provider(&name).await?.health))
}

async fn create(
    Bearer(caller): Bearer,
    Body(new): Body<NewScimProvider>,
) -> Result<Created<ScimProviderDetail>, Problem> {
    let (admin, name) = (caller.admin()?, new.provider.name.clone());
    admin.create_scim_provider(new.provider, new.token.as_deref(), new.token_expires).await?;
    Ok(created(&["scim-providers", &name], admin.scim_provider_with_warnings(&name).await?))
}

async fn update(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
    moving: Moving,
    Body(provider): Body<ScimProvider>,
) -> Result<Json<ScimProviderDetail>, Problem> {
    let admin = caller.admin()?;
    admin.update_scim_provider(&name, version, provider, moving.another_service).await?;
    Ok(Json(admin.scim_provider_with_warnings(&name).await?))
}

async fn delete(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.delete_scim_provider(&name, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
