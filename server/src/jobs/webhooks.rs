use std::time::Duration;

use domain::{Courier, Services};

/// How often it is looked whether something happened.
const LOOK: Duration = Duration::from_secs(2);

/// Tells webhooks of events.
pub async fn webhooks(services: Services) {
    let courier = Courier::new(services);
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = courier.round().await {
            tracing::error!(%error, "webhooks cannot be told");
        }
    }
}
