/// How a run ended, as a monitor counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Nothing was left to send.
    Done,
    /// The service gave no good answer.
    Failed,
    /// The token or the address was not accepted.
    Refused,
    /// The rest waits for an administrator.
    Held,
    /// An administrator broke it off.
    Cancelled,
    /// The rest was planned anew, here or by the worker after this one.
    Interrupted,
}

impl Ending {
    /// The name in figures, which stays.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
        }
    }
}
