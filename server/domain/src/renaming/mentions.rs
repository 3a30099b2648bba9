use crate::port::Configuration;

/// Expressions that speak of a name in quotes, as a reader would look for them. They are code, so nobody changes them
/// but their author.
pub fn mentions(configuration: &Configuration, name: &str) -> Vec<String> {
    let quoted = [format!("\"{name}\""), format!("'{name}'")];
    let speaks = |text: &str| quoted.iter().any(|quoted| text.contains(quoted.as_str()));
    let mappings = configuration.property_mappings.values().map(|m| &m.value);
    let mappings = mappings.filter(|m| speaks(&m.expression)).map(|m| format!("property mapping {}", m.name));
    let policies = configuration.policies.values().map(|p| &p.value);
    let policies = policies.filter(|p| speaks(&p.expression)).map(|p| format!("policy {}", p.name));
    mappings.chain(policies).collect()
}
