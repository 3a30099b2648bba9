use model::ScimStatus;

use super::{
    ending::Ending,
    worker::{Next, Worker},
};
use crate::{Error, identifiers};

/// How a run ends that was broken off.
pub(super) const CANCELLED: &str = "cancelled by an administrator";

impl Worker {
    /// Rests until a synchronisation is asked for. What was approved has to be approved again.
    pub(super) async fn cancelled(&mut self, epoch: u64) -> Result<Next, Error> {
        self.keep_results().await?;
        let ended = identifiers::rfc3339(self.services.clock().now());
        self.state.end_run(ended, Ending::Cancelled, CANCELLED);
        self.state.health.pending = None;
        self.state.approved.clear();
        self.state.removals.clear();
        let words = "cancelled; it goes on when a synchronisation is asked for".to_owned();
        self.rest(epoch, ScimStatus::Cancelled, words).await
    }
}
