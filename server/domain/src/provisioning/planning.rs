use std::sync::Arc;

use model::Adoption;
use scim::{
    dialect::Dialect,
    plan::{Adopt, Plan, PlanOptions},
    state::{Decided, Desired, Observed},
    verify::rebuild,
};

use super::{
    control::Control,
    decided::{awaits_decided, decided, read_rosters},
    mirror::Mirror,
    reading,
    sender::Sender,
    settings,
    trouble::Trouble,
    wanted::{Failure, Wanted},
    worker::Worker,
};
use crate::{Error, Services, port::ScimRecord};

/// A plan, and what is known to be there, of which it was made.
pub(super) struct Planned<T> {
    pub observed: Observed,
    pub plan: Plan,
    /// What came of making it, beside the plan.
    pub beside: T,
    /// Why nobody knows yet who is in the groups that become ours, if so: what the plan says of their members is a guess.
    pub guessed: Option<Trouble>,
}

/// How a plan is made: of everything that is desired, or of what was kept of it from the plan before.
pub(super) struct Making<D, P> {
    /// All that is desired. Asked for only where something was decided, since everybody is copied for it.
    pub desired: D,
    /// The plan, and what else comes of making it.
    pub plan: P,
}

impl Services {
    /// Makes the plan, where it does not hold up requests. The plan that is shown and the one that the worker carries out both
    /// come from here: of the same state they are the same. Without a `sender` nothing is read for it. `now`: unix seconds.
    pub(super) async fn planned<D, P, T>(
        &self,
        record: &ScimRecord,
        making: Making<D, P>,
        mut observed: Observed,
        dialect: &Dialect,
        sender: Option<&Sender>,
        now: i64,
    ) -> Result<Planned<T>, Error>
    where
        D: FnOnce(&Observed) -> Desired + Send + 'static,
        P: FnOnce(&Observed, &Dialect, &PlanOptions) -> (Plan, T) + Send + 'static,
        T: Send + 'static,
    {
        let (Making { desired, plan }, provider) = (making, record.provider.clone());
        let options = settings::options(&provider, now);
        let control = Control::of(&self.snapshot(), &provider.name);
        let mut chosen = Decided::default();
        if awaits_decided(&provider, &control) {
            let dialect = dialect.clone();
            let work = move || {
                let chosen = decided(&desired(&observed), &observed, &dialect, &provider, &control);
                (observed, chosen)
            };
            (observed, chosen) = self.busy(work).await?;
        } else {
            // It holds what was rendered, which is as large as the plan is going to be.
            drop(desired);
        }
        let guessed = match sender {
            Some(sender) => read_rosters(&mut chosen, &observed, sender).await.err(),
            None => None,
        };
        observed.decided = chosen;
        let dialect = dialect.clone();
        let work = move || {
            let (plan, beside) = plan(&observed, &dialect, &options);
            (observed, plan, beside)
        };
        let (observed, plan, beside) = self.busy(work).await?;
        Ok(Planned { observed, plan, beside, guessed })
    }
}

impl Worker {
    /// The mirror as it was kept; otherwise one made from what is there. False: the reading was cancelled.
    pub(super) async fn open_mirror(
        &mut self,
        record: &ScimRecord,
        wanted: &Wanted,
        sender: &Sender,
        adopt: Adopt,
    ) -> Result<bool, Trouble> {
        if self.mirror.is_some() {
            return Ok(true);
        }
        let (services, provider) = (self.services.clone(), self.provider.clone());
        let url = &record.provider.url;
        if !self.state.is_of_another(url)
            && let Some(mirror) = services.kept_mirror(&provider, self.lease).await?
        {
            self.mirror = Some(mirror);
            return Ok(true);
        }
        // The first time, after its loss, or at another address: what is there decides, not what we believe.
        let listing = reading::listing(sender).await?;
        let protected = settings::protected(&record.provider);
        let mut observed =
            rebuild(&wanted.claims(), &listing, &sender.dialect, adopt, protected, services.clock().now());
        // Any other change waits: of a mirror that is half read, everybody would be let in once more.
        let cancelled = || Control::of(&services.snapshot(), &provider).is_cancelled();
        if !reading::rosters(sender, &mut observed, cancelled).await? {
            return Ok(false);
        }
        self.state.deciding = record.provider.adopt == Adoption::Ask;
        self.leave_address(url).await?;
        self.keep_state().await?;
        self.mirror = Some(Mirror::start(&services, &provider, self.lease, observed).await?);
        self.arrive_at(url).await?;
        self.verified(services.clock().now());
        Ok(true)
    }

    /// What every plan of a round is made with, beside what is there.
    pub(super) fn begin_plans(&mut self, record: &ScimRecord) -> Result<(), Error> {
        let observed = &mut self.mirror()?.observed;
        observed.protected = settings::protected(&record.provider);
        // Who is in what becomes ours is read once in each round.
        observed.decided = Decided::default();
        Ok(())
    }

    /// The plan of what the mirror says.
    pub(super) async fn plan(
        &mut self,
        wanted: &Arc<Wanted>,
        record: &ScimRecord,
        now: i64,
        sender: &Sender,
    ) -> Result<(Plan, Vec<Failure>), Trouble> {
        let dialect = settings::dialect(&record.provider, self.config.as_ref());
        let services = self.services.clone();
        let observed = std::mem::take(&mut self.mirror()?.observed);
        let (mut fits, wanted) = (std::mem::take(&mut self.fits), Arc::clone(wanted));
        let seen = Arc::clone(&wanted);
        let made = Making {
            desired: move |observed: &Observed| seen.desired(observed).0,
            plan: move |observed: &Observed, dialect: &Dialect, options: &PlanOptions| {
                let (plan, failures) = fits.plan(&wanted, observed, dialect, options);
                (plan, (fits, failures))
            },
        };
        let Planned { observed, plan, guessed, beside: (fits, failures) } =
            Box::pin(services.planned(record, made, observed, &dialect, Some(sender), now)).await?;
        (self.mirror()?.observed, self.fits) = (observed, fits);
        // A service that does not answer this may answer the rest: the members are read when the group is ours.
        let stands = |trouble: &Trouble| matches!(trouble, Trouble::Failing(_)) && !self.lease_ended();
        match guessed.filter(|trouble| !stands(trouble)) {
            Some(trouble) => Err(trouble),
            None => Ok((plan, failures)),
        }
    }
}
