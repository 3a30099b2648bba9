//! What is in scope, on its way to what fits the service.

use crate::dialect::{Conformed, Dialect};
use crate::id::{Kind, LocalId};
use crate::wire::{Resource, text};
use serde_json::json;
use std::borrow::Cow;

/// An object in scope.
pub(super) enum Scoped<'a> {
    /// As it was rendered.
    Rendered(Cow<'a, Resource>),
    /// As [`fit`] has made it.
    Fitting(Cow<'a, Conformed>),
}

impl<'a> Scoped<'a> {
    /// As it fits the service.
    pub(super) fn fitting(self, kind: Kind, id: &LocalId, dialect: &Dialect) -> Cow<'a, Conformed> {
        match self {
            Self::Rendered(rendered) => Cow::Owned(fit(kind, id, rendered, dialect)),
            Self::Fitting(conformed) => conformed,
        }
    }
}

/// Makes a rendered object of ours fit a service, as a plan does. The same comes of the same, so it can be kept for the next
/// plan: to make everybody fit is most of the work of one that changes little.
#[must_use]
pub fn fit(kind: Kind, id: &LocalId, mut rendered: Cow<'_, Resource>, dialect: &Dialect) -> Conformed {
    // Without an identifier of ours on it, an object whose creation was never answered could not be found again.
    if text(&rendered, "externalId").is_none() {
        rendered.to_mut().insert("externalId".to_owned(), json!(id));
    }
    dialect.conform(kind, &rendered)
}
