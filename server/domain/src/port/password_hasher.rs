/// The costly half of a sign-in. A port so that it can be counted: whoever signs in under a name that does not exist
/// must cause what somebody with a wrong password causes, or the time taken tells which names exist.
pub trait PasswordHasher: Send + Sync {
    /// Whether a password is the one behind a PHC string. False for a string that is none.
    fn matches(&self, phc: &str, password: &str) -> bool;
}
