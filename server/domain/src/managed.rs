use model::{MappingKind, PropertyMapping};

/// Renders users of providers that name no mapping of their own.
pub const SCIM_USER: &str = "rolecall default SCIM: user";
/// Renders groups of providers that name no mapping of their own.
pub const SCIM_GROUP: &str = "rolecall default SCIM: group";

/// AWS compares `userName` with the NameID of a sign-on, which is an email address there.
const USER: &str = r#"
words = user.name.split()
given = user.given_name or (words[0] if words else user.username)
family = user.family_name or (" ".join(words[1:]) if len(words) > 1 else given)
name = user.username
if provider.dialect == "aws" and user.email:
    name = user.email
enterprise = {}
for key in ["employeeNumber", "costCenter", "organization", "division", "department"]:
    value = user.attributes.get(key)
    if value:
        enterprise[key] = value
result = {
    "userName": name,
    "externalId": user.uid,
    "displayName": user.name or f"{given} {family}",
    "name": {"givenName": given, "familyName": family},
    "active": user.is_active,
}
if user.email:
    result["emails"] = [{"value": user.email, "type": "work", "primary": True}]
if user.attributes.get("title"):
    result["title"] = user.attributes.get("title")
if enterprise:
    result["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] = enterprise
return result
"#;

const GROUP: &str = r#"return {"displayName": group.name}"#;

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
    let scim = |name: &str, kind, expression: &str| PropertyMapping {
        name: name.to_owned(),
        kind,
        saml_name: None,
        friendly_name: None,
        name_format: None,
        expression: expression.trim_start().to_owned(),
        managed: true,
    };
    ROWS.into_iter()
        .map(|(name, saml_name, friendly_name, expression)| PropertyMapping {
            name: name.to_owned(),
            kind: MappingKind::Saml,
            saml_name: Some(saml_name.to_owned()),
            friendly_name: Some(friendly_name.to_owned()),
            name_format: None,
            expression: expression.to_owned(),
            managed: true,
        })
        .chain([scim(SCIM_GROUP, MappingKind::ScimGroup, GROUP), scim(SCIM_USER, MappingKind::ScimUser, USER)])
        .collect()
}
