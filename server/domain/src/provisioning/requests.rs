use model::{EventKind, ScimStatus};
use serde_json::json;

use super::{
    control::{Asked, Control, control_key},
    single::object,
};
use crate::{
    Admin, Error, Services,
    events::Entry,
    port::{ChangeSet, Kind},
};

/// So often somebody else may be faster.
const ATTEMPTS: u32 = 20;

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
        let message = format!("{} approved the plan for {name}: {}", self.username(), waiting.why);
        let approve = |control: &mut Control| {
            id.clone_into(&mut control.approved);
            Ok(())
        };
        self.ask(name, EventKind::ProvisioningApproved, message, approve).await
    }

    /// Looks at everything again now, and tries again what the service refused.
    pub async fn sync_scim_provider(&self, name: &str) -> Result<(), Error> {
        let message = format!("{} asked for a synchronisation of {name}", self.username());
        let sync = |control: &mut Control| {
            control.sync += 1;
            Ok(())
        };
        self.ask(name, EventKind::Updated, message, sync).await
    }

    /// Compares what is there with what is known. What others changed of ours is shown, and put right if the provider's
    /// settings say so.
    pub async fn verify_scim_provider(&self, name: &str) -> Result<(), Error> {
        let message = format!("{} asked for a comparison with {name}", self.username());
        let verify = |control: &mut Control| {
            control.verify += 1;
            Ok(())
        };
        self.ask(name, EventKind::Updated, message, verify).await
    }

    /// Puts right what a comparison found: the report of this id, and nothing that is different by now.
    pub async fn repair_scim_drift(&self, name: &str, id: &str) -> Result<(), Error> {
        let drift = self.scim_drift(name).await?;
        if drift.id != id || drift.repaired || id.is_empty() {
            return Err(Error::Conflict("these differences do not wait any more; look at them again".to_owned()));
        }
        let message = format!("{} lets {} differences at {name} be put right", self.username(), drift.total);
        let repair = |control: &mut Control| {
            id.clone_into(&mut control.repair);
            Ok(())
        };
        self.ask(name, EventKind::ProvisioningApproved, message, repair).await
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
        let message = format!("{} cancelled the synchronisation of {name}", self.username());
        let cancel = |control: &mut Control| {
            control.cancelled = Some(control.sync);
            control.approved.clear();
            Ok(())
        };
        self.ask(name, EventKind::Updated, message, cancel).await
    }

    /// Synchronises one object now, with a log of every request. What the service refused is tried again, and what others
    /// changed of it there is put right. `kind` is `user` or `group`; `local` is our identifier: of a user the `uid`, of a
    /// group the name that it was made with. What is neither there nor in scope is refused: nobody could do anything
    /// about it.
    pub async fn sync_scim_object(&self, name: &str, kind: &str, local: &str) -> Result<(), Error> {
        let services = &self.caller().services;
        let record = services.scim_record(name)?;
        let object = object(kind, local)?;
        // What cannot be anybody's is not looked for.
        let well_formed = !local.is_empty() && local.len() <= LONGEST && !local.chars().any(char::is_control);
        if !well_formed || !services.is_object(&record, &object).await? {
            return Err(Error::NotFound { kind: "object", key: local.chars().take(50).collect() });
        }
        let message = format!("{} asked for a synchronisation of the {kind} {local} at {name}", self.username());
        let one = |control: &mut Control| {
            if control.is_cancelled() {
                let why = "provisioning is cancelled: run the synchronisation again first";
                return Err(Error::Conflict(why.to_owned()));
            }
            let number = control.object.as_ref().map_or(0, |asked| asked.number) + 1;
            control.object = Some(Asked { object: object.clone(), number });
            Ok(())
        };
        self.ask(name, EventKind::Updated, message, one).await
    }

    fn username(&self) -> &str {
        self.caller().username()
    }

    /// Asks the worker for something beside all that was asked of it before; two who ask at once are both heard.
    pub(super) async fn ask(
        &self,
        name: &str,
        kind: EventKind,
        message: String,
        change: impl Fn(&mut Control) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let caller = self.caller();
        let entry = Entry {
            kind,
            actor: caller.username(),
            target: format!("SCIM provider {name}"),
            address: &caller.origin.address,
            message,
            detail: json!({}),
        };
        caller.services.ask_worker(name, entry, change).await
    }
}

impl Services {
    /// Changes what is asked of the worker of a provider, as often as somebody else was faster.
    pub(super) async fn ask_worker(
        &self,
        name: &str,
        entry: Entry<'_>,
        change: impl Fn(&mut Control) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let mut event = self.event(entry);
        for _ in 0..ATTEMPTS {
            let snapshot = self.snapshot();
            if !snapshot.configuration.scim_providers.contains_key(name) {
                return Err(Error::missing(Kind::ScimProvider, name));
            }
            let mut control = Control::of(&snapshot, name);
            change(&mut control)?;
            event.detail = json!({ "asked": control });
            let writes = vec![snapshot.put_setting(control_key(name), &control)?];
            let asked = ChangeSet { writes, events: vec![event.clone()], ..ChangeSet::default() };
            if self.commit_if_first(asked).await? {
                return Ok(());
            }
            self.refresh().await?;
        }
        Err(Error::Conflict(format!("others ask the same of {name} at this moment; try again")))
    }
}
