use axum::{Json, http::StatusCode};
use model::{Application, ApplicationDetail, ApplicationRow, NameIdCheck, NameIdReport, Page, Preview};

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
        Operation::get("/applications", Auditor, list)
            .named("list_applications", "A page of the applications; sort by name or slug")
            .list()
            .gives::<Page<ApplicationRow>>(200),
        Operation::post("/applications", Administrator, create)
            .named("create_application", "Make an application")
            .takes::<Application>()
            .gives::<ApplicationDetail>(201),
        Operation::get("/applications/{slug}", Auditor, read)
            .named("read_application", "One application with its addresses")
            .gives::<ApplicationDetail>(200),
        Operation::put("/applications/{slug}", Administrator, update)
            .named("update_application", "Put an application in the place of the one that was read")
            .at_version()
            .takes::<Application>()
            .gives::<ApplicationDetail>(200),
        Operation::delete("/applications/{slug}", Administrator, delete)
            .named("delete_application", "Delete an application; nobody signs on to it any more")
            .at_version(),
        Operation::get("/applications/{slug}/preview/{username}", Auditor, preview)
            .named(
                "preview_sign_on",
                "The very response that a user would get, without the values of its signatures, and AWS's verdict on each rule; leaves an event",
            )
            .gives::<Preview>(200),
        Operation::get("/applications/{slug}/name-ids", Auditor, name_ids)
            .named("check_name_ids", "Whether IAM Identity Center would find everybody in scope; of very many people the first are looked at")
            .gives::<NameIdReport>(200),
        Operation::get("/applications/{slug}/name-ids/{username}", Auditor, name_id)
            .named("check_name_id", "Whether IAM Identity Center would find a user: the NameID of the sign-on against the userName that is pushed")
            .gives::<NameIdCheck>(200),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<ApplicationRow>>, Problem> {
    Ok(Json(caller.auditor()?.applications(&query).await?))
}

async fn create(
    Bearer(caller): Bearer,
    Body(application): Body<Application>,
) -> Result<Created<ApplicationDetail>, Problem> {
    let (admin, slug) = (caller.admin()?, application.slug.to_string());
    admin.create_application(application).await?;
    Ok(created(&["applications", &slug], admin.application(&slug).await?))
}

async fn read(Bearer(caller): Bearer, Named(slug): Named<String>) -> Result<Json<ApplicationDetail>, Problem> {
    Ok(Json(caller.auditor()?.application(&slug).await?))
}

async fn name_ids(Bearer(caller): Bearer, Named(slug): Named<String>) -> Result<Json<NameIdReport>, Problem> {
    Ok(Json(caller.auditor()?.name_id_report(&slug).await?))
}

async fn name_id(
    Bearer(caller): Bearer,
    Named((slug, username)): Named<(String, String)>,
) -> Result<Json<NameIdCheck>, Problem> {
    Ok(Json(caller.auditor()?.name_id_check(&slug, &username).await?))
}

async fn update(
    Bearer(caller): Bearer,
    Named(slug): Named<String>,
    Version(version): Version,
    Body(application): Body<Application>,
) -> Result<Json<ApplicationDetail>, Problem> {
    let admin = caller.admin()?;
    admin.update_application(&slug, version, application).await?;
    Ok(Json(admin.application(&slug).await?))
}

async fn delete(
    Bearer(caller): Bearer,
    Named(slug): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.delete_application(&slug, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn preview(
    Bearer(caller): Bearer,
    Named((slug, username)): Named<(String, String)>,
) -> Result<Json<Preview>, Problem> {
    Ok(Json(caller.auditor()?.preview(&slug, &username).await?))
}
