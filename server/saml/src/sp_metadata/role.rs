//! `SPSSODescriptor`: what an entity is as a service provider (metadata §2.4.1, §2.4.2, §2.4.4).

use super::boolean::boolean;
use super::keys::Keys;
use super::{Note, RequestedAttribute, SpMetadata, Validity, endpoint};
use crate::binding::POST;
use crate::error::{SamlError, excerpt};
use crate::xml::name::{Prefix, md, saml};
use crate::xml::tree::Element;
use std::collections::HashSet;

const WHAT: &str = "SPSSODescriptor";

/// The service provider of an entity, if it is one.
pub fn read(entity: &Element, entity_id: &str, outer: Validity, signed: bool) -> Result<Option<SpMetadata>, SamlError> {
    let mut roles = entity.named(md(WHAT)).filter(|role| speaks_saml_2(role));
    let Some(role) = roles.next() else { return Ok(None) };
    let mut notes = Vec::new();
    if roles.next().is_some() {
        notes.push(note(WHAT, "the entity has several for SAML 2.0; the first is used"));
    }
    let validity = outer.and(role, WHAT)?;
    let mut keys = Keys::default();
    for descriptor in role.named(md("KeyDescriptor")) {
        keys.add(descriptor, &mut notes)?;
    }
    let mut acs = Vec::new();
    for (position, element) in role.named(md("AssertionConsumerService")).enumerate() {
        acs.push(endpoint::consumer(element, position, &mut notes)?);
    }
    if !acs.iter().any(|acs| acs.binding == POST) {
        notes.push(note("AssertionConsumerService", "there is none of the HTTP-POST binding: nobody can sign in"));
    }
    let mut indexes = HashSet::new();
    if !acs.iter().all(|acs| indexes.insert(acs.index)) {
        notes.push(note("AssertionConsumerService index", "one is used twice; the first address with it counts"));
    }
    let mut logout = Vec::new();
    for element in role.named(md("SingleLogoutService")) {
        logout.push(endpoint::logout(element, &mut notes)?);
    }
    let name_id_formats = role.named(md("NameIDFormat")).map(|format| format.text().trim().to_owned()).collect();
    let requested_attributes = requested(role, &mut notes)?;
    for (name, why) in [
        ("ArtifactResolutionService", "artifacts are not resolved"),
        ("ManageNameIDService", "identifiers are not managed by message"),
    ] {
        if role.child(md(name)).is_some() {
            notes.push(note(name, why));
        }
    }
    let authn_requests_signed = boolean(role, "AuthnRequestsSigned", WHAT, &mut notes)?;
    let want_assertions_signed = boolean(role, "WantAssertionsSigned", WHAT, &mut notes)?;
    if entity.child(md("AdditionalMetadataLocation")).is_some() {
        notes.push(note("AdditionalMetadataLocation", "no other document is fetched"));
    }
    Ok(Some(SpMetadata {
        entity_id: entity_id.to_owned(),
        valid_until: validity.until,
        cache_duration: validity.cache,
        acs,
        name_id_formats,
        signing: keys.signing,
        encryption: keys.encryption,
        encryption_methods: keys.methods,
        logout,
        authn_requests_signed,
        want_assertions_signed,
        requested_attributes,
        signed,
        unsupported: notes,
        broken: None,
    }))
}

fn speaks_saml_2(role: &Element) -> bool {
    let protocols = role.attribute("protocolSupportEnumeration").unwrap_or_default();
    protocols.split_ascii_whitespace().any(|protocol| protocol == Prefix::Samlp.namespace())
}

/// The attributes of the default `AttributeConsumingService`, else of the first (metadata §2.4.4.1).
fn requested(role: &Element, notes: &mut Vec<Note>) -> Result<Vec<RequestedAttribute>, SamlError> {
    const SERVICE: &str = "AttributeConsumingService";
    const ATTRIBUTE: &str = "RequestedAttribute";
    let services: Vec<&Element> = role.named(md(SERVICE)).collect();
    if services.len() > 1 {
        notes.push(note(SERVICE, "there are several; the default one is used, else the first"));
    }
    let mut chosen = services.first().copied();
    for service in services {
        if boolean(service, "isDefault", SERVICE, notes)? {
            chosen = Some(service);
            break;
        }
    }
    let mut attributes = Vec::new();
    for element in chosen.into_iter().flat_map(|service| service.named(md(ATTRIBUTE))) {
        let Some(name) = element.attribute("Name").filter(|name| !name.is_empty()) else {
            return Err(SamlError::malformed(ATTRIBUTE, "Name is absent"));
        };
        if element.child(saml("AttributeValue")).is_some() {
            let why = format!("only certain values of `{}` are asked for; all are sent", excerpt(name));
            notes.push(note(ATTRIBUTE, why));
        }
        attributes.push(RequestedAttribute {
            name: name.to_owned(),
            friendly_name: element.attribute("FriendlyName").map(str::to_owned),
            name_format: element.attribute("NameFormat").map(str::to_owned),
            required: boolean(element, "isRequired", ATTRIBUTE, notes)?,
        });
    }
    Ok(attributes)
}

fn note(what: &str, why: impl Into<String>) -> Note {
    Note { what: what.to_owned(), why: why.into() }
}
