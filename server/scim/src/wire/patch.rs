//! The body of a PATCH (RFC 7644 §3.5.2), one attribute an operation and always with a path: what every server takes.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// What an operation does. Written in lower case, as the standard does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Adds a value, or values to a list (RFC 7644 §3.5.2.1).
    Add,
    /// Removes an attribute, or values from a list (RFC 7644 §3.5.2.2).
    Remove,
    /// Replaces a value (RFC 7644 §3.5.2.3).
    Replace,
}

/// One operation on one attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// What is done.
    pub op: Op,
    /// The attribute, for example `name.givenName`.
    pub path: String,
    /// The value; absent in a removal of a whole attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

impl Operation {
    /// An operation with a value.
    #[must_use]
    pub fn new(op: Op, path: impl Into<String>, value: Value) -> Self {
        Self { op, path: path.into(), value: Some(value) }
    }

    /// The removal of an attribute, or of what a value path selects.
    #[must_use]
    pub fn remove(path: impl Into<String>) -> Self {
        Self { op: Op::Remove, path: path.into(), value: None }
    }
}

/// The body around operations.
#[must_use]
pub fn patch_body(operations: &[Operation]) -> Value {
    json!({"schemas": [PATCH_OP], "Operations": operations})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removal_carries_no_value_key() {
        let body = patch_body(&[Operation::remove("title"), Operation::new(Op::Replace, "active", json!(false))]);
        assert_eq!(
            body.to_string(),
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"title"},{"op":"replace","path":"active","value":false}]}"#
        );
    }
}
