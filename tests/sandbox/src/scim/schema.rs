//! The attributes of a user that Identity Center supports.

use super::constraint::Kind;

/// The core schema of users (RFC 7643 §4.1).
pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The core schema of groups (RFC 7643 §4.2).
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The enterprise extension of users (RFC 7643 §4.3).
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// What an attribute holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// One text.
    Text(Kind),
    /// True or false.
    Flag,
    /// Named parts.
    Complex(&'static [Attribute]),
    /// A list of at most one element with named parts.
    List(&'static [Attribute]),
}

/// An attribute or a part of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// Whether PATCH may touch it.
    pub(crate) patchable: bool,
    /// Whether answers show it.
    pub(crate) shown: bool,
}

const fn attribute(name: &'static str, shape: Shape) -> Attribute {
    Attribute { name, shape, required: false, patchable: true, shown: true }
}

const fn text(name: &'static str) -> Attribute {
    attribute(name, Shape::Text(Kind::Text))
}

const fn required(attribute: Attribute) -> Attribute {
    Attribute { required: true, ..attribute }
}

const fn hidden(attribute: Attribute) -> Attribute {
    Attribute { shown: false, ..attribute }
}

const NAME: &[Attribute] = &[
    text("formatted"),
    required(text("familyName")),
    required(text("givenName")),
    text("middleName"),
    text("honorificPrefix"),
    text("honorificSuffix"),
];
const EMAIL: &[Attribute] = &[required(text("value")), text("type"), required(attribute("primary", Shape::Flag))];
const VALUE: &[Attribute] = &[required(text("value")), text("type"), attribute("primary", Shape::Flag)];
const ADDRESS: &[Attribute] = &[
    text("formatted"),
    text("streetAddress"),
    text("locality"),
    text("region"),
    text("postalCode"),
    text("country"),
    text("type"),
    attribute("primary", Shape::Flag),
];
const MANAGER: &[Attribute] = &[text("value"), hidden(text("$ref"))];
const EXTENSION: &[Attribute] = &[
    text("employeeNumber"),
    text("costCenter"),
    text("organization"),
    text("division"),
    text("department"),
    attribute("manager", Shape::Complex(MANAGER)),
];

/// A user, in the order in which answers give the attributes.
pub(crate) const USER_ATTRIBUTES: &[Attribute] = &[
    required(attribute("userName", Shape::Text(Kind::UserName))),
    attribute("externalId", Shape::Text(Kind::ExternalId)),
    required(attribute("name", Shape::Complex(NAME))),
    required(text("displayName")),
    text("nickName"),
    hidden(text("profileUrl")),
    attribute("emails", Shape::List(EMAIL)),
    attribute("addresses", Shape::List(ADDRESS)),
    attribute("phoneNumbers", Shape::List(VALUE)),
    Attribute { patchable: false, ..attribute("roles", Shape::List(VALUE)) },
    text("userType"),
    text("title"),
    text("preferredLanguage"),
    text("locale"),
    text("timezone"),
    attribute("active", Shape::Flag),
    attribute(ENTERPRISE, Shape::Complex(EXTENSION)),
];

/// The attribute of a name in a table.
pub(crate) fn find(table: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    table.iter().find(|attribute| attribute.name == name)
}
