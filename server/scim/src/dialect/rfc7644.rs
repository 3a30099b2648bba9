//! Any server that follows RFC 7643 and RFC 7644.

use crate::dialect::attribute::{Attribute, Charset, Form, Weight};
use crate::dialect::offered::Offered;
use crate::dialect::table::{
    Accepted, ChangeStyle, Dialect, Endpoints, MemberRemoval, MembersRead, ObjectRules, Paging, Unique, Unlisted,
};
use crate::id::Kind;
use crate::wire::{CORE_USER, ResourceType, ResourceTypes, Schemas, ServiceProviderConfig};
use std::borrow::Cow;

/// Wide enough for every real value, narrow enough that a mapping gone wrong does not send a book.
const LONGEST: usize = 65_536;

const fn free(attribute: Attribute) -> Attribute {
    attribute.limited(LONGEST, Charset::Any)
}

const USER: &[Attribute] = &[
    free(Attribute::text("userName").weighing(Weight::Required)),
    free(Attribute::text("externalId").weighing(Weight::Anchor)),
    free(Attribute::shaped("active", Form::Flag).weighing(Weight::Required)),
    free(Attribute::text("displayName")),
    free(Attribute::of_name("formatted")),
    free(Attribute::of_name("familyName")),
    free(Attribute::of_name("givenName")),
    free(Attribute::of_name("middleName")),
    free(Attribute::of_name("honorificPrefix")),
    free(Attribute::of_name("honorificSuffix")),
    free(Attribute::of_enterprise("employeeNumber")),
    free(Attribute::of_enterprise("costCenter")),
    free(Attribute::of_enterprise("organization")),
    free(Attribute::of_enterprise("division")),
    free(Attribute::of_enterprise("department")),
    // `displayName` of the manager is read-only (RFC 7643 §4.3).
    free(Attribute { form: Form::Object(&["value"]), ..Attribute::of_enterprise("manager") }),
];

const GROUP: &[Attribute] = &[
    free(Attribute::text("displayName").weighing(Weight::Required)),
    free(Attribute::text("externalId").weighing(Weight::Anchor)),
];

impl Dialect {
    /// A server that describes itself by `config`.
    #[must_use]
    pub fn rfc7644(config: &ServiceProviderConfig) -> Self {
        let page = config.max_results.unwrap_or(100).min(100);
        let schemas = config.schemas.as_ref();
        let exact = schemas.is_some_and(names_are_exact);
        let rules = |kind, attributes, unique, filterable: &'static [&'static str]| ObjectRules {
            attributes,
            unlisted: Unlisted::Keep,
            reserved: &[],
            forbidden: &[],
            unique,
            filterable: if config.filter { filterable } else { &[] },
            fill_names: false,
            case_sensitive: exact && kind == Kind::User,
            offered: schemas.and_then(|schemas| Offered::of(schemas, kind, config.resource_types.as_ref())),
            answers: None,
        };
        Self {
            name: "SCIM 2.0",
            // RFC 7643 §4.1.1 makes userName unique; of groups it says nothing, so two may share a name.
            users: rules(Kind::User, USER, &[Unique::Name], &["userName", "externalId"]),
            groups: rules(Kind::Group, GROUP, &[], &["displayName", "externalId"]),
            endpoints: endpoints(config.resource_types.as_ref()),
            change: if config.patch { ChangeStyle::PatchPerAttribute } else { ChangeStyle::Put },
            group_put: true,
            member_removal: MemberRemoval::ValuePath,
            // No server is known to refuse this many, and one operation a member keeps the body small enough.
            most_member_changes: 100,
            create_with_members: !config.patch,
            paging: if config.cursor { Paging::Cursor(page) } else { Paging::StartIndex(page) },
            members_read: MembersRead::InGroup,
            accepted: Accepted {
                create: &[201, 200],
                replace: &[200, 201, 204],
                change: &[200, 204],
                delete: &[204, 200, 202],
                read: &[200],
            },
            forbidden_is_token: false,
            writes_per_second: 10,
            reads_per_second: 20,
        }
    }
}

/// As the server lists them. One that has no such list, or says nothing usable of a type, has it where RFC 7644 §3.2 does.
fn endpoints(types: Option<&ResourceTypes>) -> Endpoints {
    let said = |one: Option<&ResourceType>| one.and_then(|one| one.endpoint.clone()).map(Cow::Owned);
    let usual = Endpoints::default();
    Endpoints {
        users: said(types.and_then(|types| types.users.as_ref())).unwrap_or(usual.users),
        groups: said(types.and_then(|types| types.groups.as_ref())).unwrap_or(usual.groups),
    }
}

/// Whether two names of users differ when only their case does, as few servers have it (RFC 7643 §4.1.1).
fn names_are_exact(schemas: &Schemas) -> bool {
    let mut attributes = schemas.of(CORE_USER).into_iter().flatten();
    attributes.any(|attribute| attribute.name.eq_ignore_ascii_case("userName") && attribute.case_exact)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const SCHEMAS: &str = r#"{"Resources":[
        {"id":"urn:ietf:params:scim:schemas:core:2.0:User","attributes":[
            {"name":"userName","required":true,"caseExact":true},{"name":"title","required":true},
            {"name":"name","subAttributes":[{"name":"givenName"}]},{"name":"badge","mutability":"readOnly"}]},
        {"id":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User","attributes":[{"name":"department"}]}]}"#;

    #[test]
    fn a_server_gets_what_its_schemas_list_and_nothing_that_it_only_shows() {
        let config = ServiceProviderConfig { schemas: Schemas::read(SCHEMAS.as_bytes()), ..Default::default() };
        let dialect = Dialect::rfc7644(&config);
        let enterprise = crate::wire::ENTERPRISE_USER;
        let user = json!({
            "userName": "ann", "externalId": "1", "title": "Captain", "name": {"givenName": "Ann", "familyName": "Dam"},
            "shoeSize": 43, "badge": "B", (enterprise): {"department": "Sea", "costCenter": "7"}, "urn:x:y": {"a": "b"},
        });
        let conformed = dialect.conform_user(user.as_object().unwrap());
        let kept = json!({
            "userName": "ann", "externalId": "1", "title": "Captain", "name": {"givenName": "Ann"}, "active": true,
            (enterprise): {"department": "Sea"},
        });
        assert_eq!(Value::Object(conformed.resource.clone()), kept);
        let mut dropped: Vec<&str> = conformed.dropped.iter().map(|note| note.path.as_str()).collect();
        dropped.sort_unstable();
        let cost_center = format!("{enterprise}:costCenter");
        assert_eq!(dropped, ["badge", "name.familyName", "shoeSize", cost_center.as_str(), "urn:x:y"]);
        assert_eq!(dialect.recognise(Kind::User, user.as_object().unwrap()).get("badge"), None);
        assert!(dialect.users.case_sensitive && !dialect.groups.case_sensitive);
        // What the server wants and the mapping does not give is told before it is refused there.
        let bare = json!({"userName": "ann"});
        let refused = dialect.conform_user(bare.as_object().unwrap()).refused;
        assert_eq!(refused.iter().map(|note| note.path.as_str()).collect::<Vec<_>>(), ["title"]);
    }

    #[test]
    fn a_server_has_users_where_it_says_and_takes_the_extensions_that_it_lists_for_them() {
        let types = r#"{"Resources":[
            {"schema":"urn:ietf:params:scim:schemas:core:2.0:User","endpoint":"/Accounts","schemaExtensions":[
                {"schema":"urn:x:y","required":true}]},
            {"schema":"urn:ietf:params:scim:schemas:core:2.0:Group","endpoint":"https://elsewhere.example/Groups"}]}"#;
        let config = ServiceProviderConfig {
            schemas: Schemas::read(
                SCHEMAS.replace("]}]}", "]},{\"id\":\"urn:x:y\",\"attributes\":[{\"name\":\"a\"}]}]}").as_bytes(),
            ),
            resource_types: ResourceTypes::read(types.as_bytes()),
            ..ServiceProviderConfig::default()
        };
        assert!(config.schemas.is_some() && config.resource_types.is_some());
        let dialect = Dialect::rfc7644(&config);
        // What leads elsewhere is not followed.
        assert_eq!((dialect.endpoint(Kind::User), dialect.endpoint(Kind::Group)), ("/Accounts", "/Groups"));
        let user = json!({"userName": "ann", "externalId": "1", "title": "Captain", (crate::wire::ENTERPRISE_USER): {"department": "Sea"}});
        let conformed = dialect.conform_user(user.as_object().unwrap());
        // There is such a schema, and users do not have it; another one they must have.
        assert!(!conformed.resource.contains_key(crate::wire::ENTERPRISE_USER));
        assert_eq!(conformed.refused.iter().map(|note| note.path.as_str()).collect::<Vec<_>>(), ["urn:x:y"]);
        let with = json!({"userName": "ann", "externalId": "1", "title": "Captain", "urn:x:y": {"a": "b"}});
        let conformed = dialect.conform_user(with.as_object().unwrap());
        assert_eq!((conformed.refused.len(), &conformed.resource["urn:x:y"]["a"]), (0, &json!("b")));
        // Without the list all extensions of the schemas may be there, and everything is at its usual place.
        let plain = Dialect::rfc7644(&ServiceProviderConfig { resource_types: None, ..config });
        assert_eq!(plain.endpoint(Kind::User), "/Users");
        assert!(plain.conform_user(user.as_object().unwrap()).resource.contains_key(crate::wire::ENTERPRISE_USER));
    }
}
