use serde::{Deserialize, Serialize};

use crate::{Page, ScimPlanView, ScimStepRow};

/// A plan that was kept: what a synchronisation would have done when it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimStoredPlan {
    pub id: String,
    /// RFC 3339.
    pub made: String,
    /// Username of who asked for it.
    pub by: String,
    /// RFC 3339: when it was let go. None: it was not.
    pub applied: Option<String>,
    /// What it comes to. Its steps are read page by page.
    pub plan: ScimPlanView,
}

/// The same with a page of its steps, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimStoredPlanDetail {
    pub stored: ScimStoredPlan,
    pub steps: Page<ScimStepRow>,
}
