//! A plan of faults, as it is written.

use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// What shall go wrong. The same plan and the same order of requests give the same faults.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultPlan {
    /// Decides what `probability` leaves open.
    pub seed: u64,
    /// In order; the first rule that fires decides. Delays add up and do not keep later rules from firing.
    pub rules: Vec<FaultRule>,
}

/// When something goes wrong, and what.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// All requests, if nothing is said.
    #[serde(default)]
    pub when: When,
    /// What happens.
    pub then: Outcome,
}

/// Conditions, all of which must hold. The first three choose the requests that the rule counts, from 1 on.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// The HTTP method.
    pub method: Option<String>,
    /// The path without query; `*` stands for any text and `?` for one character.
    pub path: Option<String>,
    /// An operation by AWS's name (`PatchGroup`), or another kind of the log of requests.
    pub kind: Option<String>,
    /// Exactly these of the requests counted.
    pub nth: Vec<u64>,
    /// Every so manieth.
    pub every: Option<u64>,
    /// From this one on.
    pub from: Option<u64>,
    /// Up to and including this one.
    pub to: Option<u64>,
    /// Unix seconds of the sandbox's clock, inclusive.
    pub since: Option<i64>,
    /// Unix seconds of the sandbox's clock, exclusive.
    pub until: Option<i64>,
    /// 0 to 1.
    pub probability: Option<f64>,
    /// The rule fires at most so often.
    pub times: Option<u64>,
}

/// What happens to a request. With `applied`, it takes effect first and only its answer is lost.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// Another answer.
    Status {
        /// HTTP status, 200 to 599.
        status: u16,
        /// The `detail` of the error body; AWS's own text by default.
        #[serde(default)]
        detail: Option<String>,
        /// A body in the place of the error body.
        #[serde(default)]
        body: Option<String>,
        /// The content type of that body; `text/html` by default, as a load balancer would answer.
        #[serde(default)]
        content_type: Option<String>,
        /// Seconds of a `Retry-After` header. AWS is not known to send one.
        #[serde(default)]
        retry_after: Option<u64>,
        /// Whether the request takes effect.
        #[serde(default)]
        applied: bool,
    },
    /// The request waits before anything else happens.
    Delay {
        /// For so long.
        milliseconds: u64,
    },
    /// The connection is reset without an answer.
    Reset {
        /// Whether the request takes effect.
        #[serde(default)]
        applied: bool,
    },
    /// The answer never comes.
    Hang {
        /// Whether the request takes effect.
        #[serde(default)]
        applied: bool,
    },
    /// The token of the request ends, now and for good.
    ExpireToken,
}

impl FaultPlan {
    /// A plan of one rule.
    #[must_use]
    pub fn of(when: When, then: Outcome) -> Self {
        Self { seed: 0, rules: vec![FaultRule { when, then }] }
    }

    /// Reads a plan in JSON.
    ///
    /// # Errors
    /// `ValidationError` with what is wrong.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let plan: Self = serde_json::from_str(text).map_err(|error| Fault::validation(error.to_string()))?;
        plan.check()?;
        Ok(plan)
    }

    /// # Errors
    /// `ValidationError` if a status, a probability or a number of requests is none.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        for rule in &self.rules {
            if matches!(rule.then, Outcome::Status { status, .. } if !(200..=599).contains(&status)) {
                return Err(Fault::validation("a status is a number from 200 to 599"));
            }
            if rule.when.probability.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
                return Err(Fault::validation("a probability is a number from 0 to 1"));
            }
            if rule.when.every == Some(0) {
                return Err(Fault::validation("every counts from 1"));
            }
        }
        Ok(())
    }
}
