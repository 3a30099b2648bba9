use axum::{Json, http::StatusCode};
use model::{Page, ScimStoredPlan, ScimStoredPlanDetail};

use super::{
    bearer::Bearer,
    body::{Created, created},
    given::{Listing, Named},
    operation::{
        Least::{Administrator, Auditor},
        Operation,
    },
};
use crate::http::problem::Problem;

/// Plans that are kept: to be looked at, and let go as they are.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/scim-providers/{name}/plans", Auditor, list)
            .named(
                "list_scim_plans",
                "A page of the plans that are kept, newest first; the steps of one are read by themselves",
            )
            .list()
            .gives::<Page<ScimStoredPlan>>(200),
        Operation::post("/scim-providers/{name}/plans", Administrator, keep)
            .named("keep_scim_plan", "Plan now and keep the plan; nothing is sent")
            .gives::<ScimStoredPlan>(201),
        Operation::get("/scim-providers/{name}/plans/{id}", Auditor, read)
            .named("read_scim_plan", "One plan with a page of its steps; filter by action: create, change, members …")
            .list()
            .gives::<ScimStoredPlanDetail>(200),
        Operation::post("/scim-providers/{name}/plans/{id}/apply", Administrator, apply)
            .named(
                "apply_scim_plan",
                "Let a plan go with all that it takes away; refused where it is not what would be done any more",
            )
            .later(),
        Operation::delete("/scim-providers/{name}/plans/{id}", Administrator, discard)
            .named("discard_scim_plan", "Forget a plan"),
    ]
}

async fn list(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Listing(query): Listing,
) -> Result<Json<Page<ScimStoredPlan>>, Problem> {
    Ok(Json(caller.auditor()?.scim_plans(&name, &query).await?))
}

async fn keep(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Created<ScimStoredPlan>, Problem> {
    let stored = caller.admin()?.keep_scim_plan(&name).await?;
    Ok(created(&["scim-providers", &name, "plans", &stored.id.clone()], stored))
}

async fn read(
    Bearer(caller): Bearer,
    Named((name, id)): Named<(String, String)>,
    Listing(query): Listing,
) -> Result<Json<ScimStoredPlanDetail>, Problem> {
    Ok(Json(caller.auditor()?.scim_stored_plan(&name, &id, &query).await?))
}

async fn apply(Bearer(caller): Bearer, Named((name, id)): Named<(String, String)>) -> Result<StatusCode, Problem> {
    caller.admin()?.apply_scim_plan(&name, &id).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn discard(Bearer(caller): Bearer, Named((name, id)): Named<(String, String)>) -> Result<StatusCode, Problem> {
    caller.admin()?.discard_scim_plan(&name, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
