//! `saml:NameID`: who a message is about (SAML core §2.2.2, §2.2.3).

use crate::error::SamlError;
use crate::xml::name::saml;
use crate::xml::tree::Element;
use crate::xml::write::Writer;

/// The longest value (core §8.3.7 and §8.3.8 set it for persistent and transient identifiers).
const MAX_VALUE: usize = 1024;

/// An identifier with everything that makes it unique.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct NameId {
    /// The identifier, 1 to 1024 characters.
    pub value: String,
    /// `Format`, a URI; without one it is `unspecified`.
    pub format: Option<String>,
    /// `NameQualifier`: the domain that the identifier belongs to, by default its issuer.
    pub name_qualifier: Option<String>,
    /// `SPNameQualifier`: the service provider that it was made for.
    pub sp_name_qualifier: Option<String>,
    /// `SPProvidedID`: the alias that the service provider chose.
    pub sp_provided_id: Option<String>,
}

impl NameId {
    /// Reads the identifier inside a subject or a logout request.
    pub(crate) fn of(element: &Element) -> Result<Self, SamlError> {
        const WHAT: &str = "NameID";
        if element.elements().next().is_some() {
            return Err(SamlError::malformed(WHAT, "elements inside NameID"));
        }
        if element.has_prefixed_attributes() {
            return Err(SamlError::malformed(WHAT, "an attribute with a prefix"));
        }
        let value = element.text().trim().to_owned();
        if value.is_empty() || value.chars().count() > MAX_VALUE {
            return Err(SamlError::malformed(WHAT, "it does not have 1 to 1024 characters"));
        }
        let attribute = |name| element.attribute(name).map(str::to_owned);
        Ok(Self {
            value,
            format: attribute("Format"),
            name_qualifier: attribute("NameQualifier"),
            sp_name_qualifier: attribute("SPNameQualifier"),
            sp_provided_id: attribute("SPProvidedID"),
        })
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        let attributes = [
            // No Format at all means `unspecified` (core §2.2.3); an empty one would not be a URI.
            ("Format", self.format.as_deref().filter(|format| !format.is_empty())),
            ("NameQualifier", self.name_qualifier.as_deref()),
            ("SPNameQualifier", self.sp_name_qualifier.as_deref()),
            ("SPProvidedID", self.sp_provided_id.as_deref()),
        ];
        writer.leaf(saml("NameID"), &attributes, &self.value);
    }
}
