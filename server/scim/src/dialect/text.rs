//! The rules of a single text.

use crate::dialect::attribute::{Attribute, Charset};
use crate::dialect::note::{Note, excerpt};
use crate::dialect::table::ObjectRules;

const REMOVE: &str = "remove the character, here or in the property mapping";

/// What is wrong with `value` as the text at `path`; `None` when it may be sent.
pub(super) fn fault(rules: &ObjectRules, attribute: &Attribute, path: &str, value: &str) -> Option<Note> {
    let count = value.chars().count();
    let strange = value.chars().find(|c| !allowed(attribute.charset, *c));
    let too_long = count > attribute.longest;
    let answer = || rules.answers.map(|answers| answers.text(attribute, path, too_long, strange.is_some()));
    let note = |what: String, why: String, fix: &str| Some(Note::new(path, what, why, fix).answered(answer()));
    if too_long {
        let why = format!("at most {} characters are accepted", attribute.longest);
        return note(format!("has {count} characters"), why, "shorten the value");
    }
    if let Some(c) = strange {
        let why = match attribute.charset {
            Charset::Solid => "only letters, digits, symbols and punctuation are accepted, no spaces",
            Charset::Prose | Charset::Any => "only visible characters and plain spaces are accepted",
        };
        return note(format!("`{}` holds {}", excerpt(value), spell(c)), why.to_owned(), REMOVE);
    }
    let forbidden = |c: &char| !attribute.exempt && rules.forbidden.contains(c);
    if let Some(c) = value.chars().find(forbidden) {
        let list: Vec<String> = rules.forbidden.iter().map(char::to_string).collect();
        let why = format!("the service refuses {}", list.join(" "));
        return note(format!("`{}` holds {}", excerpt(value), spell(c)), why, REMOVE);
    }
    None
}

/// The classes `\p{L}\p{M}\p{S}\p{N}\p{P}` are all that is neither a space nor a control or format character.
fn allowed(charset: Charset, c: char) -> bool {
    match charset {
        Charset::Any => true,
        Charset::Solid => !c.is_whitespace() && !invisible(c),
        Charset::Prose => {
            matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{a0}' | '\u{3000}') || (!c.is_whitespace() && !invisible(c))
        }
    }
}

/// Control and format characters, private use and what is not a character at all.
fn invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..)
}

/// A character that can be read: by its code point when it cannot be seen.
fn spell(c: char) -> String {
    if c == ' ' {
        return "a space".to_owned();
    }
    if c.is_whitespace() || invisible(c) {
        return format!("the character U+{:04X}", u32::from(c));
    }
    format!("`{c}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    fn user_fault(name: &'static str, value: &str) -> Option<Note> {
        let rules = Dialect::aws().users;
        let attribute = rules.attribute(None, name).unwrap();
        fault(&rules, attribute, name, value)
    }

    #[test]
    fn a_user_name_holds_no_space_and_at_most_128_characters() {
        assert_eq!(user_fault("userName", "jane.doe+test@example.com"), None);
        assert_eq!(user_fault("userName", "Ζωή"), None);
        assert_eq!(user_fault("userName", "Jane Doe").unwrap().what, "`Jane Doe` holds a space");
        assert_eq!(user_fault("userName", &"é".repeat(128)), None);
        assert_eq!(user_fault("userName", &"é".repeat(129)).unwrap().what, "has 129 characters");
    }

    #[test]
    fn what_cannot_be_seen_is_named_by_its_code_point() {
        assert_eq!(user_fault("title", "Head\u{200b}").unwrap().what, "`Head\u{200b}` holds the character U+200B");
        assert_eq!(user_fault("title", "Head of\u{a0}sea"), None);
        assert!(user_fault("title", "Head\u{2003}of").is_some());
    }

    #[test]
    fn markup_is_forbidden_except_in_the_address_of_a_page() {
        for c in ['<', '>', ';', ':', '%'] {
            assert!(user_fault("title", &format!("a{c}b")).is_some(), "{c}");
        }
        assert_eq!(user_fault("profileUrl", "https://example.com/ann"), None);
    }
}
