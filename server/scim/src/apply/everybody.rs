//! One reading of everything in the place of a question for each creation of which nobody knows what became.

use crate::apply::{Look, Outcome};
use crate::dialect::{Dialect, Paging, Unique};
use crate::id::Kind;
use crate::state::Observed;
use crate::step::{Action, Step};
use crate::wire::Resource;
use serde_json::json;
use std::collections::HashMap;

/// Everything of one kind that is there, ready to answer [`Look`]s.
#[derive(Debug)]
pub struct Everybody {
    kind: Kind,
    rows: Vec<Resource>,
    named: HashMap<(Unique, String), Vec<usize>>,
}

impl Everybody {
    /// From a reading of all of `kind`, which must be whole.
    #[must_use]
    pub fn new(kind: Kind, rows: Vec<Resource>, dialect: &Dialect) -> Self {
        let rules = dialect.rules(kind);
        let mut named: HashMap<(Unique, String), Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            let row = dialect.recognise(kind, row);
            for unique in [Unique::Name, Unique::ExternalId] {
                if let Some(value) = rules.unique_value(kind, unique, &row) {
                    named.entry((unique, value)).or_default().push(at);
                }
            }
        }
        Self { kind, rows, named }
    }

    /// The body that the service would have answered to the request of `look`; `None` for another kind of question.
    #[must_use]
    pub fn answer(&self, look: &Look, dialect: &Dialect) -> Option<Vec<u8>> {
        let (unique, object, resource) = match look {
            Look::Name { object, resource, .. } => (Unique::Name, object, resource),
            Look::ExternalId { object, resource } => (Unique::ExternalId, object, resource),
            _ => return None,
        };
        if object.kind != self.kind {
            return None;
        }
        let value = dialect.rules(self.kind).unique_value(self.kind, unique, resource)?;
        let found = self.named.get(&(unique, value)).into_iter().flatten();
        let rows: Vec<&Resource> = found.filter_map(|at| self.rows.get(*at)).collect();
        serde_json::to_vec(&json!({ "totalResults": rows.len(), "Resources": rows })).ok()
    }
}

/// Whether the question that an outcome leaves open can wait for those of other creations: nothing but memberships
/// depends on the answer. `maybe`: an attempt before the last may have been done. A service that refuses a duplicate of
/// which we know nothing is asked at once.
#[must_use]
pub fn can_wait(step: &Step, outcome: &Outcome, maybe: bool) -> bool {
    let asks = match outcome {
        Outcome::Unknown { look: Look::Name { .. } } => true,
        Outcome::Conflict { look: Look::Name { .. } } => maybe,
        _ => false,
    };
    asks && matches!(step.action, Action::Create { .. })
}

/// Whether reading all of `kind` takes fewer requests than so many questions.
#[must_use]
pub fn reading_pays(questions: usize, kind: Kind, observed: &Observed, dialect: &Dialect) -> bool {
    let (Paging::Cursor(page) | Paging::StartIndex(page)) = dialect.paging;
    let there = observed.held(kind).len() + observed.foreign(kind).len() + questions;
    // The last page may be empty, and what others made meanwhile is not known.
    let pages = there / usize::try_from(page.max(1)).unwrap_or(usize::MAX) + 1;
    questions > pages
}
