use serde::{Deserialize, Serialize};

use crate::Span;

/// What is known of every user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserField {
    #[default]
    Username,
    Email,
    Name,
    GivenName,
    FamilyName,
    Uid,
}

impl UserField {
    pub const ALL: [Self; 6] = [Self::Username, Self::Email, Self::Name, Self::GivenName, Self::FamilyName, Self::Uid];

    /// As a file writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Uid => "uid",
        }
    }
}

/// Where a value comes from: exactly one of the three.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AwsValue {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<UserField>,
    /// Name of an attribute of the user or of a group, the user's own first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// The same for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A tag that AWS puts on a session.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AwsTag {
    pub key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<UserField>,
    /// Name of an attribute of the user or of a group, the user's own first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// The same for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Later roles inherit it (IAM only).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub transitive: bool,
}

impl AwsTag {
    /// Where its value comes from.
    pub fn source(&self) -> AwsValue {
        AwsValue { field: self.field, attribute: self.attribute.clone(), value: self.value.clone() }
    }
}

/// Attributes that AWS reads, given without code. A user for whom a value is not there goes without it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct AwsAttributes {
    /// `PrincipalTag:…` and, of those that are transitive, `TransitiveTagKeys`. IAM.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub principal_tags: Vec<AwsTag>,
    /// `SourceIdentity`. IAM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_identity: Option<AwsValue>,
    /// `SessionDuration`. IAM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_duration: Option<Span>,
    /// `AccessControl:…`. Identity Center.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub access_control: Vec<AwsTag>,
}

impl AwsValue {
    /// What is wrong with it, if anything.
    pub fn fault(&self) -> Option<&'static str> {
        let given = [self.field.is_some(), self.attribute.is_some(), self.value.is_some()];
        if given.into_iter().filter(|given| *given).count() != 1 {
            return Some("give exactly one of field, attribute and value");
        }
        let empty = |text: &Option<String>| text.as_ref().is_some_and(|text| text.trim().is_empty());
        if empty(&self.attribute) || empty(&self.value) {
            return Some("this is empty");
        }
        let long = self.value.as_ref().is_some_and(|value| value.chars().count() > 256);
        long.then_some("a value has at most 256 characters")
    }
}

/// What keys and values of session tags consist of (STS API, `Tag`).
const TAG_CHARACTERS: &str = "letters, digits, spaces and _.:/=+-@ only";

/// Whether AWS takes a character in the key or the value of a session tag (STS API, `Tag`: `[\p{L}\p{Z}\p{N}_.:/=+\-@]`).
fn is_tag_character(c: char) -> bool {
    c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c)
}

/// What is wrong with the key of a session tag, if anything.
fn key_fault(key: &str) -> Option<&'static str> {
    if key.is_empty() || key.chars().count() > 128 {
        Some("a key has 1 to 128 characters")
    } else if !key.chars().all(is_tag_character) {
        Some("a key has letters, digits, spaces and _.:/=+-@ only")
    } else if key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:")) {
        Some("keys that begin with aws: are AWS's own")
    } else {
        None
    }
}

impl AwsAttributes {
    /// AWS's limits: what is wrong, at which field. The same in the browser and on the server.
    pub fn faults(&self) -> Vec<(String, String)> {
        const MOST: usize = 50;
        let mut faults = Vec::new();
        for (list, tags) in [("principal_tags", &self.principal_tags), ("access_control", &self.access_control)] {
            if tags.len() > MOST {
                faults.push((list.to_owned(), format!("AWS takes at most {MOST} of them")));
            }
            for (index, tag) in tags.iter().enumerate() {
                let field = format!("{list}.{index}");
                if let Some(why) = key_fault(&tag.key) {
                    faults.push((field.clone(), why.to_owned()));
                } else if tags.iter().take(index).any(|before| before.key.eq_ignore_ascii_case(&tag.key)) {
                    let why = format!("the key `{}` is there twice; AWS does not tell capitals apart", tag.key);
                    faults.push((field.clone(), why));
                }
                if tag.value.as_ref().is_some_and(|value| !value.chars().all(is_tag_character)) {
                    faults.push((field.clone(), format!("a value has {TAG_CHARACTERS}")));
                }
                if list == "access_control" && tag.transitive {
                    faults.push((field.clone(), "Identity Center knows no transitive tags".to_owned()));
                }
                if let Some(why) = tag.source().fault() {
                    faults.push((field, why.to_owned()));
                }
            }
        }
        if let Some(source) = &self.source_identity {
            let fixed = source.value.as_deref();
            let word = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
            if let Some(why) = source.fault() {
                faults.push(("source_identity".to_owned(), why.to_owned()));
            } else if fixed
                .is_some_and(|v| !(2..=64).contains(&v.len()) || !v.chars().all(word) || v.starts_with("aws:"))
            {
                let why =
                    "a source identity has 2 to 64 characters of a-z A-Z 0-9 _+=,.@- and does not begin with aws:";
                faults.push(("source_identity".to_owned(), why.to_owned()));
            }
        }
        if self.session_duration.is_some_and(|d| !(900..=43_200).contains(&d.as_seconds())) {
            faults.push(("session_duration".to_owned(), "AWS takes 15m to 12h".to_owned()));
        }
        faults
    }

    /// Nothing is given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str) -> AwsTag {
        AwsTag { key: key.to_owned(), value: Some("v".to_owned()), ..AwsTag::default() }
    }

    #[test]
    fn aws_s_limits_hold_to_the_last_character() {
        let fields =
            |attributes: AwsAttributes| attributes.faults().into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        let tags = |principal_tags| AwsAttributes { principal_tags, ..AwsAttributes::default() };
        let many = |n: usize| (0..n).map(|i| tag(&i.to_string())).collect::<Vec<_>>();
        assert!(fields(tags(many(50))).is_empty());
        assert_eq!(fields(tags(many(51))), ["principal_tags"]);
        assert!(fields(tags(vec![tag(&"k".repeat(128))])).is_empty());
        assert_eq!(fields(tags(vec![tag(&"k".repeat(129))])), ["principal_tags.0"]);
        assert_eq!(fields(tags(vec![tag("k"), tag("k")])), ["principal_tags.1"]);
        assert_eq!(fields(tags(vec![tag("Dept"), tag("dEPT")])), ["principal_tags.1"]);
        for (key, good) in [("é 1_.:/=+-@", true), ("R&D", false), ("a\tb", false), ("Aws:x", false), ("awsx", true)] {
            assert_eq!(fields(tags(vec![tag(key)])).is_empty(), good, "{key}");
        }
        assert_eq!(fields(tags(vec![AwsTag { value: Some("R&D".to_owned()), ..tag("k") }])), ["principal_tags.0"]);
        assert_eq!(fields(tags(vec![AwsTag { field: Some(UserField::Email), ..tag("k") }])), ["principal_tags.0"]);
        assert_eq!(fields(tags(vec![AwsTag { value: Some("v".repeat(257)), ..tag("k") }])), ["principal_tags.0"]);
        let transitive = AwsTag { transitive: true, ..tag("k") };
        let center = AwsAttributes { access_control: vec![transitive], ..AwsAttributes::default() };
        assert_eq!(fields(center), ["access_control.0"]);
        for (seconds, good) in [(899, false), (900, true), (43_200, true), (43_201, false)] {
            let session_duration = Some(Span::seconds(seconds));
            let attributes = AwsAttributes { session_duration, ..AwsAttributes::default() };
            assert_eq!(attributes.faults().is_empty(), good, "{seconds}");
        }
        for (value, good) in [("a", false), ("ab", true), ("a b", false), ("aws:x", false)] {
            let source = AwsValue { value: Some(value.to_owned()), ..AwsValue::default() };
            let attributes = AwsAttributes { source_identity: Some(source), ..AwsAttributes::default() };
            assert_eq!(attributes.faults().is_empty(), good, "{value}");
        }
    }
}
