use std::sync::Arc;

use model::{EventKind, ScimHealth, ScimPlanView};
use scim::{
    dialect::Dialect,
    plan::{PlanOptions, plan_of},
    state::Observed,
    verify::rebuild,
};
use serde_json::json;

use super::{
    approval::first_at,
    control::Control,
    first_look::unseen,
    lately::Lately,
    people::Cache,
    planning::{Making, Planned},
    reading,
    removals::{deeds, digest, removals, why},
    settings, view,
    worker::{Next, Worker},
};
use crate::{
    Error, Services,
    events::Entry,
    port::{Kind, Lease, ScimRecord},
};

/// Rounds in which the service does not answer, before a command gives up.
const PATIENCE: u32 = 5;

/// What a synchronisation would do.
pub struct PlannedSync {
    pub view: ScimPlanView,
    /// Of its steps: two plans that would do the same have the same.
    pub(super) digest: String,
    /// Of what it takes away.
    pub(super) removals: String,
}

impl Services {
    /// Names of all SCIM providers.
    pub fn scim_provider_names(&self) -> Vec<String> {
        self.snapshot().configuration.scim_providers.keys().cloned().collect()
    }

    pub(super) fn scim_record(&self, name: &str) -> Result<ScimRecord, Error> {
        let snapshot = self.snapshot();
        let found = snapshot.configuration.scim_providers.get(name);
        found.map(|record| record.value.clone()).ok_or_else(|| Error::missing(Kind::ScimProvider, name))
    }

    /// What a synchronisation would do now, with so many of its steps one by one. Where nothing was ever sent, what is
    /// there is read; nothing is changed.
    pub async fn plan_scim(&self, name: &str, shown: usize) -> Result<PlannedSync, Error> {
        self.refresh().await?;
        let record = self.scim_record(name)?;
        let snapshot = self.snapshot();
        let (wanted, _) = self.wanted(&snapshot, &record.provider, Cache::default()).await?;
        if !wanted.connected {
            let why = format!("no application has {name} as a backchannel provider, so nobody is in scope");
            return Err(Error::Conflict(why));
        }
        let dialect = settings::dialect(&record.provider, self.described(&record).await.as_ref());
        let now = self.clock().now();
        let state = self.scim_state(name).await?;
        let another = state.is_of_another(&record.provider.url);
        let kept = if another { None } else { self.kept_mirror(name, Lease { fence: 0 }).await? };
        let protected = settings::protected(&record.provider);
        let (observed, sender) = match kept {
            Some(mirror) => (Observed { protected, ..mirror.observed }, self.looker(&record, &dialect).ok()),
            None => {
                let sender = self.looker(&record, &dialect)?;
                let listing = self.look(&record, &sender).await?;
                let adopt = settings::options(&record.provider, now).adopt;
                let mut observed = rebuild(&wanted.claims(), &listing, &dialect, adopt, protected, now);
                reading::rosters(&sender, &mut observed, || false).await.map_err(unseen)?;
                (observed, Some(sender))
            }
        };
        let wanted = Arc::new(wanted);
        let rendered = Arc::clone(&wanted);
        let making = Making {
            desired: move |observed: &Observed| rendered.desired(observed).0,
            plan: move |observed: &Observed, dialect: &Dialect, options: &PlanOptions| {
                let (desired, failures) = wanted.desired(observed);
                // What it was made of is as large as what the plan is going to be.
                drop(wanted);
                (plan_of(desired, observed, dialect, options), failures)
            },
        };
        let Planned { observed, plan, guessed, beside: failures } =
            Box::pin(self.planned(&record, making, observed, &dialect, sender.as_ref(), now)).await?;
        if let Some(trouble) = guessed {
            return Err(unseen(trouble));
        }
        let (threshold, kind) = (settings::threshold(&record.provider), record.provider.dialect);
        let lately = if another { Lately::default() } else { self.taken_lately(name).await? };
        let mut planned = self
            .busy(move || {
                let (earlier, since) = lately.before(&plan.steps, &observed, now);
                let hazard = plan.hazard_after(&threshold, earlier).map(|hazard| why(&hazard, since, kind));
                let view = view::plan_view(&plan, &failures, &observed, &dialect, hazard, kind, shown);
                let removals = digest(&removals(&plan.steps, &observed));
                PlannedSync { view, digest: deeds(&plan), removals }
            })
            .await?;
        let view = &mut planned.view;
        if another || state.moved {
            let moved = first_at(&record.provider.url);
            view.hazard = Some(view.hazard.take().map_or(moved.clone(), |hazard| format!("{moved}; {hazard}")));
        }
        Ok(planned)
    }

    /// Synchronises until nothing is left to do, for a command: goes on where it was cancelled, and tries again what the
    /// service refused. Refused while another process works for the provider.
    pub async fn sync_scim(&self, name: &str) -> Result<ScimHealth, Error> {
        self.refresh().await?;
        self.scim_record(name)?;
        self.ask_for_sync(name).await?;
        let mut worker = Worker::new(self.clone(), name);
        let (mut failed, mut waited) = (0, 0);
        loop {
            match worker.round().await? {
                Next::Wait | Next::Gone => break,
                Next::After(millis) => {
                    failed = worker.failures;
                    waited += 1;
                    if failed >= PATIENCE || waited > 1_000 {
                        break;
                    }
                    self.pace().pause(millis).await;
                }
            }
        }
        let health = self.scim_state(name).await?.health;
        if failed >= PATIENCE { Err(Error::Unavailable(health.words)) } else { Ok(health) }
    }

    /// What [`crate::Admin::sync_scim_provider`] does, for whoever holds the database.
    async fn ask_for_sync(&self, name: &str) -> Result<(), Error> {
        let entry = Entry {
            kind: EventKind::Updated,
            actor: "command line",
            target: format!("SCIM provider {name}"),
            address: "",
            message: format!("a synchronisation of {name} was asked for on the command line"),
            detail: json!({}),
        };
        let sync = |control: &mut Control| {
            control.sync += 1;
            Ok(())
        };
        self.ask_worker(name, entry, sync).await
    }
}
