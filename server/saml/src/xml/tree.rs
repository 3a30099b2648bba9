//! A document as a tree, namespaces resolved. Made by the reader only, and never changed after.

use super::name::Name;
use std::sync::Arc;

/// An element with everything that its canonical form depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Empty for none.
    pub namespace: Arc<str>,
    pub prefix: String,
    pub local: String,
    /// In the order of the document, namespace declarations apart.
    pub attributes: Vec<Attribute>,
    /// Prefix (empty for the default) and namespace, in the order of the document.
    pub declarations: Vec<(String, Arc<str>)>,
    pub children: Vec<Node>,
}

/// An attribute that is not a namespace declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub prefix: String,
    /// Empty for none.
    pub namespace: Arc<str>,
    pub local: String,
    pub value: String,
}

/// What an element holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    /// Never next to another one.
    Text(String),
}

impl Element {
    /// Whether the element has this name, its namespace included.
    pub fn is(&self, name: Name) -> bool {
        self.local == name.local && *self.namespace == *name.prefix.namespace()
    }

    /// The value of an attribute without a prefix.
    pub fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes.iter().find(|a| a.local == local && a.namespace.is_empty()).map(|a| a.value.as_str())
    }

    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The child elements of one name.
    pub fn named(&self, name: Name) -> impl Iterator<Item = &Self> {
        self.elements().filter(move |element| element.is(name))
    }

    /// The first child element of one name.
    pub fn child(&self, name: Name) -> Option<&Self> {
        self.named(name).next()
    }

    /// The text directly inside, all of it.
    pub fn text(&self) -> String {
        let texts = self.children.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        });
        texts.collect()
    }

    /// Whether an attribute has a prefix.
    pub fn has_prefixed_attributes(&self) -> bool {
        self.attributes.iter().any(|attribute| !attribute.prefix.is_empty())
    }

    /// How many elements inside, at any depth, satisfy a condition.
    pub fn count(&self, condition: &impl Fn(&Self) -> bool) -> usize {
        self.elements().map(|child| usize::from(condition(child)) + child.count(condition)).sum()
    }
}
