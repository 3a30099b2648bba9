use std::collections::{BTreeMap, HashMap, HashSet};

use model::{Adoption, EventKind, ListQuery, ScimAdoptionList, ScimAdoptionRow, ScimStatus};
use scim::{
    dialect::{Dialect, Unique},
    id::{Kind, LocalId, Object, RemoteId},
    state::{Desired, Observed},
    wire::{Resource, name_of},
};
use serde_json::json;

use super::{
    control::Control,
    first_look::FirstSight,
    people::Cache,
    sender::Sender,
    settings,
    view::word,
    wanted::Wanted,
    worker::{Next, Worker},
};
use crate::{Auditor, Error, applications::page, identifiers, port::ScimRecord};

/// An object there that has the name of one of ours.
pub(super) struct Namesake {
    pub object: Object,
    pub remote: RemoteId,
    /// Whether ours can be sent as it is; what cannot takes nothing over.
    pub fits: bool,
}

/// Everything there with the name of one of ours that is not there yet. What carries our identifier is ours without a
/// question, whatever its name: whoever it belongs to takes that and no other, and nobody else takes it. A protected name is
/// never taken.
pub(super) fn namesakes(desired: &Desired, observed: &Observed, dialect: &Dialect) -> Vec<Namesake> {
    let users: Vec<(&LocalId, &Resource)> = desired.users.iter().collect();
    let groups: Vec<(&LocalId, &Resource)> = desired.groups.iter().map(|(id, group)| (id, &group.resource)).collect();
    let mut found = Vec::new();
    for (kind, wanted) in [(Kind::User, users), (Kind::Group, groups)] {
        let rules = dialect.rules(kind);
        let name = |resource: &Resource| rules.unique_value(kind, Unique::Name, resource);
        let identifier = |resource: &Resource| rules.unique_value(kind, Unique::ExternalId, resource);
        let foreign = observed.foreign(kind).iter();
        let foreign = foreign.filter(|(_, resource)| !observed.is_protected(name_of(kind, resource)));
        let (mut by_name, mut carried) = (HashMap::new(), HashSet::new());
        for (remote, resource) in foreign {
            let identifier = identifier(resource);
            carried.extend(identifier.clone());
            by_name.extend(name(resource).map(|name| (name, (remote, identifier))));
        }
        if by_name.is_empty() {
            continue;
        }
        let (mut sought, mut claimed) = (Vec::new(), HashSet::new());
        for (id, rendered) in wanted.into_iter().filter(|(id, _)| !observed.held(kind).contains_key(*id)) {
            let ours = dialect.conform(kind, rendered);
            match identifier(&ours.resource) {
                Some(identifier) if carried.contains(&identifier) => _ = claimed.insert(identifier),
                _ => sought.extend(name(&ours.resource).map(|name| (id, name, ours.refused.is_empty()))),
            }
        }
        for (id, name, fits) in sought {
            let Some((remote, identifier)) = by_name.get(&name) else { continue };
            if identifier.as_ref().is_none_or(|identifier| !claimed.contains(identifier)) {
                let object = Object { kind, id: id.clone() };
                found.push(Namesake { object, remote: (*remote).clone(), fits });
            }
        }
    }
    found
}

/// What becomes of an object that has the name of one of ours.
fn outcome(rule: Adoption, decision: Option<bool>) -> &'static str {
    match (rule, decision) {
        (Adoption::SameName, _) | (Adoption::Ask, Some(true)) => "adopt",
        (Adoption::Never, _) | (Adoption::Ask, Some(false)) => "leave",
        (Adoption::Ask, None) => "wait",
    }
}

/// What is there and whose it is: first what somebody may have to decide about.
fn listed(
    observed: &Observed,
    found: &[Namesake],
    rule: Adoption,
    decisions: &BTreeMap<String, bool>,
) -> Vec<ScimAdoptionRow> {
    let owners: HashMap<&RemoteId, &Object> = found.iter().map(|found| (&found.remote, &found.object)).collect();
    let mut rows: Vec<ScimAdoptionRow> = Vec::new();
    for kind in [Kind::User, Kind::Group] {
        let row = |resource: &Resource, remote: &RemoteId, state: &str, outcome: &str| ScimAdoptionRow {
            kind: word(kind).to_owned(),
            name: name_of(kind, resource).to_owned(),
            remote: remote.to_string(),
            local: String::new(),
            state: state.to_owned(),
            decision: String::new(),
            outcome: outcome.to_owned(),
        };
        rows.extend(observed.held(kind).iter().map(|(id, held)| {
            let row = row(&held.resource, &held.remote, "matched", "keep");
            ScimAdoptionRow { local: id.to_string(), ..row }
        }));
        rows.extend(observed.foreign(kind).iter().map(|(remote, resource)| {
            let Some(ours) = owners.get(remote) else { return row(resource, remote, "foreign", "leave") };
            let decision = decisions.get(remote.as_str()).copied();
            let said = match decision {
                Some(true) => "adopt",
                Some(false) => "leave",
                None => "",
            };
            let row = row(resource, remote, "conflict", outcome(rule, decision));
            ScimAdoptionRow { local: ours.id.to_string(), decision: said.to_owned(), ..row }
        }));
    }
    rows.sort_by_key(|row| ["conflict", "matched"].iter().position(|state| *state == row.state).unwrap_or(usize::MAX));
    rows
}

impl Worker {
    /// Counts what nobody has decided about. Returns why nothing may be written yet, if so.
    pub(super) fn undecided(
        &mut self,
        record: &ScimRecord,
        control: &Control,
        wanted: &Wanted,
        sender: &Sender,
    ) -> Result<Option<String>, Error> {
        if record.provider.adopt != Adoption::Ask {
            self.state.health.undecided = 0;
            (self.state.deciding, self.state.decisions_told) = (false, false);
            return Ok(None);
        }
        let observed = &self.mirror()?.observed;
        let found = namesakes(&wanted.desired(observed).0, observed, &sender.dialect);
        let decisions = control.decisions(&record.provider.url);
        let undecided = found.iter().filter(|found| !decisions.contains_key(found.remote.as_str())).count();
        self.state.health.undecided = undecided as u64;
        self.state.deciding &= undecided > 0;
        self.state.decisions_told &= self.state.deciding;
        let words = format!("{undecided} objects there have the names of ours: decide which of them become ours");
        Ok(self.state.deciding.then_some(words))
    }

    /// Rests until everything is decided. That is told once, and nothing is sent by itself before.
    pub(super) async fn wait_for_decisions(
        &mut self,
        control: &Control,
        epoch: u64,
        words: String,
    ) -> Result<Next, Error> {
        if !self.state.decisions_told {
            let message = format!("provisioning to {} waits: {words}", self.provider);
            self.tell(EventKind::ProvisioningHeld, message, json!({ "undecided": self.state.health.undecided }))
                .await?;
            self.state.decisions_told = true;
        }
        self.single_waits(control, &words).await?;
        self.rest(epoch, ScimStatus::WaitsForAdoption, words).await
    }
}

impl Auditor<'_> {
    /// What is at the service and whose it is, as far as it was read; where nothing was yet, it is read now or was within the
    /// last minute, and nothing is changed. Search in name and identifiers; `filter` is a state, `undecided`, `user` or
    /// `group`.
    pub async fn scim_adoption(&self, name: &str, query: &ListQuery) -> Result<ScimAdoptionList, Error> {
        let services = &self.0.services;
        let record = services.scim_record(name)?;
        let provider = &record.provider;
        let snapshot = services.snapshot();
        let (wanted, _) = services.wanted(&snapshot, provider, Cache::default()).await?;
        let kept = services.mirror_at(&record).await?;
        let first = kept.is_none();
        let (observed, dialect, read_at) = match kept {
            Some(mirror) => {
                let observed = Observed { protected: settings::protected(provider), ..mirror.observed };
                let read_at = services.scim_state(name).await?.health.last_verified;
                (observed, settings::dialect(provider, None), read_at)
            }
            None => {
                let FirstSight { observed, dialect, at } = services.first_sight(&record, &wanted).await?;
                (observed, dialect, Some(identifiers::rfc3339(at)))
            }
        };
        let found = namesakes(&wanted.desired(&observed).0, &observed, &dialect);
        let control = Control::of(&snapshot, name);
        let mut rows = listed(&observed, &found, provider.adopt, control.decisions(&provider.url));
        let (wanted, filter) = (query.q.trim().to_lowercase(), query.filter.as_str());
        rows.retain(|row| {
            let found = [&row.name, &row.local, &row.remote].iter().any(|text| text.to_lowercase().contains(&wanted));
            let undecided = filter == "undecided" && row.state == "conflict" && row.decision.is_empty();
            found && (filter.is_empty() || undecided || row.state == filter || row.kind == filter)
        });
        Ok(ScimAdoptionList { found: page(rows, query), read_at, first })
    }

    /// Reads anew what is at the service before the first run, for whoever lists it next. What provisioning knows already is
    /// brought up to date by a comparison.
    pub async fn reread_scim_adoption(&self, name: &str) -> Result<(), Error> {
        let services = &self.0.services;
        let record = services.scim_record(name)?;
        if services.mirror_at(&record).await?.is_some() {
            return Err(Error::Conflict(format!(
                "{name} was read for provisioning already; ask for a comparison to read it again"
            )));
        }
        let dialect = settings::dialect(&record.provider, services.described(&record).await.as_ref());
        services.look(&record, &services.looker(&record, &dialect)?).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use scim::{
        dialect::Dialect,
        id::{LocalId, RemoteId},
        state::{Desired, DesiredGroup, Observed},
        wire::Resource,
    };
    use serde_json::{Value, json};

    use super::namesakes;

    fn resource(value: Value) -> Resource {
        value.as_object().cloned().unwrap_or_default()
    }

    /// Groups of ours by identifier and name, and those there by identifier there, name and our identifier.
    fn conflicts(ours: &[(&str, &str)], there: &[(&str, &str, Option<&str>)]) -> Vec<(String, String)> {
        let group = |(id, name): &(&str, &str)| {
            let resource = resource(json!({ "displayName": name, "externalId": id }));
            (LocalId((*id).to_owned()), DesiredGroup { resource, members: Default::default() })
        };
        let desired = Desired { users: Default::default(), groups: ours.iter().map(group).collect() };
        let foreign = |(remote, name, external): &(&str, &str, Option<&str>)| {
            let mut resource = resource(json!({ "displayName": name }));
            resource.extend(external.map(|external| ("externalId".to_owned(), json!(external))));
            (RemoteId((*remote).to_owned()), resource)
        };
        let observed = Observed { foreign_groups: there.iter().map(foreign).collect(), ..Observed::default() };
        let found = namesakes(&desired, &observed, &Dialect::aws()).into_iter();
        found.map(|found| (found.object.id.to_string(), found.remote.to_string())).collect()
    }

    #[test]
    fn what_carries_our_identifier_is_ours_under_any_name_and_its_namesake_is_nobodys_question() {
        let asked = |ours: &str, there: &str| vec![(ours.to_owned(), there.to_owned())];
        assert_eq!(conflicts(&[("g", "sea")], &[("r1", "sea", None)]), asked("g", "r1"));
        assert_eq!(conflicts(&[("g", "sea")], &[("r1", "sea", Some("else"))]), asked("g", "r1"));
        assert_eq!(conflicts(&[("g", "sea")], &[("r1", "sea", Some("g"))]), []);
        // Renamed there, and another one made with its name: the renamed one is ours.
        assert_eq!(conflicts(&[("g", "sea")], &[("r1", "land", Some("g")), ("r2", "sea", None)]), []);
        // What has the name of one of ours and the identifier of another belongs to the other.
        assert_eq!(conflicts(&[("g", "sea"), ("h", "land")], &[("r1", "sea", Some("h"))]), []);
    }
}
