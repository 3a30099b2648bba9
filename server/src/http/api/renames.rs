use axum::Json;
use model::Renamed;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    bearer::Bearer,
    body::Body,
    given::Named,
    operation::{Least::Administrator, Operation},
};
use crate::http::problem::Problem;

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/groups/{name}/rename", Administrator, group)
            .named(
                "rename_group",
                "Give a group another name wherever it is named; services are told of the name alone",
            )
            .takes::<NewName>()
            .gives::<Renamed>(200),
        Operation::post("/users/{username}/rename", Administrator, user)
            .named("rename_user", "Give a user another user name wherever it is named; the user's sessions end")
            .takes::<NewName>()
            .gives::<Renamed>(200),
    ]
}

/// What something is called from now on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewName {
    name: String,
    /// The version that was read; a newer one is a conflict. None: whichever there is.
    #[serde(default)]
    version: Option<u64>,
}

async fn group(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Body(new): Body<NewName>,
) -> Result<Json<Renamed>, Problem> {
    Ok(Json(caller.admin()?.rename_group(&name, new.version, &new.name).await?))
}

async fn user(
    Bearer(caller): Bearer,
    Named(username): Named<String>,
    Body(new): Body<NewName>,
) -> Result<Json<Renamed>, Problem> {
    Ok(Json(caller.admin()?.rename_user(&username, new.version, &new.name).await?))
}
