//! The reader of untrusted XML: one pass that decides whether a document is plain enough to be read at all, and gives
//! it as a tree. Whatever is verified and whatever is interpreted is that one tree; no second parser ever sees the bytes.
//!
//! Refused, each because an attack on some SAML implementation has used it: DOCTYPE (entity expansion, external
//! files), processing instructions, entities beyond the five of XML 1.0 §4.6, comments where they could cut a value in
//! two, CDATA inside the root, repeated identifiers (signature wrapping), prefixes bound to nothing, depth and size
//! without end, and bytes that are not UTF-8.

use super::chars::is_legal;
use super::limits::Limits;
use super::scope::Scope;
use super::tree::{Attribute, Element, Node};
use super::value::{attribute_value, named, split};
use crate::error::{SamlError, excerpt};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::HashSet;
use std::sync::Arc;

/// The most attributes on one element: comparing each with each costs the square of their number.
const MAX_ATTRIBUTES: usize = 128;

const WHAT: &str = "XML";

/// Reads a whole document.
///
/// # Errors
/// [`SamlError::TooLarge`] over one of the limits, [`SamlError::Malformed`] for all that is refused above.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Element, SamlError> {
    read_inside(&[], bytes, limits)
}

/// As [`read`], for one element that was cut out of a document: prefixes mean what they mean inside `outer`, the elements
/// around it, the root first. It ends where its bytes end, and nothing in it reaches what is around it.
///
/// # Errors
/// As [`read`].
pub fn read_inside(outer: &[&Element], bytes: &[u8], limits: &Limits) -> Result<Element, SamlError> {
    if bytes.len() > limits.bytes {
        return Err(SamlError::TooLarge { what: "XML in bytes", limit: limits.bytes });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| refuse("not UTF-8"))?;
    // Some service providers write a byte order mark; it is not part of the document.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.chars().all(is_legal) {
        return Err(refuse("holds a character that XML 1.0 forbids"));
    }
    let mut builder = Builder::new(limits);
    for element in outer {
        builder.scope.enter(&element.declarations).map_err(refuse)?;
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    loop {
        match reader.read_event().map_err(|error| refuse(error.to_string()))? {
            Event::Start(start) => builder.enter(&start)?,
            Event::Empty(start) => {
                builder.enter(&start)?;
                builder.leave()?;
            }
            Event::End(_) => builder.leave()?,
            Event::Text(text) => builder.text(utf8(&text)?)?,
            Event::GeneralRef(reference) => builder.reference(&reference)?,
            Event::Comment(_) => builder.comment()?,
            Event::CData(_) => return Err(refuse("a CDATA section")),
            Event::PI(_) => return Err(refuse("a processing instruction")),
            Event::DocType(_) => return Err(refuse("a DOCTYPE")),
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().transpose().map_err(|error| refuse(error.to_string()))?;
                if builder.started() || encoding.is_some_and(|name| !name.eq_ignore_ascii_case(b"utf-8")) {
                    return Err(refuse("an XML declaration out of place, or of an encoding other than UTF-8"));
                }
                let version = declaration.version().map_err(|error| refuse(error.to_string()))?;
                if version.as_ref() != b"1.0" {
                    return Err(refuse("a version of XML other than 1.0"));
                }
            }
            Event::Eof => return builder.finish(),
        }
    }
}

struct Builder<'l> {
    limits: &'l Limits,
    scope: Scope,
    identifiers: HashSet<String>,
    open: Vec<Open>,
    /// Elements and attributes so far.
    parts: usize,
    root: Option<Element>,
}

struct Open {
    element: Element,
    commented: bool,
}

impl<'l> Builder<'l> {
    fn new(limits: &'l Limits) -> Self {
        let (scope, identifiers) = (Scope::default(), HashSet::new());
        Self { limits, scope, identifiers, open: Vec::new(), parts: 0, root: None }
    }

    fn started(&self) -> bool {
        self.root.is_some() || !self.open.is_empty()
    }

    fn enter(&mut self, start: &BytesStart<'_>) -> Result<(), SamlError> {
        if self.root.is_some() {
            return Err(refuse("a second root element"));
        }
        if self.open.len() >= self.limits.depth {
            return Err(SamlError::TooLarge { what: "XML in levels", limit: self.limits.depth });
        }
        self.count()?;
        let mut plain = Vec::new();
        let mut declarations: Vec<(String, Arc<str>)> = Vec::new();
        for (count, attribute) in start.attributes().enumerate() {
            if count >= MAX_ATTRIBUTES {
                return Err(SamlError::TooLarge { what: "attributes of one element", limit: MAX_ATTRIBUTES });
            }
            self.count()?;
            let attribute = attribute.map_err(|error| refuse(error.to_string()))?;
            let value = attribute_value(utf8(&attribute.value)?)?;
            match split(utf8(attribute.key.as_ref())?)? {
                ("", "xmlns") => declarations.push((String::new(), value.into())),
                ("xmlns", prefix) => declarations.push((prefix.to_owned(), value.into())),
                (prefix, local) => plain.push((prefix.to_owned(), local.to_owned(), value)),
            }
        }
        self.scope.enter(&declarations).map_err(refuse)?;
        let name = start.name();
        let (prefix, local) = split(utf8(name.as_ref())?)?;
        let mut element = Element {
            namespace: self.scope.resolve(prefix).ok_or_else(unbound)?,
            prefix: prefix.to_owned(),
            local: local.to_owned(),
            attributes: Vec::with_capacity(plain.len()),
            declarations,
            children: Vec::new(),
        };
        for (prefix, local, value) in plain {
            // An attribute without a prefix is in no namespace, whatever the default is (Namespaces in XML §6.2).
            let namespace =
                if prefix.is_empty() { "".into() } else { self.scope.resolve(&prefix).ok_or_else(unbound)? };
            // Nothing here knows a schema, so every spelling that some verifier takes for xs:ID is one.
            if local.eq_ignore_ascii_case("id") && !self.identifiers.insert(value.clone()) {
                return Err(refuse(format!("the identifier `{}` twice", excerpt(&value))));
            }
            if element.attributes.iter().any(|other| other.local == local && other.namespace == namespace) {
                return Err(refuse("an attribute twice"));
            }
            element.attributes.push(Attribute { prefix, namespace, local, value });
        }
        self.open.push(Open { element, commented: false });
        Ok(())
    }

    fn count(&mut self) -> Result<(), SamlError> {
        self.parts += 1;
        let limit = self.limits.parts;
        if self.parts > limit { Err(SamlError::TooLarge { what: "elements and attributes", limit }) } else { Ok(()) }
    }

    fn leave(&mut self) -> Result<(), SamlError> {
        let Some(Open { element, commented }) = self.open.pop() else {
            return Err(refuse("an end without a beginning"));
        };
        // Between elements a comment is harmless. Inside a value it is where two readers stop at different places.
        if commented && !element.text().trim().is_empty() {
            return Err(refuse(format!("a comment inside the text of `{}`", excerpt(&element.local))));
        }
        self.scope.leave();
        match self.open.last_mut() {
            Some(parent) => parent.element.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, raw: &str) -> Result<(), SamlError> {
        if self.open.is_empty() {
            return if raw.trim().is_empty() { Ok(()) } else { Err(refuse("text outside the root element")) };
        }
        if raw.contains("]]>") {
            return Err(refuse("`]]>` in text"));
        }
        // XML 1.0 §2.11. A carriage return written as a character reference does not come this way and stays one.
        if raw.contains('\r') {
            self.append(&raw.replace("\r\n", "\n").replace('\r', "\n"));
        } else {
            self.append(raw);
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), SamlError> {
        let c = if reference.is_char_ref() {
            reference.resolve_char_ref().ok().flatten().filter(|c| is_legal(*c))
        } else {
            named(utf8(reference)?)
        };
        match c {
            Some(c) if !self.open.is_empty() => self.append(c.encode_utf8(&mut [0; 4])),
            _ => return Err(refuse("an entity beyond the five of XML")),
        }
        Ok(())
    }

    fn append(&mut self, text: &str) {
        let Some(open) = self.open.last_mut() else { return };
        if let Some(Node::Text(last)) = open.element.children.last_mut() {
            last.push_str(text);
        } else if !text.is_empty() {
            open.element.children.push(Node::Text(text.to_owned()));
        }
    }

    fn comment(&mut self) -> Result<(), SamlError> {
        match self.open.last_mut() {
            Some(_) if !self.limits.comments => return Err(refuse("a comment inside the message")),
            Some(open) => open.commented = true,
            None => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, SamlError> {
        match self.root {
            Some(root) if self.open.is_empty() => Ok(root),
            _ => Err(refuse("no complete root element")),
        }
    }
}

fn unbound() -> SamlError {
    refuse("a prefix that is bound to no namespace")
}

fn utf8(bytes: &[u8]) -> Result<&str, SamlError> {
    std::str::from_utf8(bytes).map_err(|_| refuse("not UTF-8"))
}

pub fn refuse(why: impl Into<String>) -> SamlError {
    SamlError::malformed(WHAT, why)
}

#[cfg(test)]
mod tests;
