//! What an administrator can do about a refusal. Words only: nothing is decided by what a server writes.

use crate::wire::ErrorBody;

/// Pieces of known messages of AWS, in lower case, and what helps.
const KNOWN: &[(&str, &str)] = &[
    ("exceeds allowed limit of 1", "the service takes one value of this attribute: mark one as primary"),
    ("allowed limit of 1", "the service takes one value of this attribute: mark one as primary"),
    ("regular expression pattern", "the value holds a character that is refused, or is empty: correct it here"),
    ("length greater than or equal to", "the value is empty: leave it out or give it one"),
    ("length less than or equal to", "the value is too long: shorten it"),
    ("duplicate", "another object there has the same name, e-mail address or externalId: rename or delete one"),
    ("invalid filter", "the service does not know this filter: report it"),
    ("missing path in patch", "the service takes no such PATCH: report it"),
    (
        "unparsable, syntactically incorrect",
        "an attribute breaks the schema: compare the request with the service's list",
    ),
];

/// The server's words, and what helps.
pub(super) fn explain(status: u16, error: &ErrorBody) -> (String, String) {
    let words =
        if error.detail.is_empty() { format!("status {status}") } else { format!("{status}: {}", error.detail) };
    let detail = error.detail.to_lowercase();
    let known = KNOWN.iter().find(|(piece, _)| detail.contains(piece)).map(|(_, fix)| *fix);
    let fix = known.unwrap_or(match status {
        300..=399 => "the address of the service is not complete: copy it again from its console",
        409 => "another object there has the same name, e-mail address or externalId: rename or delete one",
        413 => "the request is too large: shorten the values",
        _ => "correct the values of this object, or take it out of scope",
    });
    (words, fix.to_owned())
}

/// AWS answers 404 with these words when the tenant in the address is wrong or provisioning was switched off.
pub(super) fn is_tenant_gone(status: u16, error: &ErrorBody) -> bool {
    status == 404 && error.detail.to_lowercase().contains("tenant does not exist")
}
