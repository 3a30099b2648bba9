//! What every protocol message has in common (SAML core §3.2.1, §3.2.2): read once, by the same rules.

use crate::error::{SamlError, excerpt};
use crate::time::parse_instant;
use crate::xml::chars::is_ncname;
use crate::xml::name::{Name, Prefix, ds, saml};
use crate::xml::tree::Element;

const MAX_ID: usize = 256;
const MAX_ISSUER: usize = 1024;
const MAX_ADDRESS: usize = 2048;

/// The attributes and the issuer that requests and responses share.
#[derive(Clone, Debug)]
pub struct Head {
    pub id: String,
    pub version: String,
    pub issue_instant: i64,
    pub destination: Option<String>,
    pub issuer: String,
    pub has_signature: bool,
}

impl Head {
    /// Reads the head of a message whose root has been recognised.
    pub fn of(root: &Element, what: &'static str) -> Result<Self, SamlError> {
        if root.has_prefixed_attributes() {
            return Err(SamlError::malformed(what, "an attribute with a prefix"));
        }
        let id = root.attribute("ID").unwrap_or_default();
        if !is_ncname(id) || id.chars().count() > MAX_ID {
            return Err(SamlError::malformed(what, "ID is not an NCName of at most 256 characters"));
        }
        let version = root.attribute("Version").unwrap_or_default();
        if version.is_empty() || version.len() > 8 {
            return Err(SamlError::malformed(what, "Version is absent"));
        }
        let issue_instant = root.attribute("IssueInstant").unwrap_or_default();
        Ok(Self {
            id: id.to_owned(),
            version: version.to_owned(),
            issue_instant: parse_instant(issue_instant)?,
            destination: address(root, "Destination", what)?,
            issuer: issuer(root, what)?,
            has_signature: root.child(ds("Signature")).is_some(),
        })
    }

    /// Refuses a version that only a status could answer.
    pub fn only_2_0(&self) -> Result<(), SamlError> {
        if self.version == "2.0" {
            return Ok(());
        }
        let why = format!("`{}`, not 2.0", excerpt(&self.version));
        Err(SamlError::Unsupported { what: "SAML version", why })
    }
}

/// An attribute that holds a URI of bounded length.
pub fn address(element: &Element, name: &str, what: &'static str) -> Result<Option<String>, SamlError> {
    match element.attribute(name) {
        Some(value) if value.chars().count() > MAX_ADDRESS => {
            Err(SamlError::malformed(what, format!("{name} has more than {MAX_ADDRESS} characters")))
        }
        value => Ok(value.map(str::to_owned)),
    }
}

/// `xs:boolean`; absent is false.
pub fn flag(element: &Element, name: &str, what: &'static str) -> Result<bool, SamlError> {
    match element.attribute(name).map(str::trim) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => Err(SamlError::malformed(what, format!("{name} is `{}`, not a boolean", excerpt(other)))),
    }
}

/// Each child is one of `known`, in its namespace, without prefixed attributes and at most as often as allowed.
///
/// `known` pairs a name with whether it may repeat.
pub fn check_children(root: &Element, known: &[(Name, bool)], what: &'static str) -> Result<(), SamlError> {
    for child in root.elements() {
        let local = excerpt(&child.local);
        let Some((name, repeats)) = known.iter().find(|(name, _)| name.local == child.local) else {
            return Err(SamlError::malformed(what, format!("the unknown element `{local}`")));
        };
        if !child.is(*name) {
            return Err(SamlError::malformed(what, format!("`{local}` in a foreign namespace")));
        }
        if child.has_prefixed_attributes() && name.prefix != Prefix::Ds {
            return Err(SamlError::malformed(what, format!("an attribute with a prefix on `{local}`")));
        }
        if !repeats && root.named(*name).count() > 1 {
            return Err(SamlError::malformed(what, format!("`{local}` twice")));
        }
    }
    Ok(())
}

/// Core §2.2.5. An issuer of a format other than `entity` is not one that a service provider could be registered by.
fn issuer(root: &Element, what: &'static str) -> Result<String, SamlError> {
    const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
    let Some(issuer) = root.child(saml("Issuer")) else {
        return Err(SamlError::malformed(what, "Issuer is absent"));
    };
    if issuer.elements().next().is_some() {
        return Err(SamlError::malformed(what, "elements inside Issuer"));
    }
    if issuer.attribute("Format").is_some_and(|format| format != ENTITY) {
        return Err(SamlError::malformed(what, "Issuer has a format other than entity"));
    }
    let value = issuer.text().trim().to_owned();
    if value.is_empty() || value.chars().count() > MAX_ISSUER {
        return Err(SamlError::malformed(what, "Issuer does not have 1 to 1024 characters"));
    }
    Ok(value)
}
