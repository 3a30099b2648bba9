//! From what a mapping rendered to what the table lists: nothing empty, nothing forbidden, nothing twice.

use crate::dialect::answers::Answers;
use crate::dialect::attribute::{Attribute, Form, Weight, join};
use crate::dialect::note::{Note, excerpt};
use crate::dialect::offered::Offered;
use crate::dialect::table::{ObjectRules, Unlisted};
use crate::dialect::text::fault;
use crate::wire::Resource;
use serde_json::{Map, Value};

/// Attributes that are the server's own (RFC 7643 §3.1, §4.1.2), or that travel another way: never a remark.
const NOT_OURS: [&str; 5] = ["id", "meta", "schemas", "groups", "members"];

/// What the cleaning leaves behind.
#[derive(Default)]
pub(super) struct Cleaned {
    pub(super) resource: Resource,
    pub(super) dropped: Vec<Note>,
    pub(super) refused: Vec<Note>,
}

/// Cleans a resource. `ours` is false for one that a server sent: its texts are taken as they are.
pub(super) fn clean(rules: &ObjectRules, raw: &Map<String, Value>, ours: bool) -> Cleaned {
    let mut cleaner = Cleaner { rules, ours, out: Cleaned::default() };
    for (key, value) in raw {
        if NOT_OURS.iter().any(|name| name.eq_ignore_ascii_case(key)) {
            continue;
        }
        match (rules.container(key), value) {
            (Some(container), Value::Object(inner)) => cleaner.container(container, inner),
            (Some(container), value) => cleaner.odd(container, value),
            (None, value) => {
                if let Some((name, value)) = cleaner.entry(None, key, value) {
                    cleaner.out.resource.insert(name, value);
                }
            }
        }
    }
    cleaner.out
}

struct Cleaner<'a> {
    rules: &'a ObjectRules,
    ours: bool,
    out: Cleaned,
}

impl Cleaner<'_> {
    fn container(&mut self, container: &'static str, inner: &Map<String, Value>) {
        let kept: Map<String, Value> =
            inner.iter().filter_map(|(key, value)| self.entry(Some(container), key, value)).collect();
        if !kept.is_empty() {
            self.out.resource.insert(container.to_owned(), Value::Object(kept));
        }
    }

    fn entry(&mut self, under: Option<&'static str>, key: &str, value: &Value) -> Option<(String, Value)> {
        if self.rules.offered.as_ref().is_some_and(|offered| !offered.takes(under, key)) {
            if self.ours && solid(value).is_some() {
                let (path, why) =
                    (Offered::path(under, key), "the service does not list this attribute in its schemas");
                self.drop(path, "is left out", why, "remove it from the mapping");
            }
            return None;
        }
        let Some(attribute) = self.rules.attribute(under, key) else {
            let value = solid(value)?;
            if self.rules.unlisted == Unlisted::Keep && nameable(key, &value) {
                return Some((key.to_owned(), value));
            }
            let path = under.map_or_else(|| key.to_owned(), |under| join(under, key));
            self.drop(path, "is left out", "the service does not accept this attribute", "remove it from the mapping");
            return None;
        };
        let value = match attribute.form {
            Form::Text => self.scalar(attribute, &attribute.path(), value).map(Value::String),
            Form::Flag => flag(value).map(Value::Bool),
            Form::Object(parts) => self.element(attribute, parts, &attribute.path(), value).map(Value::Object),
            Form::List { parts, most, primary } => self.list(attribute, parts, most, primary, value),
        }?;
        Some((attribute.name.to_owned(), value))
    }

    /// A text, trimmed; nothing when it is empty, and a remark when it breaks a rule.
    fn scalar(&mut self, attribute: &Attribute, path: &str, value: &Value) -> Option<String> {
        let text = match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Null => return None,
            Value::Array(_) | Value::Object(_) => {
                self.odd(path, value);
                return None;
            }
        };
        if text.is_empty() {
            return None;
        }
        if let Some(note) = fault(self.rules, attribute, path, &text).filter(|_| self.ours) {
            let to = if attribute.weight == Weight::Optional { &mut self.out.dropped } else { &mut self.out.refused };
            to.push(note);
            return None;
        }
        Some(text)
    }

    fn element(
        &mut self,
        attribute: &Attribute,
        parts: &[&str],
        path: &str,
        value: &Value,
    ) -> Option<Map<String, Value>> {
        let bare;
        let object = match value {
            Value::Object(object) => object,
            Value::Null => return None,
            other => {
                bare = Map::from_iter([("value".to_owned(), other.clone())]);
                &bare
            }
        };
        let mut kept = Map::new();
        for (key, value) in object {
            let Some(part) = parts.iter().find(|part| part.eq_ignore_ascii_case(key)) else {
                if solid(value).is_some() && !key.eq_ignore_ascii_case("$ref") {
                    let why = "the service does not accept this part";
                    self.drop(format!("{path}.{key}"), "is left out", why, "remove it from the mapping");
                }
                continue;
            };
            let value = match *part {
                "primary" => flag(value).map(Value::Bool),
                part => self.scalar(attribute, &format!("{path}.{part}"), value).map(Value::String),
            };
            if let Some(value) = value {
                kept.insert((*part).to_owned(), value);
            }
        }
        // Without a value, a type says nothing. Addresses have no value (RFC 7643 §4.1.2).
        let says = kept.keys().any(|key| key != "type" && key != "primary");
        let whole = !parts.contains(&"value") || kept.contains_key("value");
        (says && whole).then_some(kept)
    }

    fn list(
        &mut self,
        attribute: &Attribute,
        parts: &[&str],
        most: usize,
        primary: bool,
        value: &Value,
    ) -> Option<Value> {
        let path = attribute.path();
        let single = std::slice::from_ref(value);
        let rows = value.as_array().map_or(single, Vec::as_slice);
        let mut kept: Vec<Map<String, Value>> =
            rows.iter().filter_map(|row| self.element(attribute, parts, &path, row)).collect();
        let is_primary = |row: &Map<String, Value>| row.get("primary") == Some(&Value::Bool(true));
        if self.ours && kept.len() > most {
            // A stable sort: the primary one first, otherwise the order of the mapping.
            kept.sort_by_key(|row| !is_primary(row));
            let what = format!("{} of {} values are left out", kept.len() - most, kept.len());
            kept.truncate(most);
            let why = format!("the service accepts {most} of this attribute");
            let answer = self.rules.answers.map(|answers| answers.crowded(&path, most));
            let note = Note::new(path, what, why, "mark the one to be sent as primary");
            self.out.dropped.push(note.answered(answer));
        }
        if self.ours {
            kept.retain(|row| self.whole(attribute, row));
        }
        if primary && self.ours {
            for (index, row) in kept.iter_mut().enumerate() {
                row.insert("primary".to_owned(), Value::Bool(index == 0));
            }
        }
        (!kept.is_empty()).then(|| Value::Array(kept.into_iter().map(Value::Object).collect()))
    }

    /// Whether an element has everything that goes together; a remark where it does not.
    fn whole(&mut self, attribute: &Attribute, row: &Map<String, Value>) -> bool {
        let absent: Vec<&str> = attribute.together.iter().copied().filter(|part| !row.contains_key(*part)).collect();
        if !absent.is_empty() {
            let what = format!("is left out without {}", absent.join(", "));
            let why = format!("the service wants {} together", attribute.together.join(", "));
            self.drop(attribute.path(), what, why, "give it all of them in the property mapping");
        }
        absent.is_empty()
    }

    fn odd(&mut self, path: &str, value: &Value) {
        if solid(value).is_some() {
            let what = format!("`{}` has the wrong shape", excerpt(&value.to_string()));
            self.drop(path, what, "the attribute has another type (RFC 7643 §4)", "correct the mapping");
        }
    }

    /// Notes what the schema of the service does not have.
    fn drop(&mut self, path: impl Into<String>, what: impl Into<String>, why: impl Into<String>, fix: &str) {
        let answer = self.rules.answers.map(Answers::violates);
        self.out.dropped.push(Note::new(path, what, why, fix).answered(answer));
    }
}

/// Whether a path can point at an attribute that the table does not list: an extension is an object under a URN, any
/// other name is of letters, digits, `-`, `_` and `$` (RFC 7643 §2.1).
fn nameable(key: &str, value: &Value) -> bool {
    let plain = key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$'));
    if key.starts_with("urn:") { value.is_object() } else { plain }
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// The value without nulls, empty texts, empty lists and empty objects; `None` when nothing is left.
fn solid(value: &Value) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::String(text) => (!text.trim().is_empty()).then(|| Value::String(text.clone())),
        Value::Array(rows) => {
            let rows: Vec<Value> = rows.iter().filter_map(solid).collect();
            (!rows.is_empty()).then_some(Value::Array(rows))
        }
        Value::Object(object) => {
            let kept: Map<String, Value> =
                object.iter().filter_map(|(key, value)| Some((key.clone(), solid(value)?))).collect();
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Bool(_) | Value::Number(_) => Some(value.clone()),
    }
}
