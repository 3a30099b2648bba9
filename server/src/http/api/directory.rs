use axum::Json;
use model::{GroupDetail, GroupRow, Page, UserDetail, UserRow};

use super::{
    bearer::Bearer,
    given::{Listing, Named},
    operation::{Least::Auditor, Operation},
};
use crate::http::problem::Problem;

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/users", Auditor, users)
            .named("list_users", "A page of the users; sort by username, name or email")
            .list()
            .gives::<Page<UserRow>>(200),
        Operation::get("/users/{username}", Auditor, user)
            .named("read_user", "One user with all groups")
            .gives::<UserDetail>(200),
        Operation::get("/groups", Auditor, groups)
            .named("list_groups", "A page of the groups; sort by name")
            .list()
            .gives::<Page<GroupRow>>(200),
        Operation::get("/groups/{name}", Auditor, group)
            .named("read_group", "One group with its direct members")
            .gives::<GroupDetail>(200),
    ]
}

async fn users(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<UserRow>>, Problem> {
    Ok(Json(caller.auditor()?.users(&query).await?))
}

async fn user(Bearer(caller): Bearer, Named(username): Named<String>) -> Result<Json<UserDetail>, Problem> {
    Ok(Json(caller.auditor()?.user(&username).await?))
}

async fn groups(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<GroupRow>>, Problem> {
    Ok(Json(caller.auditor()?.groups(&query).await?))
}

async fn group(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<GroupDetail>, Problem> {
    Ok(Json(caller.auditor()?.group(&name).await?))
}
