use model::FieldError;

use super::faults::Faults;

pub fn object_name(name: &str) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", name);
    faults.0
}
