use axum::{Json, http::StatusCode};
use model::{Page, ScimAdoptionDecision, ScimAdoptionList, ScimObjectDetail, ScimObjectRow, ScimPreview};
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

/// Decisions about objects that have the names of ours, all of them or none.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Decisions {
    decisions: Vec<ScimAdoptionDecision>,
}

/// Users and groups at a service, one by one.
pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/scim-providers/{name}/objects", Auditor, objects)
            .named("list_scim_objects", "What is at the service as far as it is known; filter by state, user or group")
            .list()
            .gives::<Page<ScimObjectRow>>(200),
        Operation::get("/scim-providers/{name}/objects/{kind}/{local}", Auditor, object)
            .named(
                "read_scim_object",
                "One object, `user` or `group`, by our identifier: how it stands, the last answer, and the log of its synchronisation by itself",
            )
            .gives::<ScimObjectDetail>(200),
        Operation::post("/scim-providers/{name}/objects/{kind}/{local}/sync", Administrator, sync_object)
            .named("sync_scim_object", "Synchronise one object now, with a log of every request")
            .later(),
        Operation::get("/scim-providers/{name}/adoption", Auditor, adoption)
            .named(
                "list_scim_adoption",
                "What is at the service and whose it is, as of `read_at`; where nothing was sent yet it is read now, or was within the last minute; filter by state, `undecided`, `user` or `group`",
            )
            .list()
            .gives::<ScimAdoptionList>(200),
        Operation::post("/scim-providers/{name}/adoption/read", Auditor, reread)
            .named("reread_scim_adoption", "Read anew what is at the service, where nothing was sent yet; the list says then since when it is")
            .later(),
        Operation::post("/scim-providers/{name}/adoption", Administrator, decide)
            .named("decide_scim_adoption", "Decide which objects with the names of ours become ours")
            .takes::<Decisions>()
            .later(),
        Operation::get("/scim-providers/{name}/preview/users/{username}", Auditor, preview_user)
            .named("preview_scim_user", "Exactly what would be sent for a user; nothing is sent")
            .gives::<ScimPreview>(200),
        Operation::get("/scim-providers/{name}/preview/groups/{group}", Auditor, preview_group)
            .named("preview_scim_group", "Exactly what would be sent for a group; nothing is sent")
            .gives::<ScimPreview>(200),
    ]
}

async fn objects(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Listing(query): Listing,
) -> Result<Json<Page<ScimObjectRow>>, Problem> {
    Ok(Json(caller.auditor()?.scim_objects(&name, &query).await?))
}

/// A path that names something else than a user or a group names nothing.
fn known(kind: &str) -> Result<(), Box<Problem>> {
    match kind {
        "user" | "group" => Ok(()),
        _ => Err(Box::new(Problem::new(StatusCode::NOT_FOUND, "not_found", "an object is a `user` or a `group`"))),
    }
}

async fn object(
    Bearer(caller): Bearer,
    Named((name, kind, local)): Named<(String, String, String)>,
) -> Result<Json<ScimObjectDetail>, Problem> {
    known(&kind).map_err(|problem| *problem)?;
    Ok(Json(caller.auditor()?.scim_object(&name, &kind, &local).await?))
}

async fn sync_object(
    Bearer(caller): Bearer,
    Named((name, kind, local)): Named<(String, String, String)>,
) -> Result<StatusCode, Problem> {
    known(&kind).map_err(|problem| *problem)?;
    caller.admin()?.sync_scim_object(&name, &kind, &local).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn adoption(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Listing(query): Listing,
) -> Result<Json<ScimAdoptionList>, Problem> {
    Ok(Json(caller.auditor()?.scim_adoption(&name, &query).await?))
}

async fn reread(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<StatusCode, Problem> {
    caller.auditor()?.reread_scim_adoption(&name).await?;
    Ok(StatusCode::ACCEPTED)
}

async fn decide(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Body(decided): Body<Decisions>,
) -> Result<StatusCode, Problem> {
    caller.admin()?.decide_scim_adoption(&name, &decided.decisions).await?;
    Ok(StatusCode::ACCEPTED)
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
