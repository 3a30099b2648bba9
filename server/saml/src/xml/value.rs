//! The small parts of a document that XML itself gives meaning to: names, references and attribute values.

use super::chars::{is_legal, is_ncname};
use super::read::refuse;
use crate::error::{SamlError, excerpt};
use quick_xml::events::BytesRef;

/// A qualified name in its two parts (Namespaces in XML §4).
pub fn split(name: &str) -> Result<(&str, &str), SamlError> {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    if !is_ncname(local) || (name.contains(':') && !is_ncname(prefix)) {
        return Err(refuse(format!("`{}` is not a name", excerpt(name))));
    }
    Ok((prefix, local))
}

/// The value of an attribute as XML 1.0 §3.3.3 normalises it: white space as written becomes spaces, references stay
/// what they stand for.
pub fn attribute_value(raw: &str) -> Result<String, SamlError> {
    const FORBIDDEN: &str = "an attribute value with a character that XML forbids there";
    if raw.contains('<') {
        return Err(refuse(FORBIDDEN));
    }
    let mut value = String::with_capacity(raw.len());
    let raw = raw.replace("\r\n", " ");
    let mut rest = raw.as_str();
    while let Some(at) = rest.find(['&', '\t', '\n', '\r']) {
        let (before, from) = rest.split_at(at);
        value.push_str(before);
        if let Some(reference) = from.strip_prefix('&') {
            let (name, after) = reference.split_once(';').ok_or_else(|| refuse("`&` without `;`"))?;
            let c = if name.starts_with('#') {
                BytesRef::new(name).resolve_char_ref().ok().flatten().filter(|c| is_legal(*c))
            } else {
                named(name)
            };
            value.push(c.ok_or_else(|| refuse(FORBIDDEN))?);
            rest = after;
        } else {
            value.push(' ');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    value.push_str(rest);
    Ok(value)
}

/// XML 1.0 §4.6.
pub fn named(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}
