//! Which namespace a prefix stands for at a place in a document (Namespaces in XML 1.0 §3, §6).

use std::sync::Arc;

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// The most declarations in force at one place: each name is looked up among all of them. Real documents have under 20.
const MAX_BINDINGS: usize = 64;

/// The declarations of all open elements, the innermost last.
#[derive(Default)]
pub struct Scope {
    bindings: Vec<(String, Arc<str>)>,
    marks: Vec<usize>,
}

impl Scope {
    /// Enters an element with its declarations; the empty prefix is the default namespace.
    ///
    /// # Errors
    /// The rule that a declaration breaks.
    pub fn enter(&mut self, declarations: &[(String, Arc<str>)]) -> Result<(), String> {
        if self.bindings.len() + declarations.len() > MAX_BINDINGS {
            return Err(format!("more than {MAX_BINDINGS} namespace declarations in force"));
        }
        self.marks.push(self.bindings.len());
        for (prefix, namespace) in declarations {
            let reserved = match prefix.as_str() {
                "xml" => namespace.as_ref() != XML,
                "xmlns" => true,
                "" => matches!(namespace.as_ref(), XML | XMLNS),
                _ => matches!(namespace.as_ref(), "" | XML | XMLNS),
            };
            if reserved {
                return Err("a namespace declaration that the standard forbids".to_owned());
            }
            self.bindings.push((prefix.clone(), Arc::clone(namespace)));
        }
        Ok(())
    }

    /// Leaves the innermost element.
    pub fn leave(&mut self) {
        if let Some(mark) = self.marks.pop() {
            self.bindings.truncate(mark);
        }
    }

    /// The namespace of a prefix; empty for no namespace, `None` when nothing binds the prefix.
    pub fn resolve(&self, prefix: &str) -> Option<Arc<str>> {
        if prefix == "xml" {
            return Some(XML.into());
        }
        let bound = self.bindings.iter().rev().find(|(name, _)| name == prefix).map(|(_, uri)| Arc::clone(uri));
        bound.or_else(|| prefix.is_empty().then(|| "".into()))
    }
}
