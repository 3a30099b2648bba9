use std::collections::BTreeSet;

use axum::{Json, http::StatusCode};
use domain::Error;
use model::{Attributes, Page, Role, User, UserDetail, UserRow};
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

/// A user as it is written. What is left out is empty.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenUser {
    /// What they sign in with; it is compared without regard to case.
    username: String,
    /// Made here. Where it is given, it is the one that was read.
    #[serde(default)]
    uid: Option<String>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    family_name: String,
    #[serde(default)]
    email: String,
    /// Whether they may sign in.
    #[serde(default = "yes")]
    active: bool,
    #[serde(default)]
    role: Role,
    #[serde(default)]
    service_account: bool,
    /// The groups that the user is a direct member of, by name.
    #[serde(default)]
    groups: BTreeSet<String>,
    #[serde(default)]
    attributes: Attributes,
}

/// A user to be made. Without a password there is no sign-in by password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewUser {
    user: WrittenUser,
    #[serde(default)]
    password: Option<String>,
}

/// It goes in and never comes out.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    password: String,
}

fn yes() -> bool {
    true
}

impl WrittenUser {
    /// `known`: what the identifier is; None: there is none yet.
    fn user(self, known: Option<&str>) -> Result<User, Error> {
        if self.uid.as_deref().is_some_and(|uid| Some(uid) != known) {
            return Err(Error::invalid("uid", "a user's identifier is made here and stays: leave it out"));
        }
        Ok(User {
            username: self.username,
            uid: String::new(),
            name: self.name,
            given_name: self.given_name,
            family_name: self.family_name,
            email: self.email,
            active: self.active,
            role: self.role,
            service_account: self.service_account,
            groups: self.groups,
            attributes: self.attributes,
        })
    }
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/users", Auditor, list)
            .named("list_users", "A page of the users; sort by username, name or email")
            .list()
            .gives::<Page<UserRow>>(200),
        Operation::post("/users", Administrator, create)
            .named("create_user", "Make a user; the password is never told again")
            .takes::<NewUser>()
            .gives::<UserDetail>(201),
        Operation::get("/users/{username}", Auditor, read)
            .named("read_user", "One user with all groups")
            .gives::<UserDetail>(200),
        Operation::put("/users/{username}", Administrator, update)
            .named(
                "update_user",
                "Put a user in the place of the one that was read; name, identifier and password stay, and who is deactivated is signed out",
            )
            .at_version()
            .takes::<WrittenUser>()
            .gives::<UserDetail>(200),
        Operation::put("/users/{username}/password", Administrator, set_password)
            .named("set_user_password", "Set a user's password; the user is signed out everywhere")
            .at_version()
            .takes::<NewPassword>(),
        Operation::delete("/users/{username}", Administrator, delete)
            .named("delete_user", "Delete a user that no binding names; sessions end, and tokens of the user open nothing")
            .at_version(),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<UserRow>>, Problem> {
    Ok(Json(caller.auditor()?.users(&query).await?))
}

async fn create(Bearer(caller): Bearer, Body(new): Body<NewUser>) -> Result<Created<UserDetail>, Problem> {
    let (admin, username) = (caller.admin()?, new.user.username.clone());
    admin.create_user(new.user.user(None)?, new.password).await?;
    Ok(created(&["users", &username], admin.user(&username).await?))
}

async fn read(Bearer(caller): Bearer, Named(username): Named<String>) -> Result<Json<UserDetail>, Problem> {
    Ok(Json(caller.auditor()?.user(&username).await?))
}

async fn update(
    Bearer(caller): Bearer,
    Named(username): Named<String>,
    Version(version): Version,
    Body(written): Body<WrittenUser>,
) -> Result<Json<UserDetail>, Problem> {
    let admin = caller.admin()?;
    let uid = admin.user(&username).await?.user.uid;
    admin.update_user(&username, version, written.user(Some(&uid))?).await?;
    Ok(Json(admin.user(&username).await?))
}

async fn set_password(
    Bearer(caller): Bearer,
    Named(username): Named<String>,
    Version(version): Version,
    Body(new): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    caller.admin()?.set_user_password(&username, version, new.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete(
    Bearer(caller): Bearer,
    Named(username): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.delete_user(&username, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
