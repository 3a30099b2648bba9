use axum::Json;
use model::{SignedIn, Tile};

use super::{
    bearer::Bearer,
    operation::{Least::Member, Operation},
};
use crate::http::problem::Problem;

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/me", Member, me)
            .named("read_me", "Who the token acts as, and with which role")
            .gives::<SignedIn>(200),
        Operation::get("/me/applications", Member, applications)
            .named("list_my_applications", "The applications that the owner of the token may open")
            .gives::<Vec<Tile>>(200),
    ]
}

async fn me(Bearer(caller): Bearer) -> Json<SignedIn> {
    Json(caller.signed_in())
}

async fn applications(Bearer(caller): Bearer) -> Result<Json<Vec<Tile>>, Problem> {
    Ok(Json(caller.member().tiles().await?))
}
