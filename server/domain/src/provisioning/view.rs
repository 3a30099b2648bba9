use model::{ScimObjectRow, ScimPlanView, ScimStepRow};
use scim::{
    dialect::Dialect,
    id::{Kind, LocalId, Object},
    plan::{Plan, Threshold},
    state::{Observed, Status},
    step::{Action, Reason, Step},
    wire::name_of,
};
use serde_json::Value;

use super::{
    removals::{counts, why},
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

/// A plan, for people, with so many of its steps.
pub fn plan_view(
    plan: &Plan,
    failures: &[Failure],
    observed: &Observed,
    dialect: &Dialect,
    threshold: &Threshold,
    shown: usize,
) -> ScimPlanView {
    let note = |notes: &[scim::dialect::Note]| {
        let words: Vec<String> = notes.iter().map(|n| format!("{}: {}; {}", n.path, n.what, n.fix)).collect();
        words.join("; ")
    };
    ScimPlanView {
        steps: plan.steps.iter().take(shown).map(|step| step_row(step, observed)).collect(),
        total: plan.steps.len() as u64,
        counts: counts(&plan.counts()),
        requests: plan.requests() as u64,
        seconds: plan.seconds(dialect.writes_per_second, dialect.reads_per_second),
        refused: plan.refused.iter().take(SHOWN).map(|r| (r.name.clone(), note(&r.notes))).collect(),
        failed: failures.iter().map(|f| (f.name.clone(), format!("{}: {}", f.mapping, f.message))).collect(),
        dropped: plan.dropped.iter().map(|(path, count)| (path.clone(), *count as u64)).collect(),
        hazard: plan.hazard(threshold).as_ref().map(why),
        foreign: (observed.foreign_users.len() + observed.foreign_groups.len()) as u64,
    }
}

/// A step, for people.
pub fn step_row(step: &Step, observed: &Observed) -> ScimStepRow {
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
            let name = |id: &LocalId| {
                let held = observed.users.get(id).map(|held| name_of(Kind::User, &held.resource));
                held.map_or_else(|| id.to_string(), str::to_owned)
            };
            let mut lines: Vec<String> = add.iter().take(DETAILS).map(|id| format!("+ {}", name(id))).collect();
            lines.extend(remove.iter().take(DETAILS).map(|id| format!("- {}", name(id))));
            lines.extend(strangers.iter().take(DETAILS).map(|id| format!("- {id}, who is not ours")));
            let all = add.len() + remove.len() + strangers.len();
            if all > lines.len() {
                lines.push(format!("and {} more", all - lines.len()));
            }
            ("members", lines)
        }
        Action::Delete => ("delete", Vec::new()),
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
        Reason::Changed { attributes } => format!("differs in {}", attributes.join(", ")),
        Reason::Returned => "in scope again".to_owned(),
        Reason::Disabled => "deactivated here".to_owned(),
        Reason::LeftScope => "not in scope any more".to_owned(),
        Reason::GraceOver { .. } => "the grace is over".to_owned(),
        Reason::Members => "members differ".to_owned(),
        Reason::MakesWay { taker } => format!("makes way for {taker}"),
    }
}

/// What is there, ours first; then what the service refused and is not there. What a group is called here is not known here.
pub fn objects(observed: &Observed) -> Vec<ScimObjectRow> {
    let mut rows = Vec::new();
    for kind in [Kind::User, Kind::Group] {
        for (id, held) in observed.held(kind) {
            let state = match held.status {
                Status::Active => "active",
                Status::Deactivated { .. } => "deactivated",
            };
            let off = held.resource.get("active") == Some(&Value::Bool(false));
            rows.push(ScimObjectRow {
                kind: word(kind).to_owned(),
                name: name_of(kind, &held.resource).to_owned(),
                local: id.to_string(),
                here: String::new(),
                remote: held.remote.to_string(),
                state: if off { "deactivated" } else { state }.to_owned(),
                words: String::new(),
                fix: String::new(),
                members: match kind {
                    Kind::Group => observed.rosters.get(id).map_or(0, |roster| roster.members.len() as u64),
                    Kind::User => 0,
                },
            });
        }
    }
    for kind in [Kind::User, Kind::Group] {
        rows.extend(observed.foreign(kind).iter().map(|(remote, resource)| ScimObjectRow {
            kind: word(kind).to_owned(),
            name: name_of(kind, resource).to_owned(),
            local: String::new(),
            here: String::new(),
            remote: remote.to_string(),
            state: "foreign".to_owned(),
            words: String::new(),
            fix: String::new(),
            members: 0,
        }));
    }
    for parked in &observed.parked {
        let Object { kind, id } = &parked.step.object;
        let row = rows.iter_mut().find(|row| row.local == id.0 && row.kind == word(*kind));
        match row {
            Some(row) => {
                row.state = "parked".to_owned();
                (row.words, row.fix) = (parked.words.clone(), parked.fix.clone());
            }
            None => rows.push(ScimObjectRow {
                kind: word(*kind).to_owned(),
                name: parked.step.name.clone(),
                local: id.to_string(),
                here: String::new(),
                remote: String::new(),
                state: "parked".to_owned(),
                words: parked.words.clone(),
                fix: parked.fix.clone(),
                members: 0,
            }),
        }
    }
    rows
}
