use serde::{Deserialize, Serialize};

use crate::ScimCounts;

/// One step of a plan, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimStepRow {
    /// `create`, `change`, `deactivate`, `delete`, `adopt`, `members`.
    pub action: String,
    /// `user` or `group`.
    pub kind: String,
    pub name: String,
    pub why: String,
    /// The values or members that change, in a line each; of a deletion, what is lost with it.
    pub details: Vec<String>,
}

/// How long a plan takes at a service that takes few memberships at a time. AWS has a limit of them and does not say how
/// high it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimSlowest {
    /// Changes of membership in a second.
    pub memberships_per_second: u32,
    pub seconds: u64,
}

/// What would be done, without anything being done.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScimPlanView {
    /// The first ones, in order.
    pub steps: Vec<ScimStepRow>,
    /// All of them.
    pub total: u64,
    pub counts: ScimCounts,
    /// Requests, when every one succeeds.
    pub requests: u64,
    /// At the service's rates.
    pub seconds: u64,
    /// What it takes where the service never takes memberships faster than they are tried at first. None: about the same.
    #[serde(default)]
    pub slowest: Option<ScimSlowest>,
    /// Objects that cannot be sent as they are: name and reason.
    pub refused: Vec<(String, String)>,
    /// Mappings that failed: name of the object and message.
    pub failed: Vec<(String, String)>,
    /// How often each attribute is left out, because the service does not take it.
    pub dropped: Vec<(String, u64)>,
    /// Why the plan would wait for approval. None: it would not.
    pub hazard: Option<String>,
    /// Users and groups there that are not ours.
    pub foreign: u64,
}

impl ScimPlanView {
    /// How long the plan takes, in words.
    pub fn duration(&self) -> String {
        let about = format!("about {} s at the service's rates", self.seconds);
        match self.slowest {
            None => about,
            Some(ScimSlowest { memberships_per_second, seconds }) => {
                format!(
                    "{about}, up to {seconds} s where it takes no more than {memberships_per_second} memberships a second"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ScimPlanView, ScimSlowest};

    #[test]
    fn a_plan_that_may_take_longer_says_how_long_and_where_and_one_that_was_kept_before_is_read() {
        let plan = ScimPlanView { seconds: 440, ..ScimPlanView::default() };
        assert_eq!(plan.duration(), "about 440 s at the service's rates");
        let mut kept = serde_json::to_value(&plan).unwrap();
        kept.as_object_mut().unwrap().remove("slowest");
        assert_eq!(serde_json::from_value::<ScimPlanView>(kept).unwrap(), plan);
        let slowest = Some(ScimSlowest { memberships_per_second: 100, seconds: 930 });
        let words = ScimPlanView { slowest, ..plan }.duration();
        assert!(words.ends_with("up to 930 s where it takes no more than 100 memberships a second"), "{words}");
    }
}
