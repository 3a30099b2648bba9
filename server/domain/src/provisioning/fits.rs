use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use scim::{
    dialect::{Conformed, Dialect},
    id::{Kind, LocalId},
    plan::{Plan, PlanOptions, fit, plan_fitted},
    state::Observed,
};

use super::{
    mapping::Rendering,
    wanted::{Failure, Part, Parts, Wanted},
};

/// What was made of people and fits a service, kept from one plan to the next. To make everybody fit once more would be most
/// of the work of a plan that changes little.
#[derive(Default)]
pub struct Fits {
    /// The service that it fits.
    dialect: Option<Dialect>,
    people: HashMap<LocalId, Fit>,
}

struct Fit {
    /// What it was made of. As long as it is held here, no other rendering is at its address.
    rendering: Arc<Rendering>,
    active: bool,
    conformed: Conformed,
}

impl Fits {
    /// The plan for what is wanted, and what failed: what [`plan_of`](scim::plan::plan_of) makes of
    /// [`Wanted::desired`].
    pub fn plan(
        &mut self,
        wanted: &Wanted,
        observed: &Observed,
        dialect: &Dialect,
        options: &PlanOptions,
    ) -> (Plan, Vec<Failure>) {
        let Parts { people, groups, failures } = wanted.parts(observed);
        self.follow(&people, dialect);
        let users: BTreeMap<&LocalId, Cow<Conformed>> =
            people.iter().map(|part| (part.id, self.of(part, dialect))).collect();
        (plan_fitted(users, &groups, observed, dialect, options), failures)
    }

    /// Makes what has changed fit, and forgets whoever is not wanted any more.
    fn follow(&mut self, people: &[Part], dialect: &Dialect) {
        if self.dialect.as_ref() != Some(dialect) {
            self.people.clear();
            self.dialect = Some(dialect.clone());
        }
        for part in people {
            let Some(rendering) = part.made else { continue };
            if self.people.get(part.id).is_some_and(|fit| fit.is_of(part)) {
                continue;
            }
            let (rendering, conformed) = (Arc::clone(rendering), fitting(part, dialect));
            self.people.insert(part.id.clone(), Fit { rendering, active: part.active, conformed });
        }
        if self.people.len() > people.len() {
            let wanted: HashSet<&LocalId> = people.iter().map(|part| part.id).collect();
            self.people.retain(|id, _| wanted.contains(id));
        }
    }

    /// What of somebody fits.
    fn of(&self, part: &Part, dialect: &Dialect) -> Cow<'_, Conformed> {
        let known = self.people.get(part.id).filter(|fit| fit.is_of(part));
        known.map_or_else(|| Cow::Owned(fitting(part, dialect)), |fit| Cow::Borrowed(&fit.conformed))
    }
}

impl Fit {
    fn is_of(&self, part: &Part) -> bool {
        self.active == part.active && part.made.is_some_and(|rendering| Arc::ptr_eq(rendering, &self.rendering))
    }
}

fn fitting(part: &Part, dialect: &Dialect) -> Conformed {
    fit(Kind::User, part.id, Cow::Owned(part.resource()), dialect)
}
