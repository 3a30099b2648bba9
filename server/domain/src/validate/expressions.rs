use expression::Expression;
use model::{FieldError, Policy, PropertyMapping};

use super::faults::Faults;

pub fn property_mapping(mapping: &PropertyMapping) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &mapping.name);
    if let Some(name) = &mapping.saml_name
        && (name.is_empty() || name.len() > 1024 || name.chars().any(|c| c.is_whitespace() || c.is_control()))
    {
        faults.add("saml_name", "an attribute's name has 1 to 1024 characters and no spaces");
    }
    if let Some(format) = &mapping.name_format
        && (format.is_empty() || format.len() > 1024 || format.chars().any(|c| c.is_whitespace() || c.is_control()))
    {
        faults.add("name_format", "a name format is a URI of 1 to 1024 characters");
    }
    if let Err(error) = Expression::compile(&mapping.name, &mapping.expression) {
        faults.add("expression", error.to_string());
    }
    faults.0
}

pub fn policy(policy: &Policy) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &policy.name);
    if let Err(error) = Expression::compile(&policy.name, &policy.expression) {
        faults.add("expression", error.to_string());
    }
    faults.0
}
