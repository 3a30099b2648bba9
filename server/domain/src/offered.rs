use model::OfferedRole;
use saml::Attribute;

/// The roles of AWS among the attributes.
pub(crate) fn offered(attributes: &[Attribute]) -> Vec<OfferedRole> {
    pairs(attributes).filter_map(|pair| read(pair)).collect()
}

/// The attributes with the pair of one role in the place of all pairs, as it stands among them. None: the role is not
/// offered. So this takes away and never adds.
pub(crate) fn narrowed(attributes: &[Attribute], role: &str) -> Option<Vec<Attribute>> {
    let chosen = pairs(attributes).find(|pair| read(pair).is_some_and(|offer| offer.role == role))?;
    let only = |attribute: &Attribute| {
        let mut attribute = attribute.clone();
        if attribute.name == saml::aws::ROLE {
            attribute.values = vec![chosen.clone()];
        }
        attribute
    };
    Some(attributes.iter().map(only).collect())
}

fn pairs(attributes: &[Attribute]) -> impl Iterator<Item = &String> {
    attributes.iter().filter(|a| a.name == saml::aws::ROLE).flat_map(|a| &a.values)
}

/// ARN of the role and of the provider, in either order.
fn read(pair: &str) -> Option<OfferedRole> {
    let (a, b) = pair.split_once(',')?;
    let (a, b) = (a.trim(), b.trim());
    let (role, provider) = if a.contains(":saml-provider/") { (b, a) } else { (a, b) };
    Some(OfferedRole { role: role.to_owned(), provider: provider.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{Attribute, narrowed, offered};

    fn attribute(name: &str, values: &[&str]) -> Attribute {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Attribute { name: name.to_owned(), friendly_name: None, name_format: None, values }
    }

    #[test]
    fn one_pair_stays_as_it_was_written_and_whatever_else_is_said_stays_too() {
        let tag = attribute("urn:tag", &["arn:x:role/B,arn:x:saml-provider/p"]);
        let all = [
            tag.clone(),
            attribute(saml::aws::ROLE, &["arn:x:role/A,arn:x:saml-provider/p", "arn:x:saml-provider/p,arn:x:role/B"]),
        ];
        let roles: Vec<String> = offered(&all).into_iter().map(|offer| offer.role).collect();
        assert_eq!(roles, ["arn:x:role/A", "arn:x:role/B"]);
        let expected = vec![tag, attribute(saml::aws::ROLE, &["arn:x:saml-provider/p,arn:x:role/B"])];
        assert_eq!(narrowed(&all, "arn:x:role/B"), Some(expected));
    }

    #[test]
    fn what_is_not_offered_letter_for_letter_is_not_chosen() {
        let all = [
            attribute("urn:tag", &["arn:x:role/B,arn:x:saml-provider/p"]),
            attribute(saml::aws::ROLE, &["arn:x:role/A,arn:x:saml-provider/p"]),
        ];
        for role in ["arn:x:role/B", "arn:x:role/a", "arn:x:role/", "", "arn:x:saml-provider/p"] {
            assert_eq!(narrowed(&all, role), None, "{role}");
        }
        assert_eq!(narrowed(&[], ""), None);
    }
}
