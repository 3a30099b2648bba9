//! The path of a PATCH operation (RFC 7644 §3.5.2).

use super::filter::term;
use super::refusal::Refusal;
use super::schema::{ENTERPRISE, USER};

/// `attribute`, `attribute.part`, `attribute[part eq "value"]` or `attribute[part eq "value"].part`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// The attribute; the extension itself if the path names nothing but that.
    pub(crate) attribute: String,
    /// Whether the attribute is one of the extension.
    pub(crate) extension: bool,
    /// Part and value that choose an element of a list.
    pub(crate) filter: Option<(String, String)>,
    /// The part.
    pub(crate) part: Option<String>,
}

impl Path {
    /// # Errors
    /// The general refusal: another form or another operator than `eq`.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        Self::read(text).ok_or_else(Refusal::violates)
    }

    /// A path of a single attribute.
    pub(crate) fn plain(attribute: &str) -> Self {
        Self { attribute: attribute.into(), extension: false, filter: None, part: None }
    }

    fn read(text: &str) -> Option<Self> {
        if text == ENTERPRISE {
            return Some(Self::plain(text));
        }
        let (rest, extension) = match text.strip_prefix(ENTERPRISE) {
            Some(rest) => (rest.strip_prefix(':')?, true),
            None => (text.strip_prefix(USER).map_or(Some(text), |rest| rest.strip_prefix(':'))?, false),
        };
        let end = rest.find(['[', '.']).unwrap_or(rest.len());
        let (attribute, rest) = rest.split_at(end);
        let (filter, rest) = match rest.strip_prefix('[') {
            Some(inside) => {
                let (filter, rest) = choice(inside)?;
                (Some(filter), rest)
            }
            None => (None, rest),
        };
        let part = if rest.is_empty() { None } else { Some(rest.strip_prefix('.')?) };
        let legal = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '$');
        (legal(attribute) && part.is_none_or(legal)).then(|| Self {
            attribute: attribute.into(),
            extension,
            filter,
            part: part.map(Into::into),
        })
    }
}

/// What stands in brackets, and what follows them. `primary` may be compared with a bare `true` or `false`.
fn choice(inside: &str) -> Option<((String, String), &str)> {
    for flag in ["true", "false"] {
        if let Some(rest) = inside.strip_prefix(&format!("primary eq {flag}]")) {
            return Some((("primary".into(), flag.into()), rest));
        }
    }
    let (part, value, rest) = term(inside)?;
    Some(((part, value), rest.strip_prefix(']')?))
}
