use model::FieldError;

/// Collects what is wrong.
#[derive(Default)]
pub(super) struct Faults(pub Vec<FieldError>);

impl Faults {
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    pub fn name(&mut self, field: &str, name: &str) {
        let length = name.chars().count();
        if length == 0 || length > 200 {
            self.add(field, "a name has 1 to 200 characters");
        } else if name.chars().any(char::is_control) || name.trim() != name {
            self.add(field, "a name has no control characters and no space at its ends");
        }
    }
}
