use std::collections::HashMap;

use model::{ScimDialect, ScimObjectRow, ScimPlanView, ScimSlowest, ScimStepRow};
use scim::{
    dialect::Dialect,
    id::{Kind, LocalId, Object},
    plan::Plan,
    rate::first_memberships,
    state::{Observed, Status},
    step::{Action, Reason, Step},
    wire::name_of,
};
use serde_json::Value;

use super::{
    refused::Refused,
    removals::counts,
    taken::{lost, user_name},
    wanted::Failure,
};

/// Steps that a view shows one by one, where it is not to be kept.
pub const SHOWN: usize = 500;
/// Members and values that one step shows.
const DETAILS: usize = 10;

pub(super) fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "user",
        Kind::Group => "group",
    }
}

/// A plan, for people, with so many of its steps. `hazard`: why it would wait.
pub fn plan_view(
    plan: &Plan,
    failures: &[Failure],
    observed: &Observed,
    dialect: &Dialect,
    hazard: Option<String>,
    kind: ScimDialect,
    shown: usize,
) -> ScimPlanView {
    let note = |notes: &[scim::dialect::Note]| {
        let words: Vec<String> = notes.iter().map(|n| format!("{}: {}; {}", n.path, n.what, n.fix)).collect();
        words.join("; ")
    };
    let (sums, foreign) = (plan.counts(), observed.foreign_users.len() + observed.foreign_groups.len());
    ScimPlanView {
        steps: plan.steps.iter().take(shown).map(|step| step_row(step, observed, kind)).collect(),
        total: plan.steps.len() as u64,
        counts: counts(&sums),
        requests: plan.requests() as u64,
        seconds: plan.seconds(dialect),
        slowest: slowest(plan, dialect),
        refused: plan.refused.iter().take(SHOWN).map(|r| (r.name.clone(), note(&r.notes))).collect(),
        failed: failures.iter().map(|f| (f.name.clone(), format!("{}: {}", f.mapping, f.message))).collect(),
        dropped: plan.dropped.iter().map(|(path, count)| (path.clone(), *count as u64)).collect(),
        hazard,
        foreign: foreign.saturating_sub(sums.adopted) as u64,
    }
}

/// What a plan takes where memberships go no faster than at first, if that is more by over a tenth.
fn slowest(plan: &Plan, dialect: &Dialect) -> Option<ScimSlowest> {
    let (about, seconds) = (plan.seconds(dialect), plan.seconds_at_most(dialect));
    let memberships_per_second = first_memberships(dialect.writes_per_second);
    (seconds * 10 > about * 11).then_some(ScimSlowest { memberships_per_second, seconds })
}

/// A step, for people.
pub fn step_row(step: &Step, observed: &Observed, dialect: ScimDialect) -> ScimStepRow {
    let (action, details) = match &step.action {
        Action::Adopt { remote } => ("adopt", vec![format!("{remote} becomes ours")]),
        Action::Create { .. } => ("create", Vec::new()),
        Action::Change { operations } => {
            let line = |o: &scim::wire::Operation| match &o.value {
                Some(value) => format!("{} = {value}", o.path),
                None => format!("{} is removed", o.path),
            };
            ("change", operations.iter().map(line).collect())
        }
        Action::Replace { .. } => ("replace", Vec::new()),
        Action::Deactivate { .. } => ("deactivate", Vec::new()),
        Action::ChangeMembers { add, remove, strangers } => {
            let line = |sign: char| move |id: &LocalId| format!("{sign} {}", user_name(id, observed));
            let mut lines: Vec<String> = add.iter().take(DETAILS).map(line('+')).collect();
            lines.extend(remove.iter().take(DETAILS).map(line('-')));
            lines.extend(strangers.iter().take(DETAILS).map(|id| format!("- {id}, who is not ours")));
            let all = add.len() + remove.len() + strangers.len();
            if all > lines.len() {
                lines.push(format!("and {} more", all - lines.len()));
            }
            ("members", lines)
        }
        Action::Delete => ("delete", vec![lost(step, observed, dialect)]),
    };
    ScimStepRow {
        action: action.to_owned(),
        kind: word(step.object.kind).to_owned(),
        name: step.name.clone(),
        why: reason(&step.why),
        details,
    }
}

fn reason(why: &Reason) -> String {
    match why {
        Reason::New => "in scope and not there".to_owned(),
        Reason::OursAlready => "there with our identifier".to_owned(),
        Reason::SameName => "there with the same name".to_owned(),
        Reason::Decided => "there with the same name; it was decided that it becomes ours".to_owned(),
        Reason::Changed { attributes } => format!("differs in {}", attributes.join(", ")),
        Reason::Returned => "in scope again".to_owned(),
        Reason::Disabled => "deactivated here".to_owned(),
        Reason::LeftScope => "not in scope any more".to_owned(),
        Reason::GraceOver { .. } => "the grace is over".to_owned(),
        Reason::Members => "members differ".to_owned(),
        Reason::MakesWay { taker } => format!("makes way for {taker}"),
    }
}

/// What is there, ours first; then what was refused, by the service or by the dialect before anything was sent, or of which
/// nothing could be made, and is not there. What a group is called here is not known here.
pub fn objects(observed: &Observed, refused: &[Refused]) -> Vec<ScimObjectRow> {
    let mut rows = Vec::new();
    for kind in [Kind::User, Kind::Group] {
        for (id, held) in observed.held(kind) {
            let state = match held.status {
                Status::Active => "active",
                Status::Deactivated { .. } => "deactivated",
            };
            let off = held.resource.get("active") == Some(&Value::Bool(false));
            rows.push(ScimObjectRow {
                local: id.to_string(),
                remote: held.remote.to_string(),
                members: match kind {
                    Kind::Group => observed.rosters.get(id).map_or(0, |roster| roster.members.len() as u64),
                    Kind::User => 0,
                },
                ..row(kind, name_of(kind, &held.resource), if off { "deactivated" } else { state })
            });
        }
    }
    let known: HashMap<Object, usize> = if observed.parked.is_empty() && refused.is_empty() {
        HashMap::new()
    } else {
        let objects = [Kind::User, Kind::Group]
            .into_iter()
            .flat_map(|kind| observed.held(kind).keys().map(move |id| Object { kind, id: id.clone() }));
        objects.zip(0..).collect()
    };
    for kind in [Kind::User, Kind::Group] {
        rows.extend(observed.foreign(kind).iter().map(|(remote, resource)| ScimObjectRow {
            remote: remote.to_string(),
            ..row(kind, name_of(kind, resource), "foreign")
        }));
    }
    let mut parking = Parking { rows, known };
    for parked in &observed.parked {
        parking.park(&parked.step.object, &parked.step.name, &parked.words, &parked.fix);
    }
    // What is refused here is not even asked there: it is said last.
    for refused in refused {
        parking.park(&refused.object, &refused.name, &refused.words, &refused.fix);
    }
    parking.rows
}

/// A row of something of which nothing is known but that it is there.
fn row(kind: Kind, name: &str, state: &str) -> ScimObjectRow {
    ScimObjectRow {
        kind: word(kind).to_owned(),
        name: name.to_owned(),
        local: String::new(),
        here: String::new(),
        remote: String::new(),
        state: state.to_owned(),
        words: String::new(),
        fix: String::new(),
        members: 0,
    }
}

/// Rows that objects are parked in, and where those of ours are.
struct Parking {
    rows: Vec<ScimObjectRow>,
    known: HashMap<Object, usize>,
}

impl Parking {
    fn park(&mut self, object: &Object, name: &str, words: &str, fix: &str) {
        let next = self.rows.len();
        let at = *self.known.entry(object.clone()).or_insert(next);
        if at == next {
            self.rows.push(ScimObjectRow { local: object.id.to_string(), ..row(object.kind, name, "parked") });
        }
        if let Some(row) = self.rows.get_mut(at) {
            "parked".clone_into(&mut row.state);
            (row.words, row.fix) = (words.to_owned(), fix.to_owned());
        }
    }
}
