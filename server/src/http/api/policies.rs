use axum::{Json, http::StatusCode};
use model::{Page, Policy, PolicyDetail, PolicyRow, PolicyTrial};
use schemars::JsonSchema;
use serde::Deserialize;

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

/// A policy to be asked about a user on the way into an application; nothing is kept.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// Python.
    source: String,
    username: String,
    /// A slug; empty: no application.
    #[serde(default)]
    application: String,
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/policies", Auditor, list)
            .named("list_policies", "A page of the policies; sort by name")
            .list()
            .gives::<Page<PolicyRow>>(200),
        Operation::post("/policies", Administrator, create)
            .named("create_policy", "Make a policy")
            .takes::<Policy>()
            .gives::<PolicyDetail>(201),
        Operation::get("/policies/{name}", Auditor, read)
            .named("read_policy", "One policy, and which applications ask it")
            .gives::<PolicyDetail>(200),
        Operation::put("/policies/{name}", Administrator, update)
            .named("update_policy", "Put a policy in the place of the one that was read; its name stays")
            .at_version()
            .takes::<Policy>()
            .gives::<PolicyDetail>(200),
        Operation::delete("/policies/{name}", Administrator, delete)
            .named("delete_policy", "Delete a policy that no binding names")
            .at_version(),
        Operation::post("/policy-trials", Administrator, attempt)
            .named("try_policy", "Ask a policy about a user, as sign-on would, and keep nothing")
            .takes::<Question>()
            .gives::<PolicyTrial>(200),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<PolicyRow>>, Problem> {
    Ok(Json(caller.auditor()?.policies(&query).await?))
}

async fn create(Bearer(caller): Bearer, Body(policy): Body<Policy>) -> Result<Created<PolicyDetail>, Problem> {
    let (admin, name) = (caller.admin()?, policy.name.clone());
    admin.create_policy(policy).await?;
    Ok(created(&["policies", &name], admin.policy(&name).await?))
}

async fn read(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<PolicyDetail>, Problem> {
    Ok(Json(caller.auditor()?.policy(&name).await?))
}

async fn update(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
    Body(policy): Body<Policy>,
) -> Result<Json<PolicyDetail>, Problem> {
    let admin = caller.admin()?;
    admin.update_policy(&name, version, policy).await?;
    Ok(Json(admin.policy(&name).await?))
}

async fn delete(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.delete_policy(&name, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn attempt(Bearer(caller): Bearer, Body(asked): Body<Question>) -> Result<Json<PolicyTrial>, Problem> {
    Ok(Json(caller.admin()?.try_policy(asked.source, &asked.username, &asked.application).await?))
}
