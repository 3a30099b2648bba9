//! Plans that are kept: somebody looks at one, and it is let go, as it is, or not at all.

use model::{EventKind, ListQuery, Page, ScimStepRow, ScimStoredPlan, ScimStoredPlanDetail};
use serde_json::{Value, json};

use super::{
    control::{Consent, Control},
    plan_record::PlanRecord,
};
use crate::{Admin, Auditor, Error, applications::page, events::Entry, identifiers};

impl Auditor<'_> {
    /// The plans that are kept, newest first. Search in who made them.
    pub async fn scim_plans(&self, name: &str, query: &ListQuery) -> Result<Page<ScimStoredPlan>, Error> {
        let services = &self.0.services;
        services.scim_record(name)?;
        let wanted = query.q.trim().to_lowercase();
        let mut plans: Vec<_> = services.plan_records(name).await?.into_iter().map(|record| record.stored).collect();
        plans.retain(|plan| plan.by.to_lowercase().contains(&wanted));
        Ok(page(plans, query))
    }

    /// One of them with a page of its steps. Search in names; `filter` is an action.
    pub async fn scim_stored_plan(
        &self,
        name: &str,
        id: &str,
        query: &ListQuery,
    ) -> Result<ScimStoredPlanDetail, Error> {
        let services = &self.0.services;
        services.scim_record(name)?;
        let PlanRecord { stored, .. } = services.plan_record(name, id).await?;
        let mut steps = services.plan_steps(name, id).await?;
        let (wanted, filter) = (query.q.trim().to_lowercase(), query.filter.as_str());
        let fits = |step: &ScimStepRow| {
            step.name.to_lowercase().contains(&wanted) && (filter.is_empty() || step.action == filter)
        };
        steps.retain(fits);
        Ok(ScimStoredPlanDetail { stored, steps: page(steps, query) })
    }
}

impl Admin<'_> {
    /// Plans now and keeps the plan. Nothing is sent.
    pub async fn keep_scim_plan(&self, name: &str) -> Result<ScimStoredPlan, Error> {
        let caller = self.caller();
        let services = &caller.services;
        let planned = services.plan_scim(name, usize::MAX).await?;
        let (mut plan, micros) = (planned.view, services.clock().now_micros());
        let steps = std::mem::take(&mut plan.steps);
        let stored = ScimStoredPlan {
            id: identifiers::event_id(micros, services.entropy()),
            made: identifiers::rfc3339(micros.div_euclid(1_000_000)),
            by: caller.username().to_owned(),
            applied: None,
            plan,
        };
        let record = PlanRecord { stored, digest: planned.digest, removals: planned.removals };
        let PlanRecord { stored, .. } = &record;
        let detail = json!({ "plan": stored.id, "counts": stored.plan.counts, "hazard": stored.plan.hazard });
        self.tell_of_plan(name, EventKind::Created, "keeps", stored.plan.total, detail).await?;
        services.keep_plan(name, &record, &steps).await?;
        Ok(record.stored)
    }

    /// Lets a plan go that is still what would be done, with all that it takes away. One that is not is refused, and
    /// nothing is sent.
    pub async fn apply_scim_plan(&self, name: &str, id: &str) -> Result<(), Error> {
        let services = &self.caller().services;
        let enabled = services.scim_record(name)?.provider.enabled;
        let mut record = services.plan_record(name, id).await?;
        if record.stored.applied.is_some() {
            return Err(Error::Conflict("this plan was let go already; a plan is good for once".to_owned()));
        }
        if !enabled {
            return Err(Error::Conflict(format!("{name} is switched off; switch it on first, and the plan goes then")));
        }
        let now = services.plan_scim(name, 0).await?;
        if now.digest != record.digest {
            let (was, is) = (record.stored.plan.total, now.view.total);
            let why = format!(
                "the plan is not what would be done any more: it has {was} steps, and now there would be {is}, or others; keep a new one"
            );
            return Err(Error::Conflict(why));
        }
        let at = services.clock().now();
        let message = format!("{} let the plan {id} for {name} go", self.caller().username());
        let removals = &record.removals;
        let consent = |control: &mut Control| {
            control.sync += 1;
            control.consent = Some(Consent { plan: id.to_owned(), removals: removals.clone(), at });
            Ok(())
        };
        self.ask(name, EventKind::ProvisioningApproved, message, consent).await?;
        record.stored.applied = Some(identifiers::rfc3339(at));
        services.put_plan_record(name, &record).await
    }

    /// Forgets a plan.
    pub async fn discard_scim_plan(&self, name: &str, id: &str) -> Result<(), Error> {
        let services = &self.caller().services;
        services.scim_record(name)?;
        let stored = services.plan_record(name, id).await?.stored;
        self.tell_of_plan(name, EventKind::Deleted, "discards", stored.plan.total, json!({ "plan": id })).await?;
        services.drop_plan(name, id).await
    }

    /// Before it is done: what a crash leaves undone was told of, and nothing is done that was not.
    async fn tell_of_plan(
        &self,
        name: &str,
        kind: EventKind,
        does: &str,
        steps: u64,
        detail: Value,
    ) -> Result<(), Error> {
        let caller = self.caller();
        let event = caller.services.event(Entry {
            kind,
            actor: caller.username(),
            target: format!("SCIM provider {name}"),
            address: &caller.origin.address,
            message: format!("{} {does} a plan of {steps} steps for {name}", caller.username()),
            detail,
        });
        Ok(caller.services.store().append_events(vec![event]).await?)
    }
}
