use model::{EventKind, ScimStatus};
use serde_json::json;

use super::{
    control::{Asked, Control},
    single::object,
};
use crate::{
    Admin, Error,
    events::Entry,
    port::{Expect, Write},
};

/// The longest identifier of ours, in bytes.
const LONGEST: usize = 1_000;

impl Admin<'_> {
    /// Lets the plan that waits go ahead: the one with this id, and no other.
    pub async fn approve_scim_plan(&self, name: &str, id: &str) -> Result<(), Error> {
        let services = &self.caller().services;
        let waiting = services.scim_state(name).await?.health.pending;
        let Some(waiting) = waiting.filter(|waiting| waiting.id == id) else {
            return Err(Error::Conflict("this plan is not the one that waits any more; look at it again".to_owned()));
        };
        let mut control = Control::of(&services.snapshot(), name);
        control.approved = id.to_owned();
        let message = format!("{} approved the plan for {name}: {}", self.username(), waiting.why);
        self.ask(name, &control, EventKind::ProvisioningApproved, message).await
    }

    /// Looks at everything again now, and tries again what the service refused.
    pub async fn sync_scim_provider(&self, name: &str) -> Result<(), Error> {
        let mut control = Control::of(&self.caller().services.snapshot(), name);
        control.sync += 1;
        let message = format!("{} asked for a synchronisation of {name}", self.username());
        self.ask(name, &control, EventKind::Updated, message).await
    }

    /// Compares what is there with what is known. What others changed of ours is shown, and put right if the provider's
    /// settings say so.
    pub async fn verify_scim_provider(&self, name: &str) -> Result<(), Error> {
        let mut control = Control::of(&self.caller().services.snapshot(), name);
        control.verify += 1;
        let message = format!("{} asked for a comparison with {name}", self.username());
        self.ask(name, &control, EventKind::Updated, message).await
    }

    /// Puts right what a comparison found: the report of this id, and nothing that is different by now.
    pub async fn repair_scim_drift(&self, name: &str, id: &str) -> Result<(), Error> {
        let drift = self.scim_drift(name).await?;
        if drift.id != id || drift.repaired || id.is_empty() {
            return Err(Error::Conflict("these differences do not wait any more; look at them again".to_owned()));
        }
        let mut control = Control::of(&self.caller().services.snapshot(), name);
        control.repair = id.to_owned();
        let message = format!("{} lets {} differences at {name} be put right", self.username(), drift.total);
        self.ask(name, &control, EventKind::ProvisioningApproved, message).await
    }

    /// Breaks off the run that is under way, or the plan that waits. Nothing is sent until somebody asks for a
    /// synchronisation; what the service has acknowledged stays.
    pub async fn cancel_scim_run(&self, name: &str) -> Result<(), Error> {
        let services = &self.caller().services;
        services.scim_record(name)?;
        let health = services.scim_state(name).await?.health;
        let status = health.status;
        let busy = matches!(status, ScimStatus::Running | ScimStatus::WaitsForApproval | ScimStatus::Failing);
        if !busy && health.runs.first().is_none_or(|run| run.ended.is_some()) {
            return Err(Error::Conflict("nothing is under way that could be cancelled".to_owned()));
        }
        let mut control = Control::of(&services.snapshot(), name);
        control.cancelled = Some(control.sync);
        control.approved.clear();
        let message = format!("{} cancelled the synchronisation of {name}", self.username());
        self.ask(name, &control, EventKind::Updated, message).await
    }

    /// Synchronises one object now, with a log of every request. What the service refused is tried again, and what others
    /// changed of it there is put right. `kind` is `user` or `group`; `local` is our identifier: of a user the `uid`, of a
    /// group the name that it was made with. What is neither there nor in scope is refused: nobody could do anything
    /// about it.
    pub async fn sync_scim_object(&self, name: &str, kind: &str, local: &str) -> Result<(), Error> {
        let services = &self.caller().services;
        let record = services.scim_record(name)?;
        let mut control = Control::of(&services.snapshot(), name);
        if control.is_cancelled() {
            return Err(Error::Conflict("provisioning is cancelled: run the synchronisation again first".to_owned()));
        }
        let object = object(kind, local)?;
        // What cannot be anybody's is not looked for.
        let well_formed = !local.is_empty() && local.len() <= LONGEST && !local.chars().any(char::is_control);
        if !well_formed || !services.is_object(&record, &object).await? {
            return Err(Error::NotFound { kind: "object", key: local.chars().take(50).collect() });
        }
        let number = control.object.map_or(0, |asked| asked.number) + 1;
        control.object = Some(Asked { object, number });
        let message = format!("{} asked for a synchronisation of the {kind} {local} at {name}", self.username());
        self.ask(name, &control, EventKind::Updated, message).await
    }

    fn username(&self) -> &str {
        self.caller().username()
    }

    pub(super) async fn ask(
        &self,
        name: &str,
        control: &Control,
        kind: EventKind,
        message: String,
    ) -> Result<(), Error> {
        let caller = self.caller();
        caller.services.scim_record(name)?;
        let event = caller.services.event(Entry {
            kind,
            actor: caller.username(),
            target: format!("SCIM provider {name}"),
            address: &caller.origin.address,
            message,
            detail: json!({ "asked": control }),
        });
        self.write(Write::Put { document: control.document(name), expect: Expect::Anything }, event).await
    }
}
