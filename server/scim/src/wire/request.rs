//! A request, before any transport: the caller adds the base URL, the bearer token and the media type.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The methods that the protocol uses (RFC 7644 §3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Read.
    Get,
    /// Create.
    Post,
    /// Replace.
    Put,
    /// Change.
    Patch,
    /// Delete.
    Delete,
}

impl Method {
    /// The method as it stands in a request line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One request. `path` begins with `/`, is relative to the base URL and already percent-encoded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query, for example `/Users?filter=userName%20eq%20%22ann%22`.
    pub path: String,
    /// The JSON body, for methods that have one.
    pub body: Option<Value>,
}

impl Request {
    /// A request without a body.
    #[must_use]
    pub fn bare(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: None }
    }

    /// A request with a JSON body.
    #[must_use]
    pub fn with_body(method: Method, path: impl Into<String>, body: Value) -> Self {
        Self { method, path: path.into(), body: Some(body) }
    }

    /// A `GET` of `endpoint` with query parameters, each encoded here.
    #[must_use]
    pub fn query(endpoint: &str, parameters: &[(&str, &str)]) -> Self {
        let mut path = endpoint.to_owned();
        for (index, (name, value)) in parameters.iter().enumerate() {
            path.push(if index == 0 { '?' } else { '&' });
            path.push_str(name);
            path.push('=');
            encode(value, &mut path);
        }
        Self::bare(Method::Get, path)
    }
}

/// `endpoint/id`, with the identifier encoded: it comes from the remote side and may hold anything.
pub(crate) fn resource_path(endpoint: &str, id: &str) -> String {
    let mut path = format!("{endpoint}/");
    encode(id, &mut path);
    path
}

/// A value of a filter: a JSON string (RFC 7644 §3.4.2.2), so a quotation mark in a name ends nothing.
#[must_use]
pub fn quoted(value: &str) -> String {
    Value::String(value.to_owned()).to_string()
}

/// RFC 3986 §2.3: everything that is not unreserved is percent-encoded.
fn encode(value: &str, into: &mut String) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            into.push('%');
            for nibble in [byte >> 4, byte & 15] {
                into.extend(HEX.get(usize::from(nibble)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_survives_quotes_spaces_and_other_alphabets() {
        let filter = format!("userName eq {}", quoted("o\"neil&é"));
        let request = Request::query("/Users", &[("filter", &filter), ("count", "1")]);
        assert_eq!(request.path, "/Users?filter=userName%20eq%20%22o%5C%22neil%26%C3%A9%22&count=1");
    }

    #[test]
    fn an_id_cannot_climb_out_of_its_path() {
        assert_eq!(resource_path("/Users", "../Groups/1?x"), "/Users/..%2FGroups%2F1%3Fx");
    }
}
