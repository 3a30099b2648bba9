//! What a server says that it can do (RFC 7643 §5). Many say it wrongly, so AWS's own answer is never consulted.

use crate::wire::{ResourceTypes, Schemas};
use serde_json::Value;

/// The parts of `ServiceProviderConfig` that change what is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceProviderConfig {
    /// PATCH is offered.
    pub patch: bool,
    /// Filters are offered.
    pub filter: bool,
    /// The most resources on one page; `None` when not said or zero.
    pub max_results: Option<u32>,
    /// Cursor paging is offered (RFC 9865 §4).
    pub cursor: bool,
    /// What `/Schemas` says of attributes; `None` when it was not asked, or said nothing.
    pub schemas: Option<Schemas>,
    /// What `/ResourceTypes` says of endpoints and extensions; `None` when it was not asked, or said nothing.
    pub resource_types: Option<ResourceTypes>,
}

impl Default for ServiceProviderConfig {
    /// What to assume of a server that does not answer: PATCH and filters, as nearly all have.
    fn default() -> Self {
        Self { patch: true, filter: true, max_results: None, cursor: false, schemas: None, resource_types: None }
    }
}

impl ServiceProviderConfig {
    /// Reads the document; `None` when the body is not a JSON object.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return None };
        let feature = |name: &str, otherwise: bool| {
            let supported =
                body.get(name).and_then(|feature| feature.get("supported").or_else(|| feature.get("cursor")));
            match supported {
                Some(Value::Bool(value)) => *value,
                Some(Value::String(value)) => value.eq_ignore_ascii_case("true"),
                _ => otherwise,
            }
        };
        let max = body.get("filter").and_then(|filter| filter.get("maxResults")).and_then(Value::as_u64);
        Some(Self {
            patch: feature("patch", false),
            filter: feature("filter", false),
            max_results: max.and_then(|max| u32::try_from(max).ok()).filter(|max| *max > 0),
            cursor: feature("pagination", false),
            schemas: None,
            resource_types: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_read_and_silence_means_no() {
        let config = ServiceProviderConfig::read(
            br#"{"patch":{"supported":"True"},"filter":{"supported":true,"maxResults":50},"pagination":{"cursor":true}}"#,
        );
        let wanted = ServiceProviderConfig { max_results: Some(50), cursor: true, ..ServiceProviderConfig::default() };
        assert_eq!(config, Some(wanted));
        let config = ServiceProviderConfig::read(b"{}").unwrap();
        assert!(!config.patch && !config.filter && !config.cursor);
        assert_eq!(ServiceProviderConfig::read(b"nope"), None);
    }
}
