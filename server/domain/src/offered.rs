use model::OfferedRole;
use saml::Attribute;

/// The roles of AWS among the attributes: ARN of the role and of the provider, in either order.
pub(crate) fn offered(attributes: &[Attribute]) -> Vec<OfferedRole> {
    let values = attributes.iter().filter(|a| a.name == saml::aws::ROLE).flat_map(|a| &a.values);
    let pairs = values.filter_map(|value| value.split_once(',')).map(|(a, b)| (a.trim(), b.trim()));
    let pairs = pairs.map(|(a, b)| if a.contains(":saml-provider/") { (b, a) } else { (a, b) });
    pairs.map(|(role, provider)| OfferedRole { role: role.to_owned(), provider: provider.to_owned() }).collect()
}
