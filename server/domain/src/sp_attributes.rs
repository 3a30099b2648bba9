//! The attributes that a service provider asks for, and the property mappings that would give them.

use std::collections::BTreeSet;

use model::{MappingKind, PropertyMapping, WantedAttribute};
use saml::RequestedAttribute;

const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified";
const CLAIMS: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

/// What is plain to be meant: names in lower case as services write them (RFC 4519, RFC 2798, the claims of
/// WS-Federation), and the expression that gives it.
const SOURCES: [(&[&str], &str); 7] = [
    (
        &["urn:oid:0.9.2342.19200300.100.1.3", "mail", "email", "e-mail", "emailaddress", "email_address"],
        "return user.email or None",
    ),
    (&["urn:oid:2.5.4.42", "givenname", "given_name", "firstname", "first_name"], "return user.given_name or None"),
    (
        &["urn:oid:2.5.4.4", "sn", "surname", "lastname", "last_name", "familyname", "family_name"],
        "return user.family_name or None",
    ),
    (
        &[
            "urn:oid:2.16.840.1.113730.3.1.241",
            "urn:oid:2.5.4.3",
            "displayname",
            "display_name",
            "cn",
            "name",
            "fullname",
        ],
        "return user.name or None",
    ),
    (&["urn:oid:0.9.2342.19200300.100.1.1", "uid", "username", "user_name"], "return user.username"),
    (
        &["urn:oid:1.3.6.1.4.1.5923.1.5.1.1", "ismemberof", "memberof", "groups"],
        "return [group.name for group in user.groups]",
    ),
    (&["urn:oid:2.16.840.1.113730.3.1.3", "employeenumber"], "return user.attributes.get(\"employeeNumber\")"),
];

/// What is asked for, with what gives it.
pub(crate) fn wanted<'a>(
    asked: &[RequestedAttribute],
    mappings: impl Iterator<Item = &'a PropertyMapping> + Clone,
) -> Vec<WantedAttribute> {
    let mut taken: BTreeSet<String> = mappings.clone().map(|mapping| mapping.name.clone()).collect();
    let attributes = asked.iter().map(|attribute| {
        let format = attribute.name_format.clone().filter(|format| format != UNSPECIFIED);
        let same = mappings.clone().filter(|mapping| mapping.saml_name.as_deref() == Some(&attribute.name));
        let says = |mapping: &&PropertyMapping| format.is_none() || mapping.name_format == format;
        let (exact, near): (Vec<_>, Vec<_>) = same.partition(says);
        let suggestion = if exact.is_empty() { suggest(attribute, format.clone(), &mut taken) } else { None };
        WantedAttribute {
            name: attribute.name.clone(),
            friendly_name: attribute.friendly_name.clone(),
            name_format: format.clone(),
            required: attribute.required,
            mappings: exact.into_iter().chain(near).map(|mapping| mapping.name.clone()).collect(),
            suggestion,
        }
    });
    attributes.collect()
}

/// A mapping for an attribute whose meaning is plain, under a name that is free.
fn suggest(
    attribute: &RequestedAttribute,
    name_format: Option<String>,
    taken: &mut BTreeSet<String>,
) -> Option<PropertyMapping> {
    let expression = source(&attribute.name)?;
    let word = attribute.friendly_name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or(&attribute.name);
    let plain: String = word.chars().filter(|c| c.is_alphanumeric() || "-_.: ".contains(*c)).take(80).collect();
    let stem = format!("SAML {}", plain.trim());
    let name = std::iter::once(stem.clone())
        .chain((2..100).map(|number| format!("{stem} {number}")))
        .find(|name| !taken.contains(name))?;
    taken.insert(name.clone());
    Some(PropertyMapping {
        name,
        kind: MappingKind::Saml,
        saml_name: Some(attribute.name.clone()),
        friendly_name: attribute.friendly_name.clone(),
        name_format,
        expression: expression.to_owned(),
        managed: false,
    })
}

fn source(name: &str) -> Option<&'static str> {
    let short = name.strip_prefix(CLAIMS).unwrap_or(name).to_lowercase();
    SOURCES.into_iter().find(|(names, _)| names.contains(&short.as_str())).map(|(_, expression)| expression)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &str, friendly: Option<&str>, format: Option<&str>) -> RequestedAttribute {
        RequestedAttribute {
            name: name.into(),
            friendly_name: friendly.map(str::to_owned),
            name_format: format.map(str::to_owned),
            required: true,
        }
    }

    #[test]
    fn what_is_plain_is_suggested_under_a_free_name_and_what_is_not_is_left_to_somebody() {
        const URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
        let there = PropertyMapping {
            name: "SAML mail".into(),
            kind: MappingKind::Saml,
            saml_name: Some("urn:oid:0.9.2342.19200300.100.1.3".into()),
            friendly_name: None,
            name_format: None,
            expression: "return 1".into(),
            managed: false,
        };
        let all = [
            asked("urn:oid:0.9.2342.19200300.100.1.3", Some("mail"), Some(URI)),
            asked("urn:oid:0.9.2342.19200300.100.1.3", Some("mail"), Some(UNSPECIFIED)),
            asked("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", None, None),
            asked("https://sp.example/colour", Some("colour"), None),
        ];
        let found = wanted(&all, [there].iter());
        let first = found[0].suggestion.as_ref().unwrap();
        assert_eq!((first.name.as_str(), first.name_format.as_deref()), ("SAML mail 2", Some(URI)));
        assert_eq!(found[0].mappings, ["SAML mail"]);
        assert!(found[1].suggestion.is_none() && found[1].name_format.is_none(), "the one that is there does");
        assert_eq!(found[2].suggestion.as_ref().unwrap().expression, "return user.family_name or None");
        assert!(found[3].suggestion.is_none() && found[3].mappings.is_empty());
        let faults = found.iter().flat_map(|w| &w.suggestion).flat_map(crate::validate::property_mapping).count();
        assert_eq!(faults, 0);
    }
}
