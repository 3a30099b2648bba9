use std::collections::{BTreeSet, HashMap, HashSet};

use model::{DriftPolicy, EventKind};
use scim::{
    id::{Kind, LocalId, Object},
    state::{Effect, Observed},
    verify::{Drift, Listing, drift},
    wire::{name_of, remote_id, text},
};
use serde_json::json;

use super::{
    control::Control,
    drift_report::{Difference, Report},
    gathered::Gathered,
    mirror::Entry,
    reading,
    sender::Sender,
    trouble::Trouble,
    wanted::Wanted,
    worker::Worker,
};
use crate::{Error, identifiers, port::ScimRecord};

/// The name of the note.
pub(super) const DRIFT: &str = "drift";
/// A comparison that could not be made is tried again after so many seconds.
const AGAIN: i64 = 900;

/// What a comparison found.
struct Found {
    /// Of ours, and changed by others.
    ours: Vec<Difference>,
    /// What only has to be known: nothing of it is ours.
    rest: Vec<Effect>,
}

/// What became of a comparison.
pub(super) enum Compared {
    /// It is not time for one.
    NotNow,
    /// What it found is in the mirror: the plan is another one.
    Done,
    /// It was broken off, since something changed here; it goes on when that is done.
    Moved,
    /// It could not be made; with the reason where somebody asked for it.
    Failed(Option<String>),
}

impl Worker {
    fn is_asked_to_compare(&self, control: &Control) -> bool {
        control.verify != self.state.verify_seen || control.repair != self.state.repair_seen
    }

    /// Whether a comparison is asked for, or a repair, or it is time for one.
    pub(super) fn is_to_compare(&self, record: &ScimRecord, control: &Control) -> bool {
        let now = self.services.clock().now();
        let due = self.next_verification(record).is_some_and(|at| at <= now);
        self.is_asked_to_compare(control) || (due && now >= self.verify_again)
    }

    /// Compares when that is to be done. One that does not succeed holds up nothing, and neither does one that takes long: a
    /// change after `epoch` goes first.
    pub(super) async fn verify(
        &mut self,
        record: &ScimRecord,
        control: &Control,
        wanted: &Wanted,
        sender: &Sender,
        epoch: u64,
    ) -> Result<Compared, Trouble> {
        if !self.is_to_compare(record, control) {
            return Ok(Compared::NotNow);
        }
        let (now, asked) = (self.services.clock().now(), self.is_asked_to_compare(control));
        match self.compare(record, control, wanted, sender, epoch).await {
            Ok(false) => Ok(Compared::Moved),
            Ok(true) => {
                self.state.verify_seen = control.verify;
                self.state.repair_seen.clone_from(&control.repair);
                self.verified(now);
                self.keep_state().await?;
                Ok(Compared::Done)
            }
            Err(Trouble::Failing(words)) if !self.lease_ended() => {
                if self.verify_again == 0 {
                    let message = format!("{} could not be compared: {words}; it is tried again", self.provider);
                    self.tell(EventKind::ProvisioningFailed, message, json!({ "words": words })).await?;
                }
                self.verify_again = now + AGAIN;
                Ok(Compared::Failed(asked.then_some(words)))
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// When the next comparison is due, in unix seconds.
    pub(super) fn next_verification(&self, record: &ScimRecord) -> Option<i64> {
        let every = record.provider.verify_every?.as_seconds();
        Some(self.state.verified.saturating_add(every).max(self.verify_again))
    }

    /// Takes note that everything was read at a time in unix seconds.
    pub(super) fn verified(&mut self, now: i64) {
        self.verify_again = 0;
        self.state.verified = now;
        self.state.health.last_verified = Some(identifiers::rfc3339(now));
    }

    /// False: it was broken off.
    async fn compare(
        &mut self,
        record: &ScimRecord,
        control: &Control,
        wanted: &Wanted,
        sender: &Sender,
        epoch: u64,
    ) -> Result<bool, Trouble> {
        let Some(listing) = self.listing(control, sender, epoch).await? else { return Ok(false) };
        let Found { ours, rest } = self.differences(wanted, listing, sender)?;
        let former: Report = self.services.scim_note(&self.provider, DRIFT).await?.unwrap_or_default();
        let repair = record.provider.drift == DriftPolicy::Repair;
        let consents = control.repair != self.state.repair_seen && control.repair == former.drift.id;
        let waits = !former.drift.repaired;
        let approved = if consents && waits { former.keys.clone() } else { BTreeSet::new() };
        let (now, later): (Vec<_>, Vec<_>) =
            ours.into_iter().partition(|found| repair || approved.contains(&found.key()));
        let at = identifiers::rfc3339(self.services.clock().now());
        let observed = &self.mirror()?.observed;
        let mut waiting = Report::of(&later, observed, at.clone(), false);
        let repaired = Report::of(&now, observed, at, true);
        if waits && waiting.keys == former.keys {
            waiting = former;
        } else if !later.is_empty() {
            self.tell_drift(&waiting, "wait for an administrator").await?;
        }
        if !now.is_empty() {
            self.tell_drift(&repaired, "are put right").await?;
        }
        // The report is written before the mirror: what is repaired was shown.
        if !later.is_empty() {
            self.put_note(DRIFT, &waiting).await?;
        } else if !now.is_empty() || waits {
            self.put_note(DRIFT, &repaired).await?;
        }
        self.state.health.drift = waiting.drift.total;
        let effects = rest.into_iter().chain(now.iter().map(Difference::effect));
        self.write(effects.map(|effect| Entry::Record { effect }).collect()).await?;
        Ok(true)
    }

    async fn tell_drift(&self, report: &Report, what: &str) -> Result<(), Error> {
        let message = format!("{} differences were found at {} and {what}", report.drift.total, self.provider);
        let some: Vec<_> = report.drift.rows.iter().take(50).collect();
        self.tell(EventKind::DriftFound, message, json!({ "differences": some })).await
    }

    /// Reads everything there is; None: something changed here after `epoch`, and the rest is read another time.
    async fn listing(&mut self, control: &Control, sender: &Sender, epoch: u64) -> Result<Option<Listing>, Trouble> {
        let services = self.services.clone();
        let moved = || services.snapshot().configuration.epoch != epoch;
        self.gathered.refresh(services.clock().now(), control);
        let mut listing = Listing { groups: reading::all(sender, Kind::Group).await?, ..Listing::default() };
        let there: HashSet<_> = listing.groups.iter().filter_map(remote_id).collect();
        let held = self.mirror()?.observed.groups.values().map(|held| held.remote.clone());
        // To ask for the members of a group that is not there is an error.
        let groups: Vec<_> = held.filter(|remote| there.contains(remote)).collect();
        for remote in groups {
            let members = if let Some(members) = self.gathered.members(&remote) {
                members
            } else {
                // One that was deleted since the listing is found by the next comparison.
                let Some(members) = reading::members(sender, &remote).await? else { continue };
                self.gathered.keep(remote.clone(), members.clone());
                if moved() {
                    return Ok(None);
                }
                members
            };
            listing.members.insert(remote, members.into_iter().collect());
        }
        let may_break = self.gathered.may_break();
        let Some(users) = reading::all_unless(sender, Kind::User, || may_break && moved()).await? else {
            self.gathered.broke();
            return Ok(None);
        };
        self.gathered = Gathered::default();
        Ok(Some(Listing { users, ..listing }))
    }

    /// Compares what is there with the mirror.
    fn differences(&mut self, wanted: &Wanted, listing: Listing, sender: &Sender) -> Result<Found, Error> {
        let observed = &self.mirror()?.observed;
        // What became of these is asked one by one.
        let busy: HashSet<&Object> = observed.in_flight.iter().map(|step| &step.object).collect();
        let (mut ours, mut rest) = (Vec::new(), Vec::new());
        for found in drift(observed, &listing, &sender.dialect) {
            let effect = found.effect();
            let object = effect.object();
            if object.as_ref().is_some_and(|object| busy.contains(object)) {
                continue;
            }
            let unread = object.is_some_and(|object| observed.rosters.get(&object.id).is_some_and(|r| r.unread));
            if found.is_ours() && !(unread && matches!(found, Drift::Members { .. })) {
                ours.push(Difference::Changed(found));
            } else {
                rest.push(effect);
            }
        }
        let forgotten = forgotten(wanted, &listing, sender, observed);
        ours.extend(forgotten.into_iter().filter(|(object, _)| !busy.contains(object)).map(|(_, found)| found));
        Ok(Found { ours, rest })
    }
}

/// What carries the identifier of somebody of ours who is not in scope, and is not known to the mirror: made by a request
/// of which nobody heard. Who is in scope is taken back by the next plan.
fn forgotten(wanted: &Wanted, listing: &Listing, sender: &Sender, observed: &Observed) -> Vec<(Object, Difference)> {
    let (desired, _) = wanted.desired(observed);
    let claims = wanted.claims();
    let mut found = Vec::new();
    for (kind, rows, claims) in
        [(Kind::User, &listing.users, &claims.users), (Kind::Group, &listing.groups, &claims.groups)]
    {
        let wanted = |id: &LocalId| match kind {
            Kind::User => desired.users.contains_key(id),
            Kind::Group => desired.groups.contains_key(id),
        };
        let held = observed.held(kind);
        let lost = claims.iter().filter(|(id, _)| !held.contains_key(*id) && !wanted(id));
        let lost: HashMap<&str, _> = lost.map(|(id, claim)| (claim.external_id.as_str(), id)).collect();
        if lost.is_empty() {
            continue;
        }
        let owners = observed.owners(kind);
        for row in rows {
            let id = text(row, "externalId").and_then(|external| lost.get(external));
            let (Some(id), Some(remote)) = (id, remote_id(row)) else { continue };
            let resource = sender.dialect.recognise(kind, row);
            if owners.of(&remote).is_none() && !observed.is_protected(name_of(kind, &resource)) {
                let object = Object { kind, id: (*id).clone() };
                let effect = Effect::Adopted { object: object.clone(), remote, resource };
                found.push((object, Difference::Forgotten(effect)));
            }
        }
    }
    found
}
