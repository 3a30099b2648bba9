use model::{ScimHealth, ScimNewestRun, ScimProgress, ScimStatus};

/// What the rest of a provider's page depends on. A run may begin and end, and a comparison find nothing, between two times
/// that the worker is looked at: then the state and its words are what they were, and the newest run and the times are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    status: ScimStatus,
    words: String,
    newest: Option<ScimNewestRun>,
    last_synced: Option<String>,
    last_verified: Option<String>,
    drift: u64,
}

/// As it was read with everything else of a provider.
impl From<&ScimHealth> for Stage {
    fn from(health: &ScimHealth) -> Self {
        Self {
            status: health.status,
            words: health.words.clone(),
            newest: health.newest_run(),
            last_synced: health.last_synced.clone(),
            last_verified: health.last_verified.clone(),
            drift: health.drift,
        }
    }
}

/// As it is heard from moment to moment.
impl From<ScimProgress> for Stage {
    fn from(now: ScimProgress) -> Self {
        let ScimProgress { status, words, newest, last_synced, last_verified, drift, .. } = now;
        Self { status, words, newest, last_synced, last_verified, drift }
    }
}

#[cfg(test)]
mod tests {
    use model::ScimRun;

    use super::*;

    fn after(runs: &[u64]) -> ScimHealth {
        let ended = Some("2026-01-01T00:00:00Z".to_owned());
        let runs = runs.iter().map(|id| ScimRun { id: *id, ended: ended.clone(), ..ScimRun::default() });
        ScimHealth { runs: runs.collect(), status: ScimStatus::Synced, ..ScimHealth::default() }
    }

    fn heard(health: &ScimHealth) -> Stage {
        let (status, newest) = (health.status, health.newest_run());
        Stage::from(ScimProgress { status, newest, ..ScimProgress::default() })
    }

    #[test]
    fn what_is_heard_of_what_is_shown_is_the_same_stage_and_a_run_that_is_over_already_makes_another() {
        let shown = Stage::from(&after(&[1]));
        assert_eq!(heard(&after(&[1])), shown);
        assert_ne!(heard(&after(&[2, 1])), shown);
        assert_ne!(heard(&after(&[])), shown);
    }
}
