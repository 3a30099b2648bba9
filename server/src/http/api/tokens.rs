use axum::{Json, http::StatusCode};
use model::{ApiToken, ApiTokenDraft, NewApiToken, Page};

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
        Operation::get("/tokens", Auditor, list)
            .named("list_tokens", "A page of the tokens of this API, by owner and label; never a token itself")
            .list()
            .gives::<Page<ApiToken>>(200),
        Operation::post("/tokens", Administrator, create)
            .named("create_token", "Make a token; it is in this answer and nowhere else")
            .takes::<ApiTokenDraft>()
            .gives::<NewApiToken>(201),
        Operation::delete("/tokens/{id}", Administrator, revoke)
            .named("revoke_token", "Revoke a token; it ends at once")
            .at_version(),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<ApiToken>>, Problem> {
    Ok(Json(caller.auditor()?.api_tokens(&query).await?))
}

async fn create(Bearer(caller): Bearer, Body(draft): Body<ApiTokenDraft>) -> Result<Created<NewApiToken>, Problem> {
    let new = caller.admin()?.create_api_token(&draft).await?;
    let id = new.token.id.clone();
    Ok(created(&["tokens", &id], new))
}

async fn revoke(
    Bearer(caller): Bearer,
    Named(id): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.revoke_api_token(&id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}
