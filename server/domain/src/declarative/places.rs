use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeInclusive,
};

use serde::Deserialize;
use serde_saphyr::Spanned;

use super::file::options;

/// Where the things of a file are, for faults that are found after it was read. Lines are counted from 1.
#[derive(Default)]
pub(super) struct Places {
    /// Where each line begins.
    offsets: Vec<usize>,
    /// By section, then by the natural key.
    lines: HashMap<&'static str, BTreeMap<String, RangeInclusive<usize>>>,
}

/// One thing: whichever of these its section knows it by.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Entry {
    name: String,
    username: String,
    slug: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Sections {
    keys: Vec<Spanned<Entry>>,
    groups: Vec<Spanned<Entry>>,
    users: Vec<Spanned<Entry>>,
    property_mappings: Vec<Spanned<Entry>>,
    saml_providers: Vec<Spanned<Entry>>,
    scim_providers: Vec<Spanned<Entry>>,
    policies: Vec<Spanned<Entry>>,
    applications: Vec<Spanned<Entry>>,
    webhooks: Vec<Spanned<Entry>>,
}

impl Places {
    pub fn of(text: &str) -> Self {
        let Ok(sections) = serde_saphyr::from_str_with_options::<Sections>(text, options()) else {
            return Self::default();
        };
        let offsets = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut places = Self { offsets, lines: HashMap::new() };
        let mut add = |section: &'static str, entries: Vec<Spanned<Entry>>, key: fn(Entry) -> String| {
            let starts: Vec<usize> = entries.iter().map(line).collect();
            let end = end_of(text, starts.last().copied().unwrap_or_default());
            let ends = starts.iter().skip(1).map(|next| next.saturating_sub(1)).chain([end]);
            let known = places.lines.entry(section).or_default();
            for ((entry, start), end) in entries.into_iter().zip(&starts).zip(ends) {
                known.entry(key(entry.value)).or_insert(*start..=end.max(*start));
            }
        };
        add("keys", sections.keys, |entry| entry.name);
        add("groups", sections.groups, |entry| entry.name);
        // Users are known without regard to case.
        add("users", sections.users, |entry| entry.username.to_lowercase());
        add("property_mappings", sections.property_mappings, |entry| entry.name);
        add("saml_providers", sections.saml_providers, |entry| entry.name);
        add("scim_providers", sections.scim_providers, |entry| entry.name);
        add("policies", sections.policies, |entry| entry.name);
        add("applications", sections.applications, |entry| entry.slug);
        add("webhooks", sections.webhooks, |entry| entry.name);
        places
    }

    /// The line of a word within what declares an object; the line where that begins, if the word is not there. None: the
    /// section declares no such object.
    pub fn line(&self, text: &str, section: &str, object: &str, word: &str) -> Option<usize> {
        let key = if section == "users" { object.to_lowercase() } else { object.to_owned() };
        let range = self.lines.get(section)?.get(&key)?;
        let found = range.clone().find(|number| has_word(self.text_of(text, *number), word));
        Some(found.unwrap_or(*range.start()))
    }

    fn text_of<'a>(&self, text: &'a str, line: usize) -> &'a str {
        let at = |index: usize| self.offsets.get(index).copied().unwrap_or(text.len());
        text.get(at(line.saturating_sub(1))..at(line)).unwrap_or_default()
    }
}

fn line(entry: &Spanned<Entry>) -> usize {
    usize::try_from(entry.referenced.line()).unwrap_or(1).max(1)
}

/// The last line of the section that a line is in.
fn end_of(text: &str, line: usize) -> usize {
    let mut after = text.lines().enumerate().skip(line);
    let next = after.find(|(_, line)| !line.is_empty() && !line.starts_with([' ', '-', '#', '\t', ']', '}']));
    next.map_or_else(|| text.lines().count(), |(index, _)| index)
}

/// Whether a line holds the word by itself, not as a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
    line.match_indices(word).any(|(at, found)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + found.len()..).and_then(|text| text.chars().next());
        !part(before) && !part(after)
    })
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn a_fault_is_at_the_line_of_what_declares_the_thing_whoever_else_holds_the_word() {
        let text = "version: 1\nusers:\n  - { username: bob, email: ada@example.com }\n  - username: Ada\n    name: |\n      username: eve\n\n    groups: [bob]\n  - { username: eve }\ngroups: [{ name: bob },\n  { name: a, parents: [\n    b] }]\n# bob\napplications:\n- slug: ada\n  name: bob\n";
        let places = Places::of(text);
        let line = |section: &str, object: &str, word: &str| places.line(text, section, object, word);
        assert_eq!(line("users", "ada", "ada"), Some(4), "nothing says it in lower case");
        assert_eq!(line("users", "ada", "bob"), Some(8));
        assert_eq!(line("users", "bob", "email"), Some(3));
        assert_eq!(line("users", "eve", "eve"), Some(9));
        assert_eq!(line("groups", "bob", "bob"), Some(10));
        assert_eq!(line("groups", "a", "b"), Some(12));
        assert_eq!(line("applications", "ada", "bob"), Some(16));
        assert_eq!(line("applications", "bob", "bob"), None);
        assert_eq!(line("users", "nobody", "bob"), None);
    }
}
