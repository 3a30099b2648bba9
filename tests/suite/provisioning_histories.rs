//! Long histories of the worker as it is, with its store, over HTTP, against the strict double: people and groups
//! change, somebody meddles at the service, everything fails, the worker dies, and in the end both sides are equal.
//!
//! One for each way of taking away in `make test`, fifty with `ROLECALL_SOAK` set (`make soak`). `ROLECALL_SEED` tells
//! one history again: the same changes and faults, though not the same race between requests under way at once.
mod chance;
mod changes;
mod exact;
mod groups;
mod hand;
mod history;
mod people;
mod tally;
mod town;
mod weather;

use history::History;
use tests::{in_time, soak};

/// What becomes of a group that is not wanted any more.
#[derive(Clone, Copy, PartialEq)]
pub enum Departed {
    Emptied,
    Deleted,
    Kept,
}

/// How a provider takes away.
#[derive(Clone, Copy)]
pub struct Setup {
    /// In the declarative format.
    settings: &'static [&'static str],
    /// Whether who left stays there, without access.
    stays: bool,
    groups: Departed,
    /// Milliseconds until who left is deleted.
    grace: u64,
}

/// In a small town everything is a large share.
const FREELY: &str = "drift: repair, removal_threshold: { count: 100000, percent: 100, floor: 100000 }";

async fn histories(first: u64, setup: Setup) {
    let asked = std::env::var("ROLECALL_SEED").ok().and_then(|seed| seed.parse().ok());
    let seeds = asked.map_or_else(|| first..first + soak(1, 50), |seed: u64| seed..seed + 1);
    for seed in seeds {
        let history = Box::pin(async { History::begin(seed, setup).await.run().await });
        in_time(&format!("the history of ROLECALL_SEED={seed}"), history).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_history_ends_exact_where_who_leaves_is_deactivated_and_groups_are_emptied() {
    histories(1, Setup { settings: &[FREELY], stays: true, groups: Departed::Emptied, grace: 0 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_history_ends_exact_where_who_leaves_and_what_is_not_wanted_is_deleted() {
    let settings = &[FREELY, "deprovision: delete", "group_deprovision: delete"];
    histories(1001, Setup { settings, stays: false, groups: Departed::Deleted, grace: 0 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_history_ends_exact_where_who_leaves_is_deleted_later_and_groups_are_kept() {
    let settings = &[FREELY, "deprovision: delete", "deprovision_grace: 1h", "group_deprovision: keep"];
    histories(2001, Setup { settings, stays: false, groups: Departed::Kept, grace: 3_700_000 }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_history_ends_exact_where_an_administrator_decides_about_every_removal_and_every_difference() {
    let settings = &["drift: report", "removal_threshold: { count: 1, percent: 100 }"];
    histories(3001, Setup { settings, stays: true, groups: Departed::Emptied, grace: 0 }).await;
}
