use model::MappingKind;

/// The names that an expression has, as they are typed.
pub const NAMES: &str = "user user.username user.name user.given_name user.family_name user.email user.uid user.is_active user.attributes user.groups user.group_attributes() user.is_member( group group.name group.attributes provider provider.name provider.acs_url provider.audience provider.issuer provider.url provider.dialect application application.name application.slug request request.client_ip request.is_idp_initiated regex_match( regex_replace( slugify( SkipObject";

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
