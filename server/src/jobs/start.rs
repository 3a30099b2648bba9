use domain::Services;
use tokio::task::JoinSet;

use super::{expire, follow, names, provision, webhooks};

/// Starts all that runs beside the requests. It ends when the set is dropped.
pub fn start(services: &Services) -> JoinSet<()> {
    let mut jobs = JoinSet::new();
    jobs.spawn(follow::follow(services.clone()));
    jobs.spawn(provision::provision(services.clone()));
    jobs.spawn(expire::expire(services.clone()));
    jobs.spawn(names::names(services.clone()));
    jobs.spawn(webhooks::webhooks(services.clone()));
    jobs
}
