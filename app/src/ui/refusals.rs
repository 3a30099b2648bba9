use leptos::prelude::*;
use model::{Fault, FieldError};

use super::Problem;

/// What the server found wrong with a form. A handle; copies are the same.
#[derive(Clone, Copy, Default)]
pub struct Refusals(RwSignal<Vec<FieldError>>);

impl Refusals {
    pub fn clear(self) {
        self.0.set(Vec::new());
    }

    pub fn set(self, fault: Fault) {
        self.0.set(match fault {
            Fault::Invalid(fields) => fields,
            other => vec![FieldError::new("", other.to_string())],
        });
    }

    /// What to show at a field. Its control has the field's name as id.
    pub fn error(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || self.at(field))
    }

    /// What is wrong with a field now.
    pub fn at(self, field: &str) -> Option<String> {
        self.0.with(|all| all.iter().find(|f| f.field == field).map(|f| f.message.clone()))
    }

    /// All that is wrong now.
    pub fn all(self) -> Vec<FieldError> {
        self.0.get()
    }

    /// What to show in the summary.
    pub fn problems(self) -> Signal<Vec<Problem>> {
        Signal::derive(move || self.0.get().into_iter().map(|f| (f.field, f.message)).collect())
    }
}
