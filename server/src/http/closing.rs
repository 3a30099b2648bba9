use tokio::sync::watch;

/// Whether the server is on its way out. A page that is open holds a stream that would never end by itself, and an answer
/// under way keeps the server from ending.
#[derive(Debug, Clone, Default)]
pub struct Closing(watch::Sender<bool>);

impl Closing {
    /// Ends every stream at its next turn.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Returns once it has begun.
    pub async fn begun(&self) {
        // An error would mean that the sender is gone, which this holds.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}
