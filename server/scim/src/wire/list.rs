//! A page of resources (RFC 7644 §3.4.2), counted or with a cursor (RFC 9865).

use crate::wire::Resource;
use serde_json::Value;

/// One page, read tolerantly: a missing or odd member is `None`, never an error.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ListResponse {
    /// The resources of the page; elements that are not objects are left out.
    pub resources: Vec<Resource>,
    /// How many there are in all. Some servers say only how many are on the page, so it ends no loop.
    pub total: Option<u64>,
    /// The 1-based index of the first resource of the page.
    pub start_index: Option<u64>,
    /// How many the server says are on the page.
    pub items_per_page: Option<u64>,
    /// Where the next page begins (RFC 9865 §2); absent on the last one.
    pub next_cursor: Option<String>,
}

impl ListResponse {
    /// Reads a page; `None` when the body is not a JSON object that looks like a list.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(mut body)) = serde_json::from_slice(body) else { return None };
        let resources = ["Resources", "resources"].into_iter().find_map(|key| body.remove(key));
        let total = number(body.get("totalResults"));
        if resources.is_none() && total.is_none() && !body.contains_key("itemsPerPage") {
            return None;
        }
        let resources = match resources {
            Some(Value::Array(rows)) => rows
                .into_iter()
                .filter_map(|row| match row {
                    Value::Object(row) => Some(row),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        };
        Some(Self {
            resources,
            total,
            start_index: number(body.get("startIndex")),
            items_per_page: number(body.get("itemsPerPage")),
            next_cursor: body.get("nextCursor").and_then(Value::as_str).filter(|c| !c.is_empty()).map(str::to_owned),
        })
    }
}

/// A count, also when a server writes it as text.
fn number(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_of_a_list_are_read() {
        let counted = br#"{"totalResults":2,"itemsPerPage":2,"startIndex":1,"Resources":[{"id":"a"},{"id":"b"}]}"#;
        let page = ListResponse::read(counted).unwrap();
        assert_eq!((page.resources.len(), page.total, page.next_cursor), (2, Some(2), None));
        let cursor = br#"{"itemsPerPage":100,"nextCursor":"VGVz","Resources":[{"id":"a"}]}"#;
        let page = ListResponse::read(cursor).unwrap();
        assert_eq!((page.resources.len(), page.total, page.next_cursor.as_deref()), (1, None, Some("VGVz")));
    }

    #[test]
    fn an_empty_list_may_lack_its_rows_and_text_may_stand_for_numbers() {
        let page = ListResponse::read(br#"{"totalResults":"0"}"#).unwrap();
        assert_eq!((page.resources.len(), page.total), (0, Some(0)));
    }

    #[test]
    fn what_is_not_a_list_is_not_taken_for_an_empty_one() {
        assert_eq!(ListResponse::read(b"<html>"), None);
        assert_eq!(ListResponse::read(br#"{"detail":"no"}"#), None);
    }
}
