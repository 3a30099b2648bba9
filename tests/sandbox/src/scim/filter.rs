//! Filters: `attribute eq "value"`, and two pairs of them.

use super::refusal::Refusal;

/// Which users are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UserFilter {
    UserName(String),
    ExternalId(String),
    Id(String),
    /// Members of a group.
    Group(String),
    /// One user, if it has this manager.
    Managed {
        id: String,
        manager: String,
    },
}

/// Which groups are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GroupFilter {
    DisplayName(String),
    ExternalId(String),
    Id(String),
    /// Groups of a user.
    Member(String),
    /// One group, if it has this member.
    Holding {
        id: String,
        member: String,
    },
}

impl UserFilter {
    /// # Errors
    /// `Invalid Filter format`.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        match sorted(text)? {
            (name, value, None) => match name.as_str() {
                "userName" => Ok(Self::UserName(value)),
                "externalId" => Ok(Self::ExternalId(value)),
                "id" => Ok(Self::Id(value)),
                "groups.value" => Ok(Self::Group(value)),
                _ => Err(Refusal::filter()),
            },
            (_, id, Some((other, manager))) if other == "manager" => Ok(Self::Managed { id, manager }),
            _ => Err(Refusal::filter()),
        }
    }
}

impl GroupFilter {
    /// # Errors
    /// `Invalid Filter format`.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        match sorted(text)? {
            (name, value, None) => match name.as_str() {
                "displayName" => Ok(Self::DisplayName(value)),
                "externalId" => Ok(Self::ExternalId(value)),
                "id" => Ok(Self::Id(value)),
                "members.value" => Ok(Self::Member(value)),
                _ => Err(Refusal::filter()),
            },
            // AWS's table has the one word, its example the other.
            (_, id, Some((other, member))) if other == "members" || other == "member" => {
                Ok(Self::Holding { id, member })
            }
            _ => Err(Refusal::filter()),
        }
    }
}

/// Attribute, value, and what is joined by `and`.
type Terms = (String, String, Option<(String, String)>);

/// One term; or two of which the first is that on `id`, whichever way they were written.
fn sorted(text: &str) -> Result<Terms, Refusal> {
    let (name, value, rest) = term(text).ok_or_else(Refusal::filter)?;
    if rest.is_empty() {
        return Ok((name, value, None));
    }
    let second = rest.strip_prefix(" and ").and_then(term).filter(|(_, _, rest)| rest.is_empty());
    let (other, other_value, _) = second.ok_or_else(Refusal::filter)?;
    match (name.as_str(), other.as_str()) {
        ("id", "id") => Err(Refusal::filter()),
        ("id", _) => Ok((name, value, Some((other, other_value)))),
        (_, "id") => Ok((other, other_value, Some((name, value)))),
        _ => Err(Refusal::filter()),
    }
}

/// Reads `attribute eq "value"` and gives what follows.
pub(crate) fn term(text: &str) -> Option<(String, String, &str)> {
    let (name, rest) = text.split_once(" eq ")?;
    let legal = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '$';
    (!name.is_empty() && name.chars().all(legal) && rest.starts_with('"')).then_some(())?;
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<String>();
    let value = values.next()?.ok()?;
    Some((name.into(), value, rest.get(values.byte_offset()..)?))
}
