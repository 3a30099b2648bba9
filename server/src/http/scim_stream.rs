use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::{Path, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use domain::{Error, Services};
use futures_util::stream;
use model::ScimProgress;

use super::{client::Client, closing::Closing, problem};

/// How often it is looked. A worker writes down how far it is once a second.
const PACE: Duration = Duration::from_secs(1);

struct Watch {
    services: Services,
    closing: Closing,
    client: Client,
    provider: String,
    /// What was told last.
    told: Option<String>,
}

/// Server-sent events named `progress`: how far the worker of a provider is, each time that changes; the first at once.
/// The session is asked for at every turn, so the stream ends soon after the session does,
/// and it ends when the server is asked to.
pub async fn follow(
    State(services): State<Services>,
    Extension(closing): Extension<Closing>,
    client: Client,
    Path(provider): Path<String>,
) -> Response {
    let watch = Watch { services, closing, client, provider, told: None };
    // What is wrong from the start has a status of its own.
    if let Err(error) = progress(&watch).await {
        return problem::answer(error);
    }
    let steps = stream::unfold(watch, |mut watch| async move {
        loop {
            let now = serde_json::to_string(&progress(&watch).await.ok()?).ok()?;
            if watch.told.as_ref() != Some(&now) {
                let event = Event::default().event("progress").data(&now);
                watch.told = Some(now);
                return Some((Ok::<_, Infallible>(event), watch));
            }
            tokio::select! {
                () = tokio::time::sleep(PACE) => {}
                () = watch.closing.begun() => return None,
            }
        }
    });
    Sse::new(steps).keep_alive(KeepAlive::default()).into_response()
}

async fn progress(watch: &Watch) -> Result<ScimProgress, Error> {
    watch.client.unattended(&watch.services).await?.auditor()?.scim_progress(&watch.provider).await
}
