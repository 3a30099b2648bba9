use std::time::Duration;

use domain::Services;

/// How often the dates of keys are looked at; their warnings are days apart.
const LOOK: Duration = Duration::from_hours(1);

/// Tells of keys whose end is near.
pub async fn expire(services: Services) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = services.warn_of_expiries().await {
            tracing::error!(%error, "the dates of keys cannot be looked at");
        }
    }
}
