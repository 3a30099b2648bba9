//! The attributes that AWS reads and that need no code: tags, source identity, session duration.

use model::{AwsAttributes, AwsValue, UserField};
use saml::aws::{ACCESS_CONTROL_PREFIX, PRINCIPAL_TAG_PREFIX, SESSION_DURATION, SOURCE_IDENTITY, TRANSITIVE_TAG_KEYS};

use crate::{mapped::attribute_values, person::Person};

/// What gave the values, as verdicts name it.
pub(crate) const SOURCE: &str = "AWS attributes";

/// What a person gets.
#[derive(Default)]
pub(crate) struct Given {
    /// The name and the values of each attribute.
    pub attributes: Vec<(String, Vec<String>)>,
    /// Which one failed, and why.
    pub failures: Vec<(String, String)>,
}

/// Looks the values up.
pub(crate) fn attributes(table: &AwsAttributes, person: &Person) -> Given {
    let (mut found, mut failed, mut transitive) = (Vec::new(), Vec::new(), Vec::new());
    let prefixes = [(PRINCIPAL_TAG_PREFIX, &table.principal_tags), (ACCESS_CONTROL_PREFIX, &table.access_control)];
    for (prefix, tags) in prefixes {
        for tag in tags {
            match value(&tag.source(), person) {
                Ok(None) => {}
                Ok(Some(value)) => {
                    if tag.transitive {
                        transitive.push(tag.key.clone());
                    }
                    found.push((format!("{prefix}{}", tag.key), vec![value]));
                }
                Err(why) => failed.push((tag.key.clone(), why)),
            }
        }
    }
    if !transitive.is_empty() {
        found.push((TRANSITIVE_TAG_KEYS.to_owned(), transitive));
    }
    match table.source_identity.as_ref().map(|source| value(source, person)) {
        Some(Ok(Some(value))) => found.push((SOURCE_IDENTITY.to_owned(), vec![value])),
        Some(Err(why)) => failed.push(("SourceIdentity".to_owned(), why)),
        Some(Ok(None)) | None => {}
    }
    if let Some(duration) = table.session_duration {
        found.push((SESSION_DURATION.to_owned(), vec![duration.as_seconds().to_string()]));
    }
    Given { attributes: found, failures: failed }
}

/// One value; None where the person has none.
fn value(source: &AwsValue, person: &Person) -> Result<Option<String>, String> {
    let user = &person.user;
    let text = match (&source.field, &source.attribute, &source.value) {
        (Some(field), ..) => match field {
            UserField::Username => user.username.clone(),
            UserField::Email => user.email.clone(),
            UserField::Name => user.name.clone(),
            UserField::GivenName => user.given_name.clone(),
            UserField::FamilyName => user.family_name.clone(),
            UserField::Uid => user.uid.clone(),
        },
        (None, Some(name), _) => {
            let Some(value) = person.attribute(name) else { return Ok(None) };
            match attribute_values(value)?.as_slice() {
                [] => return Ok(None),
                [one] => one.clone(),
                many => return Err(format!("the attribute `{name}` has {} values, and AWS takes one", many.len())),
            }
        }
        (None, None, fixed) => fixed.clone().unwrap_or_default(),
    };
    Ok((!text.is_empty()).then_some(text))
}
