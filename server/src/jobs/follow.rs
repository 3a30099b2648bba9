use std::time::Duration;

use domain::Services;

/// How long another server's change, a revocation above all, may go unseen here.
const FOLLOW: Duration = Duration::from_secs(1);
/// Every so many rounds, sessions that are over are removed.
const SWEEP: u32 = 300;

/// Follows the store's epoch and sweeps sessions.
pub async fn follow(services: Services) {
    let mut ticks = tokio::time::interval(FOLLOW);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for round in 0u32.. {
        ticks.tick().await;
        if let Err(error) = services.refresh().await {
            tracing::error!(%error, "the store's changes cannot be followed");
        }
        if round % SWEEP == 0
            && let Err(error) = services.sweep().await
        {
            tracing::error!(%error, "ended sessions cannot be removed");
        }
    }
}
