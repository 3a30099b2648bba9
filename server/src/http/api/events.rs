use axum::Json;
use model::{Event, Overview, Page};

use super::{
    bearer::Bearer,
    given::{Listing, Named},
    operation::{Least::Auditor, Operation},
};
use crate::http::problem::Problem;

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/events", Auditor, list)
            .named("list_events", "A page of the events, newest first; filter by kind, target is met exactly")
            .list()
            .gives::<Page<Event>>(200),
        Operation::get("/events/{id}", Auditor, read).named("read_event", "One event").gives::<Event>(200),
        Operation::get("/overview", Auditor, overview)
            .named("read_overview", "Counts, keys by expiry and the latest events")
            .gives::<Overview>(200),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<Event>>, Problem> {
    Ok(Json(caller.auditor()?.events(&query).await?))
}

async fn read(Bearer(caller): Bearer, Named(id): Named<String>) -> Result<Json<Event>, Problem> {
    Ok(Json(caller.auditor()?.event(&id).await?))
}

async fn overview(Bearer(caller): Bearer) -> Result<Json<Overview>, Problem> {
    Ok(Json(caller.auditor()?.overview().await?))
}
