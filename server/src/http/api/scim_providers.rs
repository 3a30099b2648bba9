use axum::{Json, http::StatusCode};
use model::{
    Page, ScimHealth, ScimObjectRow, ScimPlanView, ScimPreview, ScimProvider, ScimProviderDetail, ScimProviderRow,
};
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

/// A token for one of the two slots of a SCIM provider.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewScimToken {
    token: String,
    /// Unix seconds: when it ends.
    #[serde(default)]
    expires: Option<i64>,
}

/// The plan that is let go: the one with this id, and no other.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Approval {
    plan: String,
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
        Operation::get("/scim-providers/{name}/plan", Auditor, plan)
            .named(
                "plan_scim",
                "What a synchronisation would do now, why, and in how many requests; nothing is changed",
            )
            .gives::<ScimPlanView>(200),
        Operation::get("/scim-providers/{name}/objects", Auditor, objects)
            .named("list_scim_objects", "What is at the service as far as it is known; filter by state, user or group")
            .list()
            .gives::<Page<ScimObjectRow>>(200),
        Operation::get("/scim-providers/{name}/preview/users/{username}", Auditor, preview_user)
            .named("preview_scim_user", "Exactly what would be sent for a user; nothing is sent")
            .gives::<ScimPreview>(200),
        Operation::get("/scim-providers/{name}/preview/groups/{group}", Auditor, preview_group)
            .named("preview_scim_group", "Exactly what would be sent for a group; nothing is sent")
            .gives::<ScimPreview>(200),
    ]
}

fn changing() -> Vec<Operation> {
    vec![
        Operation::post("/scim-providers", Administrator, create)
            .named("create_scim_provider", "Make a SCIM provider")
            .takes::<NewScimProvider>()
            .gives::<ScimProviderDetail>(201),
        Operation::put("/scim-providers/{name}", Administrator, update)
            .named("update_scim_provider", "Put a SCIM provider in the place of the one that was read; its tokens stay")
            .at_version_and_service()
            .takes::<ScimProvider>()
            .gives::<ScimProviderDetail>(200),
        Operation::delete("/scim-providers/{name}", Administrator, delete)
            .named(
                "delete_scim_provider",
                "Delete a SCIM provider that no application uses; what is at the service stays",
            )
            .at_version(),
        Operation::put("/scim-providers/{name}/tokens/{slot}", Administrator, set_token)
            .named("set_scim_token", "Put a token into slot 1 or 2; the second takes over when the first is refused")
            .at_version()
            .takes::<NewScimToken>(),
        Operation::post("/scim-providers/{name}/approve", Administrator, approve)
            .named("approve_scim_plan", "Let the plan that waits go ahead")
            .takes::<Approval>()
            .later(),
        Operation::post("/scim-providers/{name}/sync", Administrator, sync)
            .named("sync_scim_provider", "Look at everything again now, and try again what the service refused")
            .later(),
        Operation::post("/scim-providers/{name}/verify", Administrator, verify)
            .named("verify_scim_provider", "Compare what is there with what is known, and repair what is ours")
            .later(),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<ScimProviderRow>>, Problem> {
    Ok(Json(caller.auditor()?.scim_providers(&query).await?))
}

async fn read(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<ScimProviderDetail>, Problem> {
    Ok(Json(caller.auditor()?.scim_provider(&name).await?))
}

async fn health(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<ScimHealth>, Problem> {
    Ok(Json(caller.auditor()?.scim_provider(&name).await?.health))
}

async fn plan(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<ScimPlanView>, Problem> {
    Ok(Json(caller.auditor()?.scim_plan(&name).await?))
}

async fn objects(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Listing(query): Listing,
) -> Result<Json<Page<ScimObjectRow>>, Problem> {
    Ok(Json(caller.auditor()?.scim_objects(&name, &query).await?))
}

async fn preview_user(
    Bearer(caller): Bearer,
    Named((name, username)): Named<(String, String)>,
) -> Result<Json<ScimPreview>, Problem> {
    Ok(Json(caller.auditor()?.scim_user_preview(&name, &username).await?))
}

async fn preview_group(
    Bearer(caller): Bearer,
    Named((name, group)): Named<(String, String)>,
) -> Result<Json<ScimPreview>, Problem> {
    Ok(Json(caller.auditor()?.scim_group_preview(&name, &group).await?))
}

async fn create(
    Bearer(caller): Bearer,
    Body(new): Body<NewScimProvider>,
) -> Result<Created<ScimProviderDetail>, Problem> {
    let (admin, name) = (caller.admin()?, new.provider.name.clone());
    admin.create_scim_provider(new.provider, new.token.as_deref(), new.token_expires).await?;
    Ok(created(&["scim-providers", &name], admin.scim_provider(&name).await?))
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
    Ok(Json(admin.scim_provider(&name).await?))
}

async fn delete(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.delete_scim_provider(&name, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn set_token(
    Bearer(caller): Bearer,
    Named((name, slot)): Named<(String, String)>,
    Version(version): Version,
    Body(new): Body<NewScimToken>,
) -> Result<StatusCode, Problem> {
    let slot = match slot.as_str() {
        "1" => 1,
        "2" => 2,
        _ => return Err(Problem::new(StatusCode::NOT_FOUND, "not_found", "a SCIM provider has the slots 1 and 2")),
    };
    caller.admin()?.set_scim_token(&name, version, slot, &new.token, new.expires).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn approve(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Body(approval): Body<Approval>,
) -> Result<StatusCode, Problem> {
    caller.admin()?.approve_scim_plan(&name, &approval.plan).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn sync(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<StatusCode, Problem> {
    caller.admin()?.sync_scim_provider(&name).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn verify(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<StatusCode, Problem> {
    caller.admin()?.verify_scim_provider(&name).await?;
    Ok(StatusCode::ACCEPTED)
}
