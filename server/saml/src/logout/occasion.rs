//! When and where a logout message arrived: what it is held against once its signature is verified.

use super::{LogoutRequest, LogoutResponse};
use crate::trust::{Distrust, addressed, fresh};

/// The circumstances of an arrival. Times are unix seconds.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// Now.
    pub now: i64,
    /// How far the clocks may be apart, in seconds.
    pub skew: i64,
    /// How old a message may be, in seconds.
    pub lifetime: i64,
    /// Our addresses that a message may be addressed to, each spelled as in our metadata.
    pub destinations: &'a [String],
}

impl LogoutRequest {
    /// Holds the request against its arrival. It must name its destination, because it must be signed (profiles
    /// §4.4.3.1), and must not have expired.
    ///
    /// # Errors
    /// [`Distrust`], which says why it must not be acted upon.
    pub fn check(&self, occasion: &Occasion<'_>) -> Result<(), Distrust> {
        addressed(self.destination.as_deref(), true, occasion.destinations)?;
        fresh(self.issue_instant, occasion.now, occasion.skew, occasion.lifetime)?;
        match self.not_on_or_after.map(|end| occasion.now.saturating_sub(end).saturating_sub(occasion.skew)) {
            Some(late) if late >= 0 => Err(Distrust::Expired(late)),
            _ => Ok(()),
        }
    }
}

impl LogoutResponse {
    /// Holds the response against its arrival. Whether it answers a request of ours is for the caller to know.
    ///
    /// # Errors
    /// [`Distrust`], which says why it must not be acted upon.
    pub fn check(&self, occasion: &Occasion<'_>) -> Result<(), Distrust> {
        addressed(self.destination.as_deref(), true, occasion.destinations)?;
        fresh(self.issue_instant, occasion.now, occasion.skew, occasion.lifetime)
    }
}
