use model::MappingKind;

/// The address of the list.
pub const PATH: &str = "/admin/property-mappings";

/// The address of one property mapping.
pub fn mapping_path(name: &str) -> String {
    format!("{PATH}/{}", crate::list::segment(name))
}

/// A kind as a person reads it.
pub const fn word(kind: MappingKind) -> &'static str {
    match kind {
        MappingKind::Saml => "SAML attribute",
        MappingKind::ScimUser => "SCIM user",
        MappingKind::ScimGroup => "SCIM group",
    }
}
