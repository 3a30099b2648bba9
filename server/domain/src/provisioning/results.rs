use model::{ScimRun, ScimRunResult};
use scim::step::Step;

use super::{view::step_row, worker::Worker};
use crate::Error;

/// Results in one note.
pub(super) const PAGE: u64 = 200;

/// The name of the note with a page of a run's results, from 0 on.
pub(super) fn note(run: u64, page: u64) -> String {
    format!("run/{run}/{page}")
}

/// How many notes the results of a run take.
pub(super) fn pages(results: u64) -> u64 {
    results.div_ceil(PAGE)
}

impl Worker {
    /// Takes note of what became of a step.
    pub(super) async fn result(&mut self, step: &Step, outcome: &str, words: &str) -> Result<(), Error> {
        if self.state.run().is_none() {
            return Ok(());
        }
        let snapshot = self.services.snapshot();
        let record = snapshot.configuration.scim_providers.get(&self.provider);
        let dialect = record.map(|record| record.value.provider.dialect).unwrap_or_default();
        let row = step_row(step, &self.mirror()?.observed, dialect);
        let (local, outcome, words) = (step.object.id.to_string(), outcome.to_owned(), words.to_owned());
        self.results.push(ScimRunResult { step: row, local, outcome, words });
        if let Some(run) = self.state.run() {
            run.results += 1;
        }
        if self.results.len() as u64 >= PAGE {
            self.keep_results().await?;
            self.results.clear();
        }
        Ok(())
    }

    /// Writes down the page of results that is being filled.
    pub(super) async fn keep_results(&mut self) -> Result<(), Error> {
        let Some(run) = self.state.run().filter(|run| run.results > 0) else { return Ok(()) };
        let name = note(run.id, (run.results - 1) / PAGE);
        if self.results.is_empty() { Ok(()) } else { self.put_note(&name, &self.results).await }
    }

    /// Begins a run and forgets the oldest one.
    pub(super) async fn begin_run(&mut self, started: String) -> Result<(), Error> {
        self.results.clear();
        self.run_began = self.services.pace().millis();
        let forgotten: Vec<ScimRun> = self.state.begin_run(started);
        for run in forgotten {
            for page in 0..pages(run.results) {
                let store = self.services.provisioning();
                store.put_note(&self.provider, self.lease, &note(run.id, page), None).await?;
            }
        }
        Ok(())
    }
}
