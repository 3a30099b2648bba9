//! The metadata of service providers (SAML metadata §2.3, §2.4.4), as they hand it out: one `EntityDescriptor`, or any
//! number of them in `EntitiesDescriptor` elements.
//!
//! Nothing is guessed and nothing is dropped in silence: what is seen and cannot be used stands in
//! [`SpMetadata::unsupported`]. There is no clock here, so an expired document is read like any other; whoever imports it
//! looks at [`SpMetadata::valid_until`].

mod boolean;
mod duration;
mod endpoint;
mod keys;
mod role;

pub use endpoint::LogoutEndpoint;

use crate::acs::Acs;
use crate::certificate::Certificate;
use crate::error::{SamlError, excerpt};
use crate::time::parse_instant;
use crate::verify;
use crate::xml::limits::Limits;
use crate::xml::name::{ds, md};
use crate::xml::read::read;
use crate::xml::tree::Element;
use duration::seconds;

const ENTITY: &str = "EntityDescriptor";
const ENTITIES: &str = "EntitiesDescriptor";

/// What one service provider says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpMetadata {
    /// `entityID`, 1 to 1024 characters. Of a broken description the beginning of what it has, which may be nothing.
    pub entity_id: String,
    /// `validUntil` in unix seconds: the earliest of those that apply to this entity.
    pub valid_until: Option<i64>,
    /// `cacheDuration` in seconds: the shortest of those that apply to this entity.
    pub cache_duration: Option<i64>,
    /// Every `AssertionConsumerService`, in the order of the document, also of bindings that are not offered.
    pub acs: Vec<Acs>,
    /// The `NameIDFormat` values, in the order of the document.
    pub name_id_formats: Vec<String>,
    /// Certificates that signatures of this service provider verify with.
    pub signing: Vec<Certificate>,
    /// Certificates that assertions for this service provider can be encrypted to.
    pub encryption: Vec<Certificate>,
    /// The `EncryptionMethod` algorithms that it names for encryption.
    pub encryption_methods: Vec<String>,
    /// Every `SingleLogoutService`, in the order of the document.
    pub logout: Vec<LogoutEndpoint>,
    /// `AuthnRequestsSigned`: its requests are signed, and one that is not is not its own.
    pub authn_requests_signed: bool,
    /// `WantAssertionsSigned`.
    pub want_assertions_signed: bool,
    /// The attributes it asks for, of its default `AttributeConsumingService`.
    pub requested_attributes: Vec<RequestedAttribute>,
    /// Whether the root of the file is signed. Present is not verified.
    pub signed: bool,
    /// What was seen and cannot be used, and why.
    pub unsupported: Vec<Note>,
    /// Why the description breaks the standard. Nothing but `entity_id` was read of it then.
    pub broken: Option<String>,
}

impl SpMetadata {
    /// An entity of which only the name can be had.
    fn broken(entity_id: &str, signed: bool, why: String) -> Self {
        Self {
            entity_id: entity_id.to_owned(),
            valid_until: None,
            cache_duration: None,
            acs: Vec::new(),
            name_id_formats: Vec::new(),
            signing: Vec::new(),
            encryption: Vec::new(),
            encryption_methods: Vec::new(),
            logout: Vec::new(),
            authn_requests_signed: false,
            want_assertions_signed: false,
            requested_attributes: Vec::new(),
            signed,
            unsupported: Vec::new(),
            broken: Some(why),
        }
    }
}

/// An attribute that a service provider asks for (metadata §2.4.4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedAttribute {
    /// `Name`.
    pub name: String,
    /// `FriendlyName`.
    pub friendly_name: Option<String>,
    /// `NameFormat`, a URI.
    pub name_format: Option<String>,
    /// `isRequired`.
    pub required: bool,
}

/// Something in the metadata that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The element, or what it stands for.
    pub what: String,
    /// Why, and what happens in its place.
    pub why: String,
}

/// Reads a metadata file and gives every SAML 2.0 service provider in it; other entities are passed over. In a file of
/// many, one that breaks the standard is given as [`SpMetadata::broken`] and takes nobody else with it.
///
/// # Errors
/// [`SamlError::TooLarge`] over a limit; [`SamlError::Malformed`] with the element and the reason, when there is no
/// service provider in the file that can be read.
pub fn parse_sp_metadata(bytes: &[u8], limits: &Limits) -> Result<Vec<SpMetadata>, SamlError> {
    of_root(&read(bytes, limits)?, limits)
}

/// As [`parse_sp_metadata`], of a file whose root must be signed with one of the certificates. What is verified is the
/// tree that is then read.
///
/// # Errors
/// As [`parse_sp_metadata`], and [`SamlError::Signature`].
pub fn parse_signed_sp_metadata(
    bytes: &[u8],
    limits: &Limits,
    certificates: &[Certificate],
) -> Result<Vec<SpMetadata>, SamlError> {
    let root = read(bytes, limits)?;
    verify::metadata(&root, certificates)?;
    of_root(&root, limits)
}

/// Verifies the signature over the root of a metadata file (metadata §3) with the certificate that was obtained in some
/// trusted way; one inside the file is never looked at. The reference must name the root by its `ID`: an empty one is
/// refused.
///
/// # Errors
/// [`SamlError::Signature`] with the reason, and whatever is wrong with the XML.
pub fn verify_metadata_signature(bytes: &[u8], certificate: &Certificate) -> Result<(), SamlError> {
    verify::metadata(&read(bytes, &Limits::METADATA)?, std::slice::from_ref(certificate))
}

fn of_root(root: &Element, limits: &Limits) -> Result<Vec<SpMetadata>, SamlError> {
    let signed = root.child(ds("Signature")).is_some();
    let mut walk = Walk { limits, signed, seen: 0, found: Vec::new(), refused: None };
    walk.descend(root, Validity::default())?;
    if walk.found.iter().all(|sp| sp.broken.is_some()) {
        if let Some(error) = walk.refused {
            return Err(error);
        }
        let why = format!("none of the {} entities has an SPSSODescriptor for SAML 2.0", walk.seen);
        return Err(SamlError::malformed("metadata", why));
    }
    Ok(walk.found)
}

struct Walk<'l> {
    limits: &'l Limits,
    signed: bool,
    seen: usize,
    found: Vec<SpMetadata>,
    /// What was wrong with the first entity that was not read.
    refused: Option<SamlError>,
}

impl Walk<'_> {
    fn descend(&mut self, element: &Element, outer: Validity) -> Result<(), SamlError> {
        if element.is(md(ENTITIES)) {
            let validity = outer.and(element, ENTITIES)?;
            for child in element.elements().filter(|child| child.is(md(ENTITY)) || child.is(md(ENTITIES))) {
                self.descend(child, validity)?;
            }
            return Ok(());
        }
        if !element.is(md(ENTITY)) {
            let found = excerpt(&format!("{{{}}}{}", element.namespace, element.local));
            let why = format!("the root is {found}, neither EntityDescriptor nor EntitiesDescriptor");
            return Err(SamlError::malformed("metadata", why));
        }
        self.seen += 1;
        if self.seen > self.limits.entities {
            return Err(SamlError::TooLarge { what: "metadata in entities", limit: self.limits.entities });
        }
        match self.entity(element, outer) {
            Ok(read) => self.found.extend(read),
            Err(error @ SamlError::Malformed { .. }) => {
                let entity_id = element.attribute("entityID").map(excerpt).unwrap_or_default();
                self.found.push(SpMetadata::broken(&entity_id, self.signed, error.to_string()));
                self.refused.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn entity(&self, element: &Element, outer: Validity) -> Result<Option<SpMetadata>, SamlError> {
        let entity_id = element.attribute("entityID").unwrap_or_default();
        if entity_id.trim().is_empty() || entity_id.chars().count() > 1024 {
            return Err(SamlError::malformed(ENTITY, "entityID does not have 1 to 1024 characters"));
        }
        let validity = outer.and(element, ENTITY)?;
        role::read(element, entity_id, validity, self.signed).map_err(|error| within(error, entity_id))
    }
}

/// How long a description holds: each enclosing element can only shorten it (metadata §2.3.1, §4.3.1).
#[derive(Clone, Copy, Default)]
struct Validity {
    until: Option<i64>,
    cache: Option<i64>,
}

impl Validity {
    fn and(self, element: &Element, what: &'static str) -> Result<Self, SamlError> {
        let malformed = |name: &str, value: &str| {
            SamlError::malformed(what, format!("{name} is `{}`, not what XML Schema allows", excerpt(value)))
        };
        let mut both = self;
        if let Some(value) = element.attribute("validUntil") {
            // Core §1.3.3 speaks of UTC "with no time zone component", and some leave the `Z` out accordingly.
            let value = value.trim();
            let until = parse_instant(value).or_else(|_| parse_instant(&format!("{value}Z")));
            let until = until.map_err(|_| malformed("validUntil", value))?;
            both.until = Some(both.until.map_or(until, |outer| outer.min(until)));
        }
        if let Some(value) = element.attribute("cacheDuration") {
            let cache = seconds(value.trim()).ok_or_else(|| malformed("cacheDuration", value))?;
            both.cache = Some(both.cache.map_or(cache, |outer| outer.min(cache)));
        }
        Ok(both)
    }
}

/// In a file of thousands, an error that does not say where is of no use.
fn within(error: SamlError, entity_id: &str) -> SamlError {
    match error {
        SamlError::Malformed { what, why } => {
            SamlError::Malformed { what, why: format!("{why} (in entity `{}`)", excerpt(entity_id)) }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
