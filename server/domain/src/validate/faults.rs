use model::FieldError;

/// Collects what is wrong.
#[derive(Default)]
pub(super) struct Faults(pub Vec<FieldError>);

impl Faults {
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    pub fn name(&mut self, field: &str, name: &str) {
        if let Some(fault) = model::name_fault(name) {
            self.add(field, fault);
        }
    }
}
