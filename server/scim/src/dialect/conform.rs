//! From what the mappings rendered to what the service takes, with a remark for every difference that matters.

use crate::dialect::answers::Answers;
use crate::dialect::attribute::Weight;
use crate::dialect::clean::clean;
use crate::dialect::note::{Note, excerpt};
use crate::dialect::table::{Dialect, ObjectRules};
use crate::id::Kind;
use crate::wire::{Resource, name_of, text};
use serde_json::{Map, Value};

/// A resource as it may be sent, and what was done to it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Conformed {
    /// The resource, without `id`, `meta`, `schemas` and members.
    pub resource: Resource,
    /// Values that are left out; the object is sent without them.
    pub dropped: Vec<Note>,
    /// Why the object cannot be sent at all; empty when it can.
    pub refused: Vec<Note>,
}

impl Dialect {
    /// Makes a rendered user fit. Nulls, empty texts and empty lists vanish without a remark.
    #[must_use]
    pub fn conform_user(&self, rendered: &Map<String, Value>) -> Conformed {
        self.conform(Kind::User, rendered)
    }

    /// Makes a rendered group fit. Members are not part of it: they travel on their own.
    #[must_use]
    pub fn conform_group(&self, rendered: &Map<String, Value>) -> Conformed {
        self.conform(Kind::Group, rendered)
    }

    /// Makes a rendered object fit.
    #[must_use]
    pub fn conform(&self, kind: Kind, rendered: &Map<String, Value>) -> Conformed {
        let rules = self.rules(kind);
        let cleaned = clean(rules, rendered, true);
        let (mut resource, mut refused) = (cleaned.resource, cleaned.refused);
        if kind == Kind::User {
            resource.entry("active").or_insert(Value::Bool(true));
            if rules.fill_names {
                fill_names(&mut resource);
            }
        }
        refused.extend(missing(rules, &resource, &refused));
        refused.extend(reserved(rules, kind, &resource));
        Conformed { resource, dropped: cleaned.dropped, refused }
    }

    /// The part of a resource from the server that can be compared with ours.
    #[must_use]
    pub fn recognise(&self, kind: Kind, remote: &Map<String, Value>) -> Resource {
        clean(self.rules(kind), remote, false).resource
    }
}

/// `displayName` and the parts of `name` from one another, at last from `userName`: AWS wants all of them.
fn fill_names(resource: &mut Resource) {
    let part = |resource: &Resource, key: &str| -> Option<String> {
        Some(resource.get("name")?.as_object().and_then(|name| text(name, key))?.to_owned())
    };
    let (given, family) = (part(resource, "givenName"), part(resource, "familyName"));
    let user_name = text(resource, "userName").map(str::to_owned);
    let spoken = match (&given, &family) {
        (Some(given), Some(family)) => Some(format!("{given} {family}")),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    };
    let display = text(resource, "displayName").map(str::to_owned);
    let Some(display) = display.or_else(|| part(resource, "formatted")).or(spoken).or(user_name) else { return };

    let mut words = display.split_whitespace();
    let first = words.next().unwrap_or(&display).to_owned();
    let rest: Vec<&str> = words.collect();
    // A person with one name has it twice: AWS has no word for somebody without a family name.
    let rest = if rest.is_empty() { first.clone() } else { rest.join(" ") };
    let name = resource.entry("name").or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(name) = name {
        name.entry("givenName").or_insert(Value::String(given.unwrap_or(first)));
        name.entry("familyName").or_insert(Value::String(family.unwrap_or(rest)));
    }
    resource.entry("displayName").or_insert(Value::String(display));
}

/// Remarks about required attributes that are not there, unless a remark says already why.
fn missing(rules: &ObjectRules, resource: &Resource, already: &[Note]) -> Vec<Note> {
    let has = |under: Option<&str>, name: &str| match under {
        Some(under) => resource.get(under).is_some_and(|inner| inner.get(name).is_some()),
        None => resource.contains_key(name),
    };
    let required = rules.attributes.iter().filter(|a| a.weight == Weight::Required);
    let mut absent: Vec<String> = required.filter(|a| !has(a.under, a.name)).map(super::Attribute::path).collect();
    // `members` travel on their own, and may be none.
    let theirs = rules.offered.iter().flat_map(|offered| &offered.required).filter(|name| *name != "members");
    for name in theirs {
        if !resource.keys().chain(&absent).any(|key| key.eq_ignore_ascii_case(name)) {
            absent.push(name.clone());
        }
    }
    // All the others could have been filled from it, so it alone is worth a word.
    let nameless = rules.fill_names && !has(None, "userName");
    absent
        .into_iter()
        .filter(|path| !nameless || path == "userName")
        .filter(|path| !already.iter().any(|note| note.path == *path))
        .map(|path| {
            let answer = rules.answers.map(|answers| answers.absent(&path));
            let fix = "give it a value in the property mapping";
            Note::new(path, "is missing", "the service requires it", fix).answered(answer)
        })
        .collect()
}

fn reserved(rules: &ObjectRules, kind: Kind, resource: &Resource) -> Option<Note> {
    let name = name_of(kind, resource);
    let taken = rules.reserved.iter().find(|reserved| reserved.eq_ignore_ascii_case(name))?;
    let what = format!("`{}` is reserved", excerpt(name));
    let note =
        Note::new(kind.name_attribute(), what, format!("`{taken}` belongs to the service"), "choose another name");
    Some(note.answered(rules.answers.map(Answers::violates)))
}

#[cfg(test)]
mod tests;
