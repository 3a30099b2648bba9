use model::{MappingKind, PropertyMapping};

/// The property mappings that Rolecall ships. They live in the code, so an upgrade mends them; they are copied, not edited.
pub fn mappings() -> Vec<PropertyMapping> {
    const ROWS: [(&str, &str, &str, &str); 5] = [
        (
            "rolecall default SAML: AWS RoleSessionName",
            "https://aws.amazon.com/SAML/Attributes/RoleSessionName",
            "RoleSessionName",
            "return regex_replace(user.username, \"[^a-zA-Z_0-9+=,.@-]\", \"-\")[:64]",
        ),
        (
            "rolecall default SAML: email",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            "email",
            "return user.email or None",
        ),
        (
            "rolecall default SAML: groups",
            "http://schemas.xmlsoap.org/claims/Group",
            "groups",
            "return [group.name for group in user.groups]",
        ),
        (
            "rolecall default SAML: name",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
            "name",
            "return user.name or None",
        ),
        ("rolecall default SAML: username", "urn:oid:0.9.2342.19200300100.1.1", "uid", "return user.username"),
    ];
    ROWS.into_iter()
        .map(|(name, saml_name, friendly_name, expression)| PropertyMapping {
            name: name.to_owned(),
            kind: MappingKind::Saml,
            saml_name: Some(saml_name.to_owned()),
            friendly_name: Some(friendly_name.to_owned()),
            expression: expression.to_owned(),
            managed: true,
        })
        .collect()
}
