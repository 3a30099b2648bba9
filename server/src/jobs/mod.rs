//! What runs beside the requests.
mod follow;
mod provision;

use domain::Services;
use tokio::task::JoinSet;

/// Starts all of it. It ends when the set is dropped.
pub fn start(services: &Services) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    jobs.spawn(follow::follow(services.clone()));
    jobs.spawn(provision::provision(services.clone()));
    jobs
}
