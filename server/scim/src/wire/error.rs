//! The error body (RFC 7644 §3.12), read tolerantly: AWS sends `schema` beside `schemas` and its status as text.

use serde_json::Value;

/// The longest text that is kept of an answer.
const LONGEST: usize = 500;

/// What a server said when it refused.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ErrorBody {
    /// The status inside the body, if it is a number or text that reads as one.
    pub status: Option<u16>,
    /// The keyword of the standard, for example `uniqueness`. AWS sends none.
    pub scim_type: Option<String>,
    /// The words for people, at most 500 characters. Empty when the body holds none.
    pub detail: String,
    /// AWS's identifier of the refused request, wanted by its support.
    pub request_id: Option<String>,
}

impl ErrorBody {
    /// Reads any body: one that is not JSON becomes the detail itself.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        let Ok(Value::Object(object)) = serde_json::from_slice(body) else {
            return Self { detail: cut(&String::from_utf8_lossy(body)), ..Self::default() };
        };
        // A few servers wrap the error in a list, as the first drafts of the standard did.
        let wrapped = object.get("Errors").and_then(|errors| errors.get(0)).and_then(Value::as_object);
        let object = wrapped.unwrap_or(&object);
        let word = |key: &str| object.get(key).and_then(Value::as_str);
        let status = match object.get("status").or_else(|| object.get("code")) {
            Some(Value::Number(number)) => number.as_u64().and_then(|n| u16::try_from(n).ok()),
            Some(Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        let detail = ["detail", "description", "message", "Message"].into_iter().find_map(word).unwrap_or_default();
        Self {
            status,
            scim_type: word("scimType").map(str::to_owned),
            detail: cut(detail),
            request_id: word("exceptionRequestId").map(str::to_owned),
        }
    }
}

/// Text from outside, in one line and of a bearable length.
fn cut(text: &str) -> String {
    let clean = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut kept: String = clean.take(LONGEST).collect();
    if text.trim().chars().nth(LONGEST).is_some() {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_that_aws_sends_is_read() {
        let body = br#"{"schema":["urn:ietf:params:scim:api:messages:2.0:Error"],"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"detail":"Refused to create a new, duplicate resource.","status":"409","exceptionRequestId":"81ab","timeStamp":"2022-03-18 10:57:08.014"}"#;
        let error = ErrorBody::read(body);
        assert_eq!(error.status, Some(409));
        assert_eq!(error.detail, "Refused to create a new, duplicate resource.");
        assert_eq!(error.request_id.as_deref(), Some("81ab"));
    }

    #[test]
    fn numbers_wrappers_and_plain_text_are_read_too() {
        assert_eq!(ErrorBody::read(br#"{"status":400,"scimType":"invalidPath"}"#).status, Some(400));
        assert_eq!(ErrorBody::read(br#"{"Errors":[{"code":"404","description":"gone"}]}"#).detail, "gone");
        assert_eq!(ErrorBody::read(b"upstream\nfailed").detail, "upstream failed");
        assert_eq!(ErrorBody::read(b""), ErrorBody::default());
    }

    #[test]
    fn a_page_of_html_is_cut() {
        assert_eq!(ErrorBody::read("x".repeat(9000).as_bytes()).detail.chars().count(), LONGEST + 1);
    }
}
