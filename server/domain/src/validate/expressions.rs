use expression::Expression;
use model::{FieldError, Policy, PropertyMapping};
use saml::aws::{ACCESS_CONTROL_PREFIX, is_name_format};

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
    } else if let (Some(name), Some(format)) = (&mapping.saml_name, &mapping.name_format)
        && name.starts_with(ACCESS_CONTROL_PREFIX)
        && !is_name_format(format)
    {
        faults.add(
            "name_format",
            "IAM Identity Center takes urn:oasis:names:tc:SAML:2.0:attrname-format:uri, basic or unspecified only; leave it out, or choose one of them",
        );
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
