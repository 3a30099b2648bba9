//! Steps that are not worth sending yet.

use crate::id::Object;
use crate::plan::objects::Context;
use crate::state::Parked;
use crate::step::Step;
use std::collections::HashMap;

/// The refusals of each object whose time has not come.
pub(super) type Parking<'a> = HashMap<&'a Object, Vec<&'a Parked>>;

/// What waits at the time of the plan.
pub(super) fn parked(context: Context<'_>) -> Parking<'_> {
    let mut parking: Parking = HashMap::new();
    for parked in context.observed.parked.iter().filter(|parked| parked.until > context.options.now) {
        parking.entry(&parked.step.object).or_default().push(parked);
    }
    parking
}

/// Whether a step is one of them.
pub(super) fn is_waiting(parking: &Parking, step: &Step) -> bool {
    parking.get(&step.object).is_some_and(|parked| parked.iter().any(|parked| parked.step.repeats(step)))
}
