//! Conditions of a trust policy.

use serde_json::Value;

/// The keys of a request, in lower case, with their values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context(Vec<(String, Vec<String>)>);

impl Context {
    /// Adds a key; one without values is absent.
    pub(crate) fn set(&mut self, key: &str, values: impl IntoIterator<Item = String>) {
        let values: Vec<_> = values.into_iter().collect();
        if !values.is_empty() {
            self.0.push((key.to_ascii_lowercase(), values));
        }
    }

    fn get(&self, key: &str) -> Option<&[String]> {
        self.0.iter().find(|(other, _)| other.eq_ignore_ascii_case(key)).map(|(_, values)| values.as_slice())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    One,
    Any,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Equals,
    EqualsIgnoreCase,
    Like,
    Null,
}

/// One operator on one key.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    quantity: Quantity,
    comparison: Comparison,
    negated: bool,
    if_exists: bool,
    key: String,
    values: Vec<String>,
}

impl Condition {
    /// Reads an operator with its key and values; `None` if IAM has no such operator for strings.
    pub(crate) fn parse(operator: &str, key: &str, values: &Value) -> Option<Self> {
        let (quantity, rest) = match operator.split_once(':') {
            Some(("ForAnyValue", rest)) => (Quantity::Any, rest),
            Some(("ForAllValues", rest)) => (Quantity::All, rest),
            Some(_) => return None,
            None => (Quantity::One, operator),
        };
        let (name, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |name| (name, true));
        let (comparison, negated) = match name {
            "StringEquals" => (Comparison::Equals, false),
            "StringNotEquals" => (Comparison::Equals, true),
            "StringEqualsIgnoreCase" => (Comparison::EqualsIgnoreCase, false),
            "StringNotEqualsIgnoreCase" => (Comparison::EqualsIgnoreCase, true),
            "StringLike" => (Comparison::Like, false),
            "StringNotLike" => (Comparison::Like, true),
            "Null" => (Comparison::Null, false),
            _ => return None,
        };
        Some(Self { quantity, comparison, negated, if_exists, key: key.into(), values: strings(values)? })
    }

    /// Whether the request meets it.
    pub(crate) fn holds(&self, context: &Context) -> bool {
        let present = context.get(&self.key);
        if self.comparison == Comparison::Null {
            return self.values.iter().any(|value| (value == "true") == present.is_none());
        }
        let Some(found) = present else { return self.if_exists || self.negated || self.quantity == Quantity::All };
        let fits = |value: &String| self.values.iter().any(|wanted| self.compare(value, wanted)) != self.negated;
        match self.quantity {
            Quantity::All => found.iter().all(fits),
            Quantity::Any => found.iter().any(fits),
            Quantity::One => found.first().is_some_and(fits),
        }
    }

    fn compare(&self, value: &str, wanted: &str) -> bool {
        match self.comparison {
            Comparison::Equals => value == wanted,
            Comparison::EqualsIgnoreCase => value.to_lowercase() == wanted.to_lowercase(),
            Comparison::Like => like(value, wanted),
            Comparison::Null => false,
        }
    }
}

/// One string, or a list of strings.
pub(crate) fn strings(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Bool(one) => Some(vec![one.to_string()]),
        Value::Array(all) => all.iter().map(|v| v.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

/// `*` stands for any text, `?` for one character.
pub(crate) fn like(value: &str, pattern: &str) -> bool {
    let value: Vec<char> = value.chars().collect();
    // Whether the pattern so far matches the first n characters.
    let mut reached: Vec<bool> = (0..=value.len()).map(|n| n == 0).collect();
    for wanted in pattern.chars() {
        let mut next = vec![false; reached.len()];
        let mut any = false;
        for (n, slot) in next.iter_mut().enumerate() {
            let before = n.checked_sub(1);
            let was = |at: usize| reached.get(at).copied().unwrap_or(false);
            any |= was(n);
            let step = |at: usize| was(at) && (wanted == '?' || value.get(at) == Some(&wanted));
            *slot = if wanted == '*' { any } else { before.is_some_and(step) };
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}
