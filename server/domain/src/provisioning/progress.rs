use model::{ListQuery, Page, ScimProgress, ScimRun, ScimRunDetail, ScimRunResult};

use super::{
    results::{PAGE, note, pages},
    sender::Sender,
    worker::Worker,
};
use crate::{Auditor, Error, applications::page};

/// Results that a page shows while a run is under way.
const RECENT: usize = 8;

impl Worker {
    /// Writes down how far a run is. `settled`: steps; `queue`: steps to go.
    pub(super) async fn progress(
        &mut self,
        settled: u64,
        queue: u64,
        sender: &Sender,
        parked: u64,
    ) -> Result<(), Error> {
        let elapsed = self.services.pace().millis().saturating_sub(self.run_began).max(1);
        self.state.health.queue = queue;
        if let Some(run) = self.state.run() {
            run.settled = settled;
            run.requests = sender.requests();
            run.parked = parked;
            run.per_minute = settled.saturating_mul(60_000) / elapsed;
            run.seconds_left = (settled > 0).then(|| queue.saturating_mul(elapsed) / settled / 1_000);
        }
        self.keep_results().await?;
        self.keep_state().await
    }
}

impl Auditor<'_> {
    /// How far the worker is, for a page that asks again and again.
    pub async fn scim_progress(&self, name: &str) -> Result<ScimProgress, Error> {
        let services = &self.0.services;
        services.scim_record(name)?;
        let health = services.scim_state(name).await?.health;
        let newest = health.newest_run();
        let run = health.runs.into_iter().next().filter(|run| run.ended.is_none());
        let mut recent = Vec::new();
        if let Some(run) = run.as_ref().filter(|run| run.results > 0) {
            let last = note(run.id, (run.results - 1) / PAGE);
            recent = services.scim_note::<Vec<ScimRunResult>>(name, &last).await?.unwrap_or_default();
            recent.reverse();
            recent.truncate(RECENT);
        }
        Ok(ScimProgress {
            status: health.status,
            words: health.words,
            queue: health.queue,
            run,
            recent,
            newest,
            last_synced: health.last_synced,
            last_verified: health.last_verified,
            drift: health.drift,
        })
    }

    /// The last runs, newest first. Search in how they ended.
    pub async fn scim_runs(&self, name: &str, query: &ListQuery) -> Result<Page<ScimRun>, Error> {
        let services = &self.0.services;
        services.scim_record(name)?;
        let (mut runs, wanted) = (services.scim_state(name).await?.health.runs, query.q.trim().to_lowercase());
        runs.retain(|run| run.outcome.to_lowercase().contains(&wanted));
        Ok(page(runs, query))
    }

    /// One of the last runs with what became of each step. Search in the object's name and identifier; `filter` is an
    /// outcome.
    pub async fn scim_run(&self, name: &str, id: u64, query: &ListQuery) -> Result<ScimRunDetail, Error> {
        let services = &self.0.services;
        services.scim_record(name)?;
        let runs = services.scim_state(name).await?.health.runs;
        let missing = || Error::NotFound { kind: "run", key: format!("{id} of {name}") };
        let run = runs.into_iter().find(|run| run.id == id).ok_or_else(missing)?;
        let mut results: Vec<ScimRunResult> = Vec::new();
        for page in 0..pages(run.results) {
            let rows: Option<Vec<ScimRunResult>> = services.scim_note(name, &note(id, page)).await?;
            results.extend(rows.unwrap_or_default());
        }
        let (wanted, filter) = (query.q.trim().to_lowercase(), query.filter.as_str());
        results.retain(|row| {
            let found = [&row.step.name, &row.local].iter().any(|text| text.to_lowercase().contains(&wanted));
            found && (filter.is_empty() || row.outcome == filter)
        });
        let results: Page<ScimRunResult> = page(results, query);
        Ok(ScimRunDetail { run, results })
    }
}
