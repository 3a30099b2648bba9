use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::{Query, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{Error, Services};
use futures_util::stream;
use serde::Deserialize;

use super::{client::Client, closing::Closing, problem};

#[derive(Deserialize)]
pub struct From {
    #[serde(default)]
    after: String,
}

/// How often the trail is looked at. One indexed read for each page that is open.
const PACE: Duration = Duration::from_secs(2);
/// Counting ends here: a reader needs no exact large number.
const MOST: u32 = 100;

struct Watch {
    services: Services,
    closing: Closing,
    client: Client,
    after: String,
    told: u32,
}

/// Server-sent events named `count`: how many events are newer than the one named, each time the number changes.
/// The session is asked for at every turn, so the stream ends soon after the session does,
/// and it ends when the server is asked to.
pub async fn follow(
    State(services): State<Services>,
    Extension(closing): Extension<Closing>,
    client: Client,
    Query(from): Query<From>,
) -> Response {
    let watch = Watch { services, closing, client, after: from.after.chars().take(100).collect(), told: 0 };
    if let Err(error) = count(&watch).await {
        return problem::answer(error);
    }
    let counts = stream::unfold(watch, |mut watch| async move {
        loop {
            let now = count(&watch).await.ok()?;
            if now != watch.told {
                watch.told = now;
                let event = Event::default().event("count").data(now.to_string());
                return Some((Ok::<_, Infallible>(event), watch));
            }
            tokio::select! {
                () = tokio::time::sleep(PACE) => {}
                () = watch.closing.begun() => return None,
            }
        }
    });
    Sse::new(counts).keep_alive(KeepAlive::default()).into_response()
}

async fn count(watch: &Watch) -> Result<u32, Error> {
    watch.client.unattended(&watch.services).await?.auditor()?.events_after(&watch.after, MOST).await
}
