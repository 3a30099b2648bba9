//! Names that are never touched.

use serde::{Deserialize, Serialize};

/// A name in which `*` stands for any run of characters; case does not matter. `AWS*` covers what Control Tower made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pattern(pub String);

impl Pattern {
    /// Whether `name` is covered.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let (pattern, name) = (self.0.to_lowercase(), name.to_lowercase());
        let Some((head, rest)) = pattern.split_once('*') else { return pattern == name };
        let Some(mut name) = name.strip_prefix(head) else { return false };
        let mut parts: Vec<&str> = rest.split('*').collect();
        let tail = parts.pop().unwrap_or_default();
        // The earliest place for each part in the middle leaves the most for the others.
        for part in parts {
            let Some(at) = name.find(part) else { return false };
            name = name.get(at + part.len()..).unwrap_or_default();
        }
        name.ends_with(tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_and_case_does_not_matter() {
        let matches = |pattern: &str, name: &str| Pattern(pattern.to_owned()).matches(name);
        assert!(matches("AWS*", "awsControlTower"));
        assert!(!matches("AWS*", "my-aws"));
        assert!(matches("*break*glass*", "the-break-the-glass"));
        assert!(!matches("*break*glass", "glass-break"));
        assert!(matches("root", "ROOT") && !matches("root", "root2"));
        assert!(!matches("a*a", "a") && matches("a*a", "aa"));
        assert!(matches("*", "") && !matches("", "x"));
    }
}
