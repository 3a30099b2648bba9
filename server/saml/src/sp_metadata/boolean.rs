//! `xs:boolean` as service providers write it.

use super::Note;
use crate::error::{SamlError, excerpt};
use crate::message::flag;
use crate::xml::tree::Element;

/// The attribute `name`, absent being false. XML Schema knows `true`, `false`, `1` and `0`; what Python prints, `True` and
/// `False`, is in use and can mean nothing else, so any case is read and noted.
pub fn boolean(element: &Element, name: &str, what: &'static str, notes: &mut Vec<Note>) -> Result<bool, SamlError> {
    let written = element.attribute(name).map(str::trim).unwrap_or_default();
    for (word, value) in [("true", true), ("false", false)] {
        if written != word && written.eq_ignore_ascii_case(word) {
            let why = format!("it is written `{}`, which stands for {word}", excerpt(written));
            notes.push(Note { what: format!("{what} {name}"), why });
            return Ok(value);
        }
    }
    flag(element, name, what)
}
