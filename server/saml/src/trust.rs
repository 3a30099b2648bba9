//! Whether a message is meant for us, and now (bindings §3.4.5.2, §3.5.5.2; core §3.2.1).

use crate::error::excerpt;

/// Why a message is not acted upon, whatever it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Distrust {
    /// `Destination` is not an address of ours.
    #[error("Destination: the message was meant for `{0}`")]
    Destination(String),
    /// A signed message must say where it goes, or it could be sent on to anybody.
    #[error("Destination: a signed message must have one")]
    NoDestination,
    /// It is older than messages may be.
    #[error("IssueInstant: the message is {0} s old")]
    Stale(i64),
    /// `NotOnOrAfter` has passed.
    #[error("NotOnOrAfter: the message expired {0} s ago")]
    Expired(i64),
    /// It comes from the future.
    #[error("IssueInstant: the message is {0} s ahead of this clock")]
    Early(i64),
    /// The address is not registered for the issuer.
    #[error("AssertionConsumerServiceURL: `{0}` is not registered for the issuer")]
    Url(String),
    /// The index is not registered for the issuer.
    #[error("AssertionConsumerServiceIndex: {0} is not registered for the issuer")]
    Index(u32),
    /// No address that a response could be sent to by HTTP-POST is registered.
    #[error("no assertion consumer service of the HTTP-POST binding is registered for the issuer")]
    NoService,
}

/// `Destination` is one of ours, character by character; a signed message must have one.
pub(crate) fn addressed(destination: Option<&str>, signed: bool, ours: &[String]) -> Result<(), Distrust> {
    match destination.filter(|destination| !destination.is_empty()) {
        Some(destination) if ours.iter().any(|address| address == destination) => Ok(()),
        Some(destination) => Err(Distrust::Destination(excerpt(destination))),
        None if signed => Err(Distrust::NoDestination),
        None => Ok(()),
    }
}

/// `IssueInstant` is not in the future and not longer ago than `lifetime`, the clocks being up to `skew` seconds apart.
pub(crate) fn fresh(issue_instant: i64, now: i64, skew: i64, lifetime: i64) -> Result<(), Distrust> {
    let age = now.saturating_sub(issue_instant);
    if age < skew.saturating_neg() {
        return Err(Distrust::Early(age.saturating_neg()));
    }
    if age > lifetime.saturating_add(skew) {
        return Err(Distrust::Stale(age));
    }
    Ok(())
}
