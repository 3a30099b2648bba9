//! Exclusive XML Canonicalization 1.0 without comments (§2, §3), of a tree that the reader made.
//!
//! A prefix is declared where it is visibly utilised and no rendered ancestor declares it alike; a prefix of the
//! `InclusiveNamespaces` list is declared wherever it is in scope (§2.1).

use super::tree::{Element, Node};
use super::write::{attribute_escape, push_escaped, text_escape};
use std::collections::BTreeSet;

/// The canonical bytes of `apex`, an element inside `ancestors` (the root first). The element `omitted`, if any, is left
/// out, which is what the enveloped-signature transform asks (XML Signature §6.6.4). `inclusive` lists prefixes, `""`
/// being the default namespace.
pub fn canonical(apex: &Element, ancestors: &[&Element], inclusive: &[&str], omitted: Option<&Element>) -> String {
    let mut scope: Bindings<'_> = Vec::new();
    for ancestor in ancestors {
        declare(&mut scope, ancestor);
    }
    let mut pass = Pass { out: String::with_capacity(4096), scope, rendered: Vec::new(), inclusive, omitted };
    pass.element(apex);
    pass.out
}

type Bindings<'a> = Vec<(&'a str, &'a str)>;

struct Pass<'a> {
    out: String,
    scope: Bindings<'a>,
    rendered: Bindings<'a>,
    inclusive: &'a [&'a str],
    omitted: Option<&'a Element>,
}

impl<'a> Pass<'a> {
    fn element(&mut self, element: &'a Element) {
        let (scope, rendered) = (self.scope.len(), self.rendered.len());
        declare(&mut self.scope, element);
        self.out.push('<');
        self.name(&element.prefix, &element.local);
        self.namespaces(element);
        self.attributes(element);
        self.out.push('>');
        for node in &element.children {
            match node {
                Node::Element(child) if self.omitted.is_some_and(|omitted| std::ptr::eq(omitted, child)) => {}
                Node::Element(child) => self.element(child),
                Node::Text(text) => push_escaped(&mut self.out, text, text_escape),
            }
        }
        self.out.push_str("</");
        self.name(&element.prefix, &element.local);
        self.out.push('>');
        self.scope.truncate(scope);
        self.rendered.truncate(rendered);
    }

    fn namespaces(&mut self, element: &'a Element) {
        let mut wanted: BTreeSet<&str> = BTreeSet::from([element.prefix.as_str()]);
        let prefixed = element.attributes.iter().filter(|attribute| !attribute.prefix.is_empty());
        wanted.extend(prefixed.map(|attribute| attribute.prefix.as_str()));
        let listed = self.inclusive.iter().copied();
        wanted.extend(listed.filter(|prefix| prefix.is_empty() || find(&self.scope, prefix).is_some()));
        wanted.remove("xml");
        for prefix in wanted {
            let namespace = find(&self.scope, prefix).unwrap_or_default();
            if find(&self.rendered, prefix).unwrap_or_default() == namespace {
                continue;
            }
            self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.out.push_str(prefix);
            self.out.push_str("=\"");
            push_escaped(&mut self.out, namespace, attribute_escape);
            self.out.push('"');
            self.rendered.push((prefix, namespace));
        }
    }

    fn attributes(&mut self, element: &'a Element) {
        let mut sorted: Vec<_> = element.attributes.iter().collect();
        sorted.sort_by(|a, b| (&a.namespace, &a.local).cmp(&(&b.namespace, &b.local)));
        for attribute in sorted {
            self.out.push(' ');
            self.name(&attribute.prefix, &attribute.local);
            self.out.push_str("=\"");
            push_escaped(&mut self.out, &attribute.value, attribute_escape);
            self.out.push('"');
        }
    }

    fn name(&mut self, prefix: &str, local: &str) {
        if !prefix.is_empty() {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(local);
    }
}

fn declare<'a>(scope: &mut Bindings<'a>, element: &'a Element) {
    scope.extend(element.declarations.iter().map(|(prefix, namespace)| (prefix.as_str(), namespace.as_ref())));
}

fn find<'a>(bindings: &Bindings<'a>, prefix: &str) -> Option<&'a str> {
    bindings.iter().rev().find(|(name, _)| *name == prefix).map(|(_, namespace)| *namespace)
}

#[cfg(test)]
mod tests;
