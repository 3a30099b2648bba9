use axum::{Json, http::StatusCode};
use model::{Group, GroupDetail, GroupRow, Page};

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
        Operation::get("/groups", Auditor, list)
            .named("list_groups", "A page of the groups; sort by name")
            .list()
            .gives::<Page<GroupRow>>(200),
        Operation::post("/groups", Administrator, create)
            .named("create_group", "Make a group; users name the groups that they are in")
            .takes::<Group>()
            .gives::<GroupDetail>(201),
        Operation::get("/groups/{name}", Auditor, read)
            .named("read_group", "One group with its direct members")
            .gives::<GroupDetail>(200),
        Operation::put("/groups/{name}", Administrator, update)
            .named("update_group", "Put a group in the place of the one that was read; its name and its members stay")
            .at_version()
            .takes::<Group>()
            .gives::<GroupDetail>(200),
        Operation::delete("/groups/{name}", Administrator, delete)
            .named(
                "delete_group",
                "Delete a group that no application and no SCIM provider names; its members leave it",
            )
            .at_version(),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<GroupRow>>, Problem> {
    Ok(Json(caller.auditor()?.groups(&query).await?))
}

async fn create(Bearer(caller): Bearer, Body(group): Body<Group>) -> Result<Created<GroupDetail>, Problem> {
    let (admin, name) = (caller.admin()?, group.name.clone());
    admin.create_group(group).await?;
    Ok(created(&["groups", &name], admin.group(&name).await?))
}

async fn read(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<GroupDetail>, Problem> {
    Ok(Json(caller.auditor()?.group(&name).await?))
}

async fn update(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
    Body(group): Body<Group>,
) -> Result<Json<GroupDetail>, Problem> {
    let admin = caller.admin()?;
    admin.update_group(&name, version, group).await?;
    Ok(Json(admin.group(&name).await?))
}

async fn delete(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.delete_group(&name, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
