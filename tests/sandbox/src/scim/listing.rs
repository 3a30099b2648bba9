//! Lists and their pages.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::sha::sha256;
use regex::Regex;
use serde_json::{Value, json};

use super::refusal::Refusal;

/// The message schema of lists (RFC 7644 §3.4.2).
pub(super) const LIST: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// The longest page.
const LIMIT: usize = 100;

static CURSOR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\A[-a-zA-Z0-9+=/:_]*\z").ok());

/// What a list request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    count: usize,
    cursor: Option<String>,
    /// The filter as it was written.
    pub(crate) filter: Option<String>,
}

/// Where the next page begins.
struct Mark {
    after: u64,
    page: u64,
}

impl Listing {
    /// `count` of 1 to 100, `cursor` and `filter`, each once; nothing else is supported.
    pub(crate) fn parse(query: &[(String, String)]) -> Result<Self, Refusal> {
        let mut listing = Self { count: LIMIT, cursor: None, filter: None };
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in query {
            if seen.contains(&name.as_str()) {
                return Err(Refusal::violates());
            }
            seen.push(name);
            match name.as_str() {
                "count" => {
                    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
                    let count = value.parse().ok().filter(|count| digits && (1..=LIMIT).contains(count));
                    listing.count = count.ok_or_else(Refusal::violates)?;
                }
                "cursor" if CURSOR.as_ref().is_some_and(|form| form.is_match(value)) => {
                    listing.cursor = Some(value.clone());
                }
                "filter" => listing.filter = Some(value.clone()),
                _ => return Err(Refusal::violates()),
            }
        }
        Ok(listing)
    }

    /// The page of these rows, which are in order and carry their places. `kind` ties a cursor to its list; with `short`,
    /// every other page holds one row fewer than it could, as AWS allows itself.
    pub(crate) fn answer<T>(
        &self,
        rows: impl Iterator<Item = (u64, T)>,
        show: impl Fn(T) -> Value,
        kind: &str,
        short: bool,
    ) -> Result<Value, Refusal> {
        let Some(cursor) = &self.cursor else {
            let rows: Vec<_> = rows.take(self.count).map(|(_, row)| show(row)).collect();
            return Ok(json!({
                "totalResults": rows.len(),
                "itemsPerPage": rows.len(),
                "startIndex": 1,
                "schemas": [LIST],
                "Resources": rows,
            }));
        };
        let mark = if cursor.is_empty() { Mark { after: 0, page: 0 } } else { self.read(cursor, kind)? };
        let rest: Vec<_> = rows.filter(|(place, _)| *place > mark.after).take(self.count + 1).collect();
        let more = rest.len() > self.count;
        let size = if more && short && mark.page % 2 == 1 && self.count > 1 { self.count - 1 } else { self.count };
        let last = rest.get(size.saturating_sub(1)).map(|(place, _)| *place).filter(|_| more);
        let page: Vec<_> = rest.into_iter().take(size).map(|(_, row)| show(row)).collect();
        let mut answer = json!({ "itemsPerPage": page.len(), "schemas": [LIST], "Resources": page });
        if let (Some(after), Some(parts)) = (last, answer.as_object_mut()) {
            let text = format!("{after}:{}:{}", mark.page + 1, self.seal(kind));
            parts.insert("nextCursor".into(), STANDARD.encode(text).into());
        }
        Ok(answer)
    }

    fn read(&self, cursor: &str, kind: &str) -> Result<Mark, Refusal> {
        let bytes = STANDARD.decode(cursor).map_err(|_| Refusal::violates())?;
        let text = String::from_utf8(bytes).map_err(|_| Refusal::violates())?;
        let parts: Vec<&str> = text.split(':').collect();
        match parts.as_slice() {
            [after, page, seal] if *seal == self.seal(kind) => Ok(Mark {
                after: after.parse().map_err(|_| Refusal::violates())?,
                page: page.parse().map_err(|_| Refusal::violates())?,
            }),
            _ => Err(Refusal::violates()),
        }
    }

    /// Stands for the list and the filter, so that a cursor serves no other.
    fn seal(&self, kind: &str) -> String {
        let text = format!("{kind}\n{}", self.filter.as_deref().unwrap_or_default());
        sha256(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
