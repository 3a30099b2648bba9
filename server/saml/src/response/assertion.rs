//! The `saml:Assertion` as a document of its own (SAML core §2.3.3).

use super::{Attribute, ResponseSpec};
use crate::name_id::NameId;
use crate::time::instant;
use crate::xml::name::saml;
use crate::xml::write::Writer;

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// An assertion that is not signed yet.
pub struct Written {
    pub xml: String,
    /// Where its signature goes.
    pub place: usize,
}

pub fn write(spec: &ResponseSpec, name_qualifier: Option<&str>) -> Written {
    let data: usize = spec.attributes.iter().flat_map(|a| &a.values).map(|value| value.len() + 64).sum();
    let mut writer = Writer::with_capacity(6144 + data);
    writer.open(
        saml("Assertion"),
        &[
            ("ID", Some(&spec.assertion_id)),
            ("Version", Some("2.0")),
            ("IssueInstant", Some(&instant(spec.issue_instant))),
        ],
    );
    writer.leaf(saml("Issuer"), &[], &spec.issuer);
    let place = writer.position();
    subject(&mut writer, spec, name_qualifier);
    conditions(&mut writer, spec);
    authn_statement(&mut writer, spec);
    attribute_statement(&mut writer, &spec.attributes);
    Written { xml: writer.finish(), place }
}

/// Core §2.4, with the one bearer confirmation of profiles §4.1.4.2.
fn subject(writer: &mut Writer, spec: &ResponseSpec, name_qualifier: Option<&str>) {
    writer.open(saml("Subject"), &[]);
    NameId {
        value: spec.name_id.clone(),
        format: Some(spec.name_id_format.clone()),
        name_qualifier: name_qualifier.map(str::to_owned),
        sp_name_qualifier: spec.sp_name_qualifier.clone(),
        sp_provided_id: None,
    }
    .write(writer);
    writer.open(saml("SubjectConfirmation"), &[("Method", Some(BEARER))]);
    writer.leaf(
        saml("SubjectConfirmationData"),
        &[
            ("InResponseTo", spec.in_response_to.as_deref()),
            ("NotOnOrAfter", Some(&instant(spec.not_on_or_after))),
            ("Recipient", Some(&spec.destination)),
        ],
        "",
    );
    writer.close();
    writer.close();
}

/// Core §2.5.
fn conditions(writer: &mut Writer, spec: &ResponseSpec) {
    let (from, until) = (instant(spec.not_before), instant(spec.not_on_or_after));
    writer.open(saml("Conditions"), &[("NotBefore", Some(&from)), ("NotOnOrAfter", Some(&until))]);
    writer.open(saml("AudienceRestriction"), &[]);
    writer.leaf(saml("Audience"), &[], &spec.audience);
    writer.close();
    writer.close();
}

/// Core §2.7.2.
fn authn_statement(writer: &mut Writer, spec: &ResponseSpec) {
    writer.open(
        saml("AuthnStatement"),
        &[
            ("AuthnInstant", Some(&instant(spec.authn_instant))),
            ("SessionIndex", Some(&spec.session_index)),
            ("SessionNotOnOrAfter", Some(&instant(spec.session_not_on_or_after))),
        ],
    );
    writer.open(saml("AuthnContext"), &[]);
    writer.leaf(saml("AuthnContextClassRef"), &[], &spec.authn_context);
    writer.close();
    writer.close();
}

/// Core §2.7.3. A statement must hold an attribute, so without values there is none. Values carry no `xsi:type`: its
/// prefix would stand in a value, where exclusive canonicalisation does not see it.
fn attribute_statement(writer: &mut Writer, attributes: &[Attribute]) {
    if attributes.iter().all(|attribute| attribute.values.is_empty()) {
        return;
    }
    writer.open(saml("AttributeStatement"), &[]);
    for attribute in attributes.iter().filter(|attribute| !attribute.values.is_empty()) {
        let names = [
            ("Name", Some(attribute.name.as_str())),
            ("NameFormat", attribute.name_format.as_deref()),
            ("FriendlyName", attribute.friendly_name.as_deref()),
        ];
        writer.open(saml("Attribute"), &names);
        for value in &attribute.values {
            writer.leaf(saml("AttributeValue"), &[], value);
        }
        writer.close();
    }
    writer.close();
}
