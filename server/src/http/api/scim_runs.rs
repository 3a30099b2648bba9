use axum::{Json, http::StatusCode};
use model::{Page, ScimDrift, ScimPlanView, ScimProgress, ScimRun, ScimRunDetail};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    bearer::Bearer,
    body::Body,
    given::{Listing, Named},
    operation::{
        Least::{Administrator, Auditor},
        Operation,
    },
};
use crate::http::problem::Problem;

/// The plan that is let go: the one with this id, and no other.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Approval {
    plan: String,
}

/// The differences that are put right: those of the comparison with this id, and no others.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Repair {
    drift: String,
}

/// What a worker does and has done, and asking it for more.
pub fn operations() -> Vec<Operation> {
    let mut operations = reading();
    operations.extend(asking());
    operations
}

fn reading() -> Vec<Operation> {
    vec![
        Operation::get("/scim-providers/{name}/plan", Auditor, plan)
            .named(
                "plan_scim",
                "What a synchronisation would do now, why, and in how many requests; nothing is changed",
            )
            .gives::<ScimPlanView>(200),
        Operation::get("/scim-providers/{name}/progress", Auditor, progress)
            .named("read_scim_progress", "How far the run under way is, how fast, and what became of its last steps")
            .gives::<ScimProgress>(200),
        Operation::get("/scim-providers/{name}/runs", Auditor, runs)
            .named("list_scim_runs", "A page of the last runs, newest first; older ones are forgotten")
            .list()
            .gives::<Page<ScimRun>>(200),
        Operation::get("/scim-providers/{name}/runs/{run}", Auditor, run)
            .named(
                "read_scim_run",
                "One of the last runs with a page of what became of each step; filter by outcome: done, refused, open",
            )
            .list()
            .gives::<ScimRunDetail>(200),
        Operation::get("/scim-providers/{name}/drift", Auditor, drift)
            .named("read_scim_drift", "What the last comparison found of ours that others changed at the service")
            .gives::<ScimDrift>(200),
    ]
}

fn asking() -> Vec<Operation> {
    vec![
        Operation::post("/scim-providers/{name}/approve", Administrator, approve)
            .named("approve_scim_plan", "Let the plan that waits go ahead")
            .takes::<Approval>()
            .later(),
        Operation::post("/scim-providers/{name}/cancel", Administrator, cancel)
            .named(
                "cancel_scim_run",
                "Break off the run under way, or refuse the plan that waits; nothing is sent until the next synchronisation is asked for",
            )
            .later(),
        Operation::post("/scim-providers/{name}/sync", Administrator, sync)
            .named("sync_scim_provider", "Look at everything again now, and try again what the service refused")
            .later(),
        Operation::post("/scim-providers/{name}/verify", Administrator, verify)
            .named(
                "verify_scim_provider",
                "Compare what is there with what is known; what others changed of ours is shown, and repaired where the settings say so",
            )
            .later(),
        Operation::post("/scim-providers/{name}/repair", Administrator, repair)
            .named("repair_scim_drift", "Put right what the comparison of this id found, and nothing else")
            .takes::<Repair>()
            .later(),
    ]
}

async fn plan(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<ScimPlanView>, Problem> {
    Ok(Json(caller.auditor()?.scim_plan(&name).await?))
}

async fn progress(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<ScimProgress>, Problem> {
    Ok(Json(caller.auditor()?.scim_progress(&name).await?))
}

async fn runs(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Listing(query): Listing,
) -> Result<Json<Page<ScimRun>>, Problem> {
    Ok(Json(caller.auditor()?.scim_runs(&name, &query).await?))
}

async fn run(
    Bearer(caller): Bearer,
    Named((name, run)): Named<(String, String)>,
    Listing(query): Listing,
) -> Result<Json<ScimRunDetail>, Problem> {
    // What is no number is the number of no run.
    let run = run.parse().unwrap_or_default();
    Ok(Json(caller.auditor()?.scim_run(&name, run, &query).await?))
}

async fn drift(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<ScimDrift>, Problem> {
    Ok(Json(caller.auditor()?.scim_drift(&name).await?))
}

async fn approve(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Body(approval): Body<Approval>,
) -> Result<StatusCode, Problem> {
    caller.admin()?.approve_scim_plan(&name, &approval.plan).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn cancel(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<StatusCode, Problem> {
    caller.admin()?.cancel_scim_run(&name).await?;
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

async fn repair(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Body(repair): Body<Repair>,
) -> Result<StatusCode, Problem> {
    caller.admin()?.repair_scim_drift(&name, &repair.drift).await?;
    Ok(StatusCode::ACCEPTED)
}
