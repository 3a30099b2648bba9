use std::sync::Arc;

use model::Adoption;
use scim::{
    plan::{Adopt, Plan},
    verify::rebuild,
};

use super::{
    control::Control,
    mirror::Mirror,
    reading,
    sender::Sender,
    settings,
    trouble::Trouble,
    wanted::{Failure, Wanted},
    worker::Worker,
};
use crate::{Error, port::ScimRecord};

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

    /// The plan, made where it does not hold up requests.
    pub(super) async fn plan(
        &mut self,
        wanted: &Arc<Wanted>,
        record: &ScimRecord,
        now: i64,
    ) -> Result<(Plan, Vec<Failure>), Error> {
        let dialect = settings::dialect(&record.provider, self.config.as_ref());
        let options = settings::options(&record.provider, now);
        let observed = std::mem::take(&mut self.mirror()?.observed);
        let (mut fits, wanted) = (std::mem::take(&mut self.fits), Arc::clone(wanted));
        let work = move || {
            let (plan, failures) = fits.plan(&wanted, &observed, &dialect, &options);
            (observed, fits, plan, failures)
        };
        let (observed, fits, plan, failures) = self.services.busy(work).await?;
        (self.mirror()?.observed, self.fits) = (observed, fits);
        Ok((plan, failures))
    }
}
