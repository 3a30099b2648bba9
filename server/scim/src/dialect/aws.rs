//! IAM Identity Center, as its developer guide documents it and as clients met it.

use crate::dialect::answers::Answers;
use crate::dialect::attribute::{Attribute, Charset, Form, Weight};
use crate::dialect::table::{
    Accepted, ChangeStyle, Dialect, Endpoints, MemberRemoval, MembersRead, ObjectRules, Paging, Unique, Unlisted,
};

/// `display` is missing on purpose: AWS refuses it inside every list.
const VALUED: &[&str] = &["value", "type", "primary"];
const POSTAL: &[&str] =
    &["formatted", "streetAddress", "locality", "region", "postalCode", "country", "type", "primary"];

/// What an address must have together, as AWS prints it in its guide for a single identity provider.
const WHOLE: &[&str] = &["streetAddress", "locality", "region", "postalCode", "country"];

/// AWS takes one element of a list, never two.
const fn one(parts: &'static [&'static str], primary: bool) -> Form {
    Form::List { parts, most: 1, primary }
}

const USER: &[Attribute] = &[
    Attribute::text("userName").weighing(Weight::Required).limited(128, Charset::Solid),
    Attribute::text("externalId").weighing(Weight::Anchor).limited(256, Charset::Solid),
    Attribute::shaped("active", Form::Flag).weighing(Weight::Required),
    Attribute::text("displayName").weighing(Weight::Required),
    Attribute::of_name("formatted"),
    Attribute::of_name("familyName").weighing(Weight::Required),
    Attribute::of_name("givenName").weighing(Weight::Required),
    Attribute::of_name("middleName"),
    Attribute::of_name("honorificPrefix"),
    Attribute::of_name("honorificSuffix"),
    Attribute::text("nickName"),
    // The answers of AWS leave it out, so its absence says nothing.
    Attribute { exempt: true, readable: false, ..Attribute::text("profileUrl") },
    Attribute::text("title"),
    Attribute::text("userType"),
    Attribute::text("preferredLanguage"),
    Attribute::text("locale"),
    Attribute::text("timezone"),
    Attribute::shaped("emails", one(VALUED, true)),
    Attribute::shaped("phoneNumbers", one(VALUED, false)),
    Attribute { together: WHOLE, ..Attribute::shaped("addresses", one(POSTAL, false)) },
    // The documentation of PATCH does not list it.
    Attribute { patchable: false, ..Attribute::shaped("roles", one(VALUED, false)) },
    Attribute::of_enterprise("employeeNumber"),
    Attribute::of_enterprise("costCenter"),
    Attribute::of_enterprise("organization"),
    Attribute::of_enterprise("division"),
    Attribute::of_enterprise("department"),
    // `$ref` is accepted and never given back; it repeats the value, so it is not sent.
    Attribute { form: Form::Object(&["value"]), ..Attribute::of_enterprise("manager") },
];

const GROUP: &[Attribute] = &[
    Attribute::text("displayName").weighing(Weight::Required),
    Attribute::text("externalId").weighing(Weight::Anchor).limited(256, Charset::Solid),
];

/// Names that belong to AWS itself.
const RESERVED: &[&str] = &["Administrator", "AWSAdministrators"];
/// "Must not be used in attributes that are synchronized with SCIM."
const FORBIDDEN: &[char] = &['<', '>', ';', ':', '%'];

/// As clients met them, and as AWS's documentation prints them among the messages of CloudTrail.
const ANSWERS: Answers = Answers {
    invalid: 400,
    violates: "Request is unparsable, syntactically incorrect, or violates schema.",
    constraints: "{count} validation errors detected: {violations}",
    violation: "Value at '{path}' failed to satisfy constraint: Member must {rule}",
    absent: "not be null",
    longest: "have length less than or equal to {most}",
    pattern: "satisfy regular expression pattern: {pattern}",
    solid: r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+",
    prose: r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+",
    crowded: "List attribute {path} exceeds allowed limit of {most}",
    // AWS prints this one without the verb.
    crowded_otherwise: &[("addresses", "List attribute {path} allowed limit of {most}")],
    conflict: 409,
    taken: "Refused to create a new, duplicate resource.",
};

impl Dialect {
    /// IAM Identity Center.
    #[must_use]
    pub fn aws() -> Self {
        Self {
            name: "AWS IAM Identity Center",
            users: ObjectRules {
                attributes: USER,
                unlisted: Unlisted::Drop,
                reserved: RESERVED,
                forbidden: FORBIDDEN,
                unique: &[Unique::Name, Unique::ExternalId, Unique::Email],
                filterable: &["userName", "externalId"],
                fill_names: true,
                case_sensitive: false,
                offered: None,
                answers: Some(&ANSWERS),
            },
            groups: ObjectRules {
                attributes: GROUP,
                unlisted: Unlisted::Drop,
                reserved: RESERVED,
                forbidden: FORBIDDEN,
                unique: &[Unique::Name, Unique::ExternalId],
                filterable: &["displayName", "externalId"],
                fill_names: false,
                case_sensitive: false,
                offered: None,
                answers: Some(&ANSWERS),
            },
            endpoints: Endpoints::default(),
            change: ChangeStyle::PatchPerAttribute,
            group_put: false,
            member_removal: MemberRemoval::ValueList,
            most_member_changes: 100,
            create_with_members: false,
            paging: Paging::Cursor(100),
            members_read: MembersRead::UsersByGroup,
            accepted: Accepted {
                create: &[201, 200],
                // The sample of PUT answers 201.
                replace: &[200, 201, 204],
                change: &[200, 204],
                delete: &[204, 200],
                read: &[200],
            },
            forbidden_is_token: true,
            writes_per_second: 25,
            reads_per_second: 40,
        }
    }
}
