//! One row of a dialect's table: an attribute and its rules.

use crate::wire::ENTERPRISE_USER;

/// Which characters a text may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// Letters, marks, symbols, digits and punctuation: no space of any kind.
    Solid,
    /// The same with spaces, tabs and line ends.
    Prose,
    /// Whatever JSON can hold.
    Any,
}

/// The shape of a value (RFC 7643 §2.3 to §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text.
    Text,
    /// `true` or `false`.
    Flag,
    /// An object with these parts; a bare text is taken for its `value`.
    Object(&'static [&'static str]),
    /// A list of objects.
    List {
        /// The parts that an element may have.
        parts: &'static [&'static str],
        /// How many elements may be sent.
        most: usize,
        /// The first element is always sent as primary.
        primary: bool,
    },
}

/// What a value that breaks a rule, or that is missing, means for the object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The attribute is left out, the object is sent.
    Optional,
    /// The attribute may be missing; a bad value holds the object back, because others match by it.
    Anchor,
    /// The object cannot be sent without it.
    Required,
}

/// The rules of one attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// `name` or the URN of an extension, for an attribute inside it.
    pub under: Option<&'static str>,
    /// The name of the attribute.
    pub name: &'static str,
    /// Its shape.
    pub form: Form,
    /// The longest text, in characters.
    pub longest: usize,
    /// The characters of its text.
    pub charset: Charset,
    /// The forbidden characters of the dialect are allowed all the same, as `:` in an address of a web page.
    pub exempt: bool,
    /// What a bad or missing value means.
    pub weight: Weight,
    /// Of a list: parts that an element has all of, or it is not sent.
    pub together: &'static [&'static str],
    /// A PATCH may change it; otherwise the whole resource is replaced.
    pub patchable: bool,
    /// The server gives it back when it is asked for the resource.
    pub readable: bool,
}

impl Attribute {
    /// An optional text of at most 1,024 characters.
    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        Self {
            under: None,
            name,
            form: Form::Text,
            longest: 1024,
            charset: Charset::Prose,
            exempt: false,
            weight: Weight::Optional,
            together: &[],
            patchable: true,
            readable: true,
        }
    }

    /// An optional attribute of another shape.
    #[must_use]
    pub const fn shaped(name: &'static str, form: Form) -> Self {
        Self { form, ..Self::text(name) }
    }

    /// A text inside `name`.
    #[must_use]
    pub const fn of_name(name: &'static str) -> Self {
        Self { under: Some("name"), ..Self::text(name) }
    }

    /// A text inside the enterprise extension.
    #[must_use]
    pub const fn of_enterprise(name: &'static str) -> Self {
        Self { under: Some(ENTERPRISE_USER), ..Self::text(name) }
    }

    /// The same with another weight.
    #[must_use]
    pub const fn weighing(self, weight: Weight) -> Self {
        Self { weight, ..self }
    }

    /// The same with other limits.
    #[must_use]
    pub const fn limited(self, longest: usize, charset: Charset) -> Self {
        Self { longest, charset, ..self }
    }

    /// The path of the attribute in a PATCH (RFC 7644 §3.10).
    #[must_use]
    pub fn path(&self) -> String {
        match self.under {
            Some(container) => join(container, self.name),
            None => self.name.to_owned(),
        }
    }
}

/// The path of an attribute inside `container`: an extension is joined by a colon, `name` by a dot (RFC 7644 §3.10).
pub(crate) fn join(container: &str, name: &str) -> String {
    let separator = if container.starts_with("urn:") { ':' } else { '.' };
    format!("{container}{separator}{name}")
}
