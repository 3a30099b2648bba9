//! Any server that follows RFC 7643 and RFC 7644.

use crate::dialect::attribute::{Attribute, Charset, Form, Weight};
use crate::dialect::table::{
    Accepted, ChangeStyle, Dialect, MemberRemoval, MembersRead, ObjectRules, Paging, Unique, Unlisted,
};
use crate::wire::ServiceProviderConfig;

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
        let rules = |attributes, unique, filterable: &'static [&'static str]| ObjectRules {
            attributes,
            unlisted: Unlisted::Keep,
            reserved: &[],
            forbidden: &[],
            unique,
            filterable: if config.filter { filterable } else { &[] },
            fill_names: false,
            case_sensitive: false,
        };
        Self {
            name: "SCIM 2.0",
            // RFC 7643 §4.1.1 makes userName unique; of groups it says nothing, so two may share a name.
            users: rules(USER, &[Unique::Name], &["userName", "externalId"]),
            groups: rules(GROUP, &[], &["displayName", "externalId"]),
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
