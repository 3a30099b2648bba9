//! A small tree of XML with namespaces resolved.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// Namespace of assertions.
pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// Namespace of protocol messages.
pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// Namespace of metadata.
pub(crate) const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// Namespace of XML signatures.
pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Namespace of XML Encryption.
pub(crate) const XENC: &str = "http://www.w3.org/2001/04/xmlenc#";
/// Namespace of what XML Encryption 1.1 added.
pub(crate) const XENC11: &str = "http://www.w3.org/2009/xmlenc11#";

const MAX_DEPTH: usize = 64;

/// An element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// Namespace, local name, value.
    pub(crate) attributes: Vec<(String, String, String)>,
    pub(crate) children: Vec<Node>,
    /// The text directly inside; a comment does not cut it.
    pub(crate) text: String,
}

/// Why a document was not read. There is nothing to tell a caller beyond that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Node {
    /// Reads a UTF-8 document. A DOCTYPE, an entity that is not one of XML's five, and a processing instruction are refused:
    /// two parsers could see different documents.
    pub(crate) fn parse(document: &[u8]) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(document).map_err(|_| Malformed)?;
        let mut reader = NsReader::from_str(text);
        let mut open: Vec<Node> = Vec::new();
        let mut root = None;
        loop {
            match reader.read_event().map_err(|_| Malformed)? {
                Event::Decl(decl) => {
                    let encoding = decl.encoding().transpose().map_err(|_| Malformed)?;
                    if encoding.is_some_and(|name| !name.eq_ignore_ascii_case(b"utf-8")) {
                        return Err(Malformed);
                    }
                }
                Event::Start(start) if open.len() < MAX_DEPTH => open.push(element(&reader, &start)?),
                Event::Empty(start) => close(element(&reader, &start)?, &mut open, &mut root)?,
                Event::End(_) => {
                    let node = open.pop().ok_or(Malformed)?;
                    close(node, &mut open, &mut root)?;
                }
                Event::Text(text) => append(&text.xml_content().map_err(|_| Malformed)?, &mut open)?,
                Event::CData(data) => append(&data.decode().map_err(|_| Malformed)?, &mut open)?,
                Event::GeneralRef(entity) => append(&resolve(&entity)?, &mut open)?,
                Event::Comment(_) => {}
                Event::Eof if open.is_empty() => return root.ok_or(Malformed),
                _ => return Err(Malformed),
            }
        }
    }

    /// Whether the element has this name.
    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// The value of an attribute without a namespace.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(namespace, local, _)| namespace.is_empty() && local == name);
        found.map(|(_, _, value)| value.as_str())
    }

    /// The children of a name.
    pub(crate) fn all<'a>(&'a self, namespace: &'a str, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.is(namespace, name))
    }

    /// The one child of a name; `None` as well if there are several.
    pub(crate) fn only(&self, namespace: &str, name: &str) -> Option<&Node> {
        let mut found = self.children.iter().filter(|child| child.is(namespace, name));
        found.next().filter(|_| found.next().is_none())
    }

    /// The element and everything below it.
    pub(crate) fn descendants(&self) -> Vec<&Node> {
        let mut found = vec![self];
        for child in &self.children {
            found.extend(child.descendants());
        }
        found
    }

    /// The text without white space around it.
    pub(crate) fn trimmed(&self) -> &str {
        self.text.trim_matches([' ', '\t', '\r', '\n'])
    }
}

fn element(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Result<Node, Malformed> {
    let (namespace, name) = reader.resolve_element(start.name());
    let mut node = Node { namespace: uri(&namespace)?, name: utf8(name.as_ref())?, ..Node::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| Malformed)?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let (namespace, name) = reader.resolve_attribute(attribute.key);
        let (namespace, name) = (uri(&namespace)?, utf8(name.as_ref())?);
        if node.attributes.iter().any(|(other, local, _)| *other == namespace && *local == name) {
            return Err(Malformed);
        }
        let value = attribute.decode_and_unescape_value(reader.decoder()).map_err(|_| Malformed)?;
        node.attributes.push((namespace, name, value.into_owned()));
    }
    Ok(node)
}

fn uri(namespace: &ResolveResult<'_>) -> Result<String, Malformed> {
    match namespace {
        ResolveResult::Bound(namespace) => utf8(namespace.as_ref()),
        ResolveResult::Unbound => Ok(String::new()),
        ResolveResult::Unknown(_) => Err(Malformed),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Malformed> {
    String::from_utf8(bytes.to_vec()).map_err(|_| Malformed)
}

fn close(node: Node, open: &mut [Node], root: &mut Option<Node>) -> Result<(), Malformed> {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    } else if root.replace(node).is_some() {
        return Err(Malformed);
    }
    Ok(())
}

fn append(text: &str, open: &mut [Node]) -> Result<(), Malformed> {
    match open.last_mut() {
        Some(node) => node.text.push_str(text),
        None if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() => {}
        None => return Err(Malformed),
    }
    Ok(())
}

fn resolve(entity: &BytesRef<'_>) -> Result<String, Malformed> {
    if let Some(character) = entity.resolve_char_ref().map_err(|_| Malformed)? {
        return Ok(character.into());
    }
    let name = entity.decode().map_err(|_| Malformed)?;
    quick_xml::escape::resolve_xml_entity(&name).map(Into::into).ok_or(Malformed)
}
