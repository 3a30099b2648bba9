//! The guard over untrusted XML: it decides whether a document is plain enough to be parsed at all, and tells the
//! shape of its root. It hands out no values; those are taken from the one parse that follows.
//!
//! Refused, each because an attack on some SAML implementation has used it: DOCTYPE (entity expansion, external
//! files), processing instructions, entities beyond the five of XML 1.0 §4.6, comments and CDATA inside the root (text
//! that two parsers cut at different places), repeated identifiers (signature wrapping), prefixes bound to nothing,
//! depth and size without end, and bytes that are not UTF-8.

use super::chars::is_legal;
use crate::error::{SamlError, excerpt};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use std::collections::HashSet;

/// The largest document that is looked at, in bytes. Real requests are a few kilobytes.
pub const MAX_BYTES: usize = 128 * 1024;
/// The deepest nesting that is followed, the root being level 1.
pub const MAX_DEPTH: usize = 32;

const WHAT: &str = "XML";

/// An element: its namespace (empty for none) and its local name.
#[derive(Debug, PartialEq, Eq)]
pub struct ElementName {
    pub namespace: String,
    pub local: String,
}

/// A child of the root.
#[derive(Debug)]
pub struct Child {
    pub name: ElementName,
    /// Whether elements stand inside it.
    pub has_elements: bool,
    /// Whether one of its attributes has a prefix, namespace declarations apart.
    pub has_prefixed_attributes: bool,
}

/// The shape of a document: enough to say what message it is, and that its parts are the ones they seem.
#[derive(Debug)]
pub struct Outline {
    pub root: ElementName,
    pub root_has_prefixed_attributes: bool,
    pub children: Vec<Child>,
}

/// Checks a document, and gives its text and its outline.
///
/// # Errors
/// [`SamlError::TooLarge`] over [`MAX_BYTES`] or [`MAX_DEPTH`], [`SamlError::Malformed`] for all that is refused above.
pub fn check(bytes: &[u8]) -> Result<(&str, Outline), SamlError> {
    if bytes.len() > MAX_BYTES {
        return Err(SamlError::TooLarge { what: "XML in bytes", limit: MAX_BYTES });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| refuse("not UTF-8"))?;
    // Some service providers write a byte order mark; it is not part of the document.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.chars().all(is_legal) {
        return Err(refuse("holds a character that XML 1.0 forbids"));
    }
    let mut guard = Guard::default();
    let mut reader = NsReader::from_str(text);
    loop {
        match reader.read_event().map_err(|error| refuse(error.to_string()))? {
            Event::Start(start) => guard.enter(&reader, &start, false)?,
            Event::Empty(start) => guard.enter(&reader, &start, true)?,
            Event::End(_) => guard.depth = guard.depth.saturating_sub(1),
            Event::Text(text) => guard.outside_only_space(&text)?,
            Event::GeneralRef(reference) => {
                let legal = if reference.is_char_ref() {
                    reference.resolve_char_ref().is_ok_and(|c| c.is_some_and(is_legal))
                } else {
                    matches!(&*reference, b"lt" | b"gt" | b"amp" | b"apos" | b"quot")
                };
                if !legal || guard.depth == 0 {
                    return Err(refuse("an entity beyond the five of XML"));
                }
            }
            Event::Comment(_) if guard.outline.is_some() => return Err(refuse("a comment inside the message")),
            Event::Comment(_) => {}
            Event::CData(_) => return Err(refuse("a CDATA section")),
            Event::PI(_) => return Err(refuse("a processing instruction")),
            Event::DocType(_) => return Err(refuse("a DOCTYPE")),
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().transpose().map_err(|error| refuse(error.to_string()))?;
                if guard.outline.is_some() || encoding.is_some_and(|name| !name.eq_ignore_ascii_case(b"utf-8")) {
                    return Err(refuse("an XML declaration out of place, or of an encoding other than UTF-8"));
                }
            }
            Event::Eof => break,
        }
    }
    match guard.outline {
        Some(outline) if guard.depth == 0 => Ok((text, outline)),
        _ => Err(refuse("no complete root element")),
    }
}

#[derive(Default)]
struct Guard {
    depth: usize,
    identifiers: HashSet<String>,
    outline: Option<Outline>,
}

impl Guard {
    fn enter(&mut self, reader: &NsReader<&[u8]>, start: &BytesStart<'_>, empty: bool) -> Result<(), SamlError> {
        let level = self.depth + 1;
        if level > MAX_DEPTH {
            return Err(SamlError::TooLarge { what: "XML in levels", limit: MAX_DEPTH });
        }
        let (resolved, local) = reader.resolve_element(start.name());
        let namespace = match resolved {
            ResolveResult::Bound(namespace) => lossy(namespace.as_ref()),
            ResolveResult::Unbound => String::new(),
            ResolveResult::Unknown(_) => return Err(refuse("a prefix that is bound to no namespace")),
        };
        let name = ElementName { namespace, local: lossy(local.as_ref()) };
        let prefixed = self.attributes(reader, start)?;
        match (&mut self.outline, level) {
            (None, 1) => {
                let children = Vec::new();
                self.outline = Some(Outline { root: name, root_has_prefixed_attributes: prefixed, children });
            }
            (Some(outline), 2) => {
                outline.children.push(Child { name, has_elements: false, has_prefixed_attributes: prefixed });
            }
            (Some(outline), 3) => {
                if let Some(child) = outline.children.last_mut() {
                    child.has_elements = true;
                }
            }
            (Some(_), 1) => return Err(refuse("a second root element")),
            _ => {}
        }
        if !empty {
            self.depth = level;
        }
        Ok(())
    }

    /// Looks at every attribute of an element; tells whether one has a prefix.
    fn attributes(&mut self, reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<bool, SamlError> {
        let mut prefixed = false;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| refuse(error.to_string()))?;
            let value = attribute.unescape_value().map_err(|error| refuse(error.to_string()))?;
            if attribute.value.contains(&b'<') || !value.chars().all(is_legal) {
                return Err(refuse("an attribute value with a character that XML forbids there"));
            }
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (resolved, local) = reader.resolve_attribute(attribute.key);
            if matches!(resolved, ResolveResult::Unknown(_)) {
                return Err(refuse("a prefix that is bound to no namespace"));
            }
            prefixed |= attribute.key.prefix().is_some();
            // Nothing here knows a schema, so every spelling that some verifier takes for xs:ID is one.
            if local.as_ref().eq_ignore_ascii_case(b"id") && !self.identifiers.insert(value.clone().into_owned()) {
                return Err(refuse(format!("the identifier `{}` twice", excerpt(&value))));
            }
        }
        Ok(prefixed)
    }

    fn outside_only_space(&self, text: &[u8]) -> Result<(), SamlError> {
        if self.depth == 0 && !text.iter().all(u8::is_ascii_whitespace) {
            return Err(refuse("text outside the root element"));
        }
        Ok(())
    }
}

fn refuse(why: impl Into<String>) -> SamlError {
    SamlError::malformed(WHAT, why)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(xml: &str) -> String {
        check(xml.as_bytes()).expect_err(xml).to_string()
    }

    #[test]
    fn the_outline_names_the_root_and_its_children_by_namespace() {
        let (_, outline) =
            check(b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><!-- hello --><a:r xmlns:a='urn:a' ID='1'><b a:x='y'><c/></b>&#x41;&amp;</a:r>\n")
                .unwrap();
        assert_eq!(outline.root, ElementName { namespace: "urn:a".into(), local: "r".into() });
        assert!(!outline.root_has_prefixed_attributes);
        let [child] = outline.children.as_slice() else { panic!("one child") };
        assert!(child.name.namespace.is_empty() && child.has_elements && child.has_prefixed_attributes);
    }

    #[test]
    fn a_doctype_is_refused_whatever_it_declares() {
        assert!(refusal("<!DOCTYPE a><a/>").contains("DOCTYPE"));
        assert!(refusal("<!DOCTYPE a [<!ENTITY x 'xx'><!ENTITY y '&x;&x;'>]><a>&y;</a>").contains("DOCTYPE"));
        assert!(refusal("<!DOCTYPE a SYSTEM 'file:///etc/hostname'><a/>").contains("DOCTYPE"));
    }

    #[test]
    fn entities_comments_cdata_and_instructions_are_refused() {
        for xml in ["<a>&x;</a>", "<a b='&x;'/>", "<a>&#0;</a>", "<a>&#xFFFE;</a>", "<a b='&#1;'/>", "<a>&#xD800;</a>"]
        {
            refusal(xml);
        }
        assert!(refusal("<a><!-- --></a>").contains("comment"));
        assert!(refusal("<a><![CDATA[x]]></a>").contains("CDATA"));
        assert!(refusal("<?php x?><a/>").contains("instruction"));
    }

    #[test]
    fn an_identifier_may_not_be_used_twice_in_any_spelling() {
        for xml in ["<a ID='1'><b ID='1'/></a>", "<a ID='1'><b Id='1'/></a>", "<a ID='1'><b xml:id='1'/></a>"] {
            assert!(refusal(xml).contains("twice"), "{xml}");
        }
        assert!(check(b"<a ID='1'><b ID='2'/></a>").is_ok());
    }

    #[test]
    fn what_is_not_one_complete_document_is_refused() {
        for xml in [
            "",
            " ",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>x",
            "x<a/>",
            "<a b='1' b='2'/>",
            "<a b='<'/>",
            "</a>",
            "<x:a/>",
            "<a x:b=''/>",
            "<a>\u{1}</a>",
        ] {
            refusal(xml);
        }
        assert!(check(b"<a>\xff</a>").is_err());
        assert!(refusal("<?xml version='1.0' encoding='UTF-7'?><a/>").contains("encoding"));
    }

    #[test]
    fn depth_and_size_have_limits_and_the_limits_themselves_pass() {
        let nested = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
        assert!(check(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert!(matches!(check(nested(MAX_DEPTH + 1).as_bytes()), Err(SamlError::TooLarge { limit: MAX_DEPTH, .. })));
        let sized = |bytes: usize| format!("<a>{}</a>", "x".repeat(bytes - 7));
        assert!(check(sized(MAX_BYTES).as_bytes()).is_ok());
        assert!(matches!(check(sized(MAX_BYTES + 1).as_bytes()), Err(SamlError::TooLarge { limit: MAX_BYTES, .. })));
    }
}
