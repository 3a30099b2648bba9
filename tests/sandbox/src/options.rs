//! What a sandbox is started with.

use std::fmt;
use std::sync::Arc;

use crate::faults::FaultPlan;
use crate::identity_center::IdentityCenterOptions;
use crate::partition::Partition;

/// Gives the time since the beginning of 1970.
pub type Now = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What a sandbox is started with.
#[derive(Clone)]
pub struct SandboxOptions {
    /// Where the sandbox is reached, without a slash at the end. `{base_url}/saml` is its assertion consumer service,
    /// accepted beside AWS's own.
    pub base_url: String,
    /// Unix seconds; the real clock by default.
    pub now: Now,
    /// The same in milliseconds, by which the limits of requests a second are counted; the real clock by default.
    pub millis: Now,
    /// The partition of callers, and of its own consumer service's metadata.
    pub partition: Partition,
    /// The account of callers whose access key is not itself an account id.
    pub account: String,
    /// IAM Identity Center.
    pub identity_center: IdentityCenterOptions,
    /// What shall go wrong.
    pub faults: FaultPlan,
    /// Whether callers on this machine may use the control endpoint below `/_sandbox/`.
    pub control: bool,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:8181".into(),
            now: Arc::new(|| jiff::Timestamp::now().as_second()),
            millis: Arc::new(|| jiff::Timestamp::now().as_millisecond()),
            partition: Partition::default(),
            account: "123412341234".into(),
            identity_center: IdentityCenterOptions::default(),
            faults: FaultPlan::default(),
            control: true,
        }
    }
}

impl fmt::Debug for SandboxOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxOptions")
            .field("base_url", &self.base_url)
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
