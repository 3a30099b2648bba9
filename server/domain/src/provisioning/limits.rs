use std::time::Duration;

use expression::Limits;

/// Limits of expressions beside the requests: nobody waits for the page, and somebody whose mapping ran out of time
/// because the machine was busy would be left out, or taken for somebody who has left.
pub(crate) fn unhurried() -> Limits {
    Limits { time: Duration::from_millis(500), ..Limits::default() }
}
