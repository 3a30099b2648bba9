use std::collections::BTreeSet;

use model::{ScimDrift, ScimDriftRow};
use scim::{
    id::{Kind, LocalId, Object},
    state::{Effect, Observed},
    verify::Drift,
    wire::{Resource, name_of},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::identifiers;

/// Differences that a report shows one by one.
const SHOWN: usize = 500;
/// Differences that a repair can name.
const NAMED: usize = 10_000;

/// Something of ours that is not there as we put it there.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    /// Others changed it.
    Changed(Drift),
    /// It carries our identifier, is not in scope, and the mirror does not know it.
    Forgotten(Effect),
}

impl Difference {
    /// What makes the mirror true.
    pub fn effect(&self) -> Effect {
        match self {
            Self::Changed(drift) => drift.effect(),
            Self::Forgotten(effect) => effect.clone(),
        }
    }

    /// The same for the same difference, whenever it is found.
    pub fn key(&self) -> String {
        let text = match self {
            Self::Changed(drift) => json!(drift).to_string(),
            Self::Forgotten(effect) => json!(effect).to_string(),
        };
        identifiers::sha256(text.as_bytes()).chars().take(16).collect()
    }

    fn rows(&self, observed: &Observed) -> Vec<ScimDriftRow> {
        match self {
            Self::Changed(drift) => changed(drift, observed),
            Self::Forgotten(Effect::Adopted { object, remote, resource }) => {
                let name = name_of(object.kind, resource).to_owned();
                let theirs = json!(remote).to_string();
                vec![ScimDriftRow { name, theirs, ..row(object, "forgotten", observed) }]
            }
            Self::Forgotten(_) => Vec::new(),
        }
    }
}

/// The differences of one comparison as they are kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    pub drift: ScimDrift,
    /// What a repair of this report may put right.
    pub keys: BTreeSet<String>,
}

impl Report {
    /// `found` is RFC 3339.
    pub fn of(differences: &[Difference], observed: &Observed, found: String, repaired: bool) -> Self {
        let keys: BTreeSet<String> = differences.iter().take(NAMED).map(Difference::key).collect();
        let all: Vec<&str> = keys.iter().map(String::as_str).chain([found.as_str()]).collect();
        // The time is part of it: what comes back after a repair is not repaired for an old consent.
        let id = identifiers::sha256(all.join(" ").as_bytes()).chars().take(16).collect();
        let rows = differences.iter().take(SHOWN).flat_map(|difference| difference.rows(observed)).take(SHOWN);
        let (rows, total) = (rows.collect(), differences.len() as u64);
        let id = if differences.is_empty() { String::new() } else { id };
        Self { drift: ScimDrift { id, found, repaired, rows, total }, keys }
    }
}

fn row(object: &Object, what: &str, observed: &Observed) -> ScimDriftRow {
    let held = observed.held(object.kind).get(&object.id);
    ScimDriftRow {
        kind: if object.kind == Kind::User { "user" } else { "group" }.to_owned(),
        name: held.map(|held| name_of(object.kind, &held.resource)).unwrap_or_default().to_owned(),
        local: object.id.to_string(),
        what: what.to_owned(),
        path: String::new(),
        ours: String::new(),
        theirs: String::new(),
    }
}

fn changed(drift: &Drift, observed: &Observed) -> Vec<ScimDriftRow> {
    match drift {
        Drift::Missing { object } => vec![row(object, "missing", observed)],
        Drift::Differs { object, attributes, resource } => {
            let ours = observed.held(object.kind).get(&object.id).map(|held| &held.resource);
            let line = |path: &String| ScimDriftRow {
                path: path.clone(),
                ours: ours.map(|ours| value(ours, path)).unwrap_or_default(),
                theirs: value(resource, path),
                ..row(object, "attribute", observed)
            };
            attributes.iter().map(line).collect()
        }
        Drift::Members { group, added, removed, strangers, .. } => {
            let object = Object::group(group);
            let name = |id: &LocalId| match observed.users.get(id) {
                Some(held) => name_of(Kind::User, &held.resource).to_owned(),
                None => id.to_string(),
            };
            let line = |id: &LocalId, what: &str| ScimDriftRow { path: name(id), ..row(&object, what, observed) };
            let mut rows: Vec<_> = added.iter().map(|id| line(id, "member_added")).collect();
            rows.extend(removed.iter().map(|id| line(id, "member_removed")));
            if *strangers > 0 {
                rows.push(ScimDriftRow { theirs: strangers.to_string(), ..row(&object, "strangers", observed) });
            }
            rows
        }
        Drift::Foreign { .. } | Drift::ForeignGone { .. } => Vec::new(),
    }
}

/// The value at a path as the differ writes it: `title`, `name.givenName`, `urn:…:User:department`.
fn value(resource: &Resource, path: &str) -> String {
    let split = if path.starts_with("urn:") { path.rsplit_once(':') } else { path.split_once('.') };
    let found: Option<&Value> = match split {
        Some((container, name)) => resource.get(container).and_then(|inner| inner.get(name)),
        None => resource.get(path),
    };
    found.map(Value::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use scim::{
        id::{LocalId, Object, RemoteId},
        state::{Held, Observed, Roster, Status},
        verify::Drift,
        wire::Resource,
    };
    use serde_json::json;

    use super::{Difference, Report};

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn user(department: &str, given: &str) -> Resource {
        let user =
            json!({ "userName": "ada", "name": { "givenName": given }, (ENTERPRISE): { "department": department } });
        user.as_object().unwrap().clone()
    }

    fn mirror() -> Observed {
        let held = |resource| Held { remote: RemoteId::from("r"), resource, status: Status::Active };
        let mut mirror = Observed::default();
        mirror.users.insert(LocalId::from("u1"), held(user("Engines", "Ada")));
        let group = json!({ "displayName": "sea" }).as_object().unwrap().clone();
        mirror.groups.insert(LocalId::from("sea"), held(group));
        mirror
    }

    #[test]
    fn a_difference_shows_both_values_where_they_are() {
        let paths = [format!("{ENTERPRISE}:department"), "name.givenName".to_owned(), "title".to_owned()];
        let differs = Drift::Differs {
            object: Object::user(&LocalId::from("u1")),
            attributes: paths.to_vec(),
            resource: user("Air", "Eve"),
        };
        let members = Drift::Members {
            group: LocalId::from("sea"),
            added: vec![LocalId::from("u1")],
            removed: vec![LocalId::from("gone")],
            strangers: 2,
            roster: Roster { members: BTreeSet::new(), strangers: BTreeSet::new(), unread: false },
        };
        let found = [Difference::Changed(differs), Difference::Changed(members)];
        let report = Report::of(&found, &mirror(), "now".to_owned(), false);
        let lines: Vec<_> =
            report.drift.rows.iter().map(|r| [&*r.name, &*r.what, &*r.path, &*r.ours, &*r.theirs]).collect();
        let expected = [
            ["ada", "attribute", &*paths[0], "\"Engines\"", "\"Air\""],
            ["ada", "attribute", "name.givenName", "\"Ada\"", "\"Eve\""],
            ["ada", "attribute", "title", "", ""],
            ["sea", "member_added", "ada", "", ""],
            ["sea", "member_removed", "gone", "", ""],
            ["sea", "strangers", "", "", "2"],
        ];
        assert_eq!(lines, expected);
        assert_eq!((report.drift.total, report.keys.len()), (2, 2));
        let again = Report::of(&found, &mirror(), "later".to_owned(), false);
        assert_eq!(again.keys, report.keys);
        assert_ne!(again.drift.id, report.drift.id, "a consent to one report is none to a later one");
        assert_ne!(Report::of(&found[..1], &mirror(), "now".to_owned(), false).drift.id, report.drift.id);
    }
}
