//! The table that a dialect is.

use crate::dialect::answers::Answers;
use crate::dialect::attribute::Attribute;
use crate::dialect::offered::Offered;
use crate::id::Kind;
use crate::wire::{Method, Resource, text};
use serde_json::Value;
use std::borrow::Cow;

/// Everything about a remote service that decides what is sent to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The name of the dialect, for people.
    pub name: &'static str,
    /// The rules of users.
    pub users: ObjectRules,
    /// The rules of groups.
    pub groups: ObjectRules,
    /// Where users and groups are.
    pub endpoints: Endpoints,
    /// How an object that exists is changed.
    pub change: ChangeStyle,
    /// `PUT /Groups/{id}` works.
    pub group_put: bool,
    /// How members are taken out of a group by PATCH.
    pub member_removal: MemberRemoval,
    /// The most additions and removals in one request, counted together.
    pub most_member_changes: usize,
    /// A group is created with its first members instead of empty.
    pub create_with_members: bool,
    /// How lists are paged.
    pub paging: Paging,
    /// How the members of a group are read.
    pub members_read: MembersRead,
    /// The statuses that mean success.
    pub accepted: Accepted,
    /// 403 means that the token is not accepted; otherwise that one object must not be changed.
    pub forbidden_is_token: bool,
    /// The writes that the service takes in a second.
    pub writes_per_second: u32,
    /// The reads that the service takes in a second.
    pub reads_per_second: u32,
}

/// Where the resource types are, below the base address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// Users.
    pub users: Cow<'static, str>,
    /// Groups.
    pub groups: Cow<'static, str>,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self { users: Cow::Borrowed(Kind::User.endpoint()), groups: Cow::Borrowed(Kind::Group.endpoint()) }
    }
}

/// The rules of one resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectRules {
    /// The known attributes.
    pub attributes: &'static [Attribute],
    /// What happens to others.
    pub unlisted: Unlisted,
    /// Names that no object may have, in any case.
    pub reserved: &'static [&'static str],
    /// Characters that no text may hold, unless its attribute is exempt.
    pub forbidden: &'static [char],
    /// Values that no two objects of the store may share.
    pub unique: &'static [Unique],
    /// Attributes that a filter may ask for with `eq`. Empty: the service has no filters.
    pub filterable: &'static [&'static str],
    /// `active`, `displayName` and the parts of `name` are filled when they are missing.
    pub fill_names: bool,
    /// Unique values differ when only their case does.
    pub case_sensitive: bool,
    /// What the server says that it takes; `None`: it is not known, or known better.
    pub offered: Option<Offered>,
    /// What the service says of what it refuses; `None`: each server has words of its own.
    pub answers: Option<&'static Answers>,
}

/// A value that is unique in the remote store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unique {
    /// `userName` or `displayName`.
    Name,
    /// `externalId`.
    ExternalId,
    /// The value of the primary e-mail address.
    Email,
}

/// What happens to an attribute that the table does not list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unlisted {
    /// It is left out and noted.
    Drop,
    /// It is sent.
    Keep,
}

/// How an object that exists is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeStyle {
    /// PATCH, one attribute an operation, each with a path.
    PatchPerAttribute,
    /// PUT of the whole resource.
    Put,
}

/// How members are taken out of a group by PATCH.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberRemoval {
    /// One operation with the path `members` and a list of values: what AWS documents. Servers that follow
    /// RFC 7644 §3.5.2.2 to the letter empty the whole group on it.
    ValueList,
    /// One operation a member, with the path `members[value eq "…"]` (RFC 7644 §3.5.2.2).
    ValuePath,
}

/// How lists are paged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// An opaque cursor (RFC 9865), and the most resources on a page.
    Cursor(u32),
    /// A 1-based index (RFC 7644 §3.4.2.4), and the most resources on a page.
    StartIndex(u32),
}

/// How the members of a group are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembersRead {
    /// They are in the group (RFC 7643 §4.2).
    InGroup,
    /// The group always looks empty; users are listed by `groups.value eq "…"`.
    UsersByGroup,
}

/// The statuses that mean success, for each method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Of POST.
    pub create: &'static [u16],
    /// Of PUT.
    pub replace: &'static [u16],
    /// Of PATCH.
    pub change: &'static [u16],
    /// Of DELETE.
    pub delete: &'static [u16],
    /// Of GET.
    pub read: &'static [u16],
}

impl Dialect {
    /// The rules of a resource type.
    #[must_use]
    pub fn rules(&self, kind: Kind) -> &ObjectRules {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    /// Where a resource type is.
    #[must_use]
    pub fn endpoint(&self, kind: Kind) -> &str {
        match kind {
            Kind::User => &self.endpoints.users,
            Kind::Group => &self.endpoints.groups,
        }
    }

    /// Whether `status` means that a request with `method` did its work.
    #[must_use]
    pub fn accepts(&self, method: Method, status: u16) -> bool {
        let accepted = match method {
            Method::Get => self.accepted.read,
            Method::Post => self.accepted.create,
            Method::Put => self.accepted.replace,
            Method::Patch => self.accepted.change,
            Method::Delete => self.accepted.delete,
        };
        accepted.contains(&status)
    }
}

impl ObjectRules {
    /// The row of an attribute. Names of attributes are case-insensitive (RFC 7643 §2.1).
    #[must_use]
    pub fn attribute(&self, under: Option<&str>, name: &str) -> Option<&'static Attribute> {
        let same = |a: &&Attribute| match (a.under, under) {
            (None, None) => a.name.eq_ignore_ascii_case(name),
            (Some(a_under), Some(under)) => a.name.eq_ignore_ascii_case(name) && a_under.eq_ignore_ascii_case(under),
            _ => false,
        };
        self.attributes.iter().find(same)
    }

    /// The proper spelling of a container (`name` or an extension) that the table knows.
    #[must_use]
    pub fn container(&self, key: &str) -> Option<&'static str> {
        self.attributes.iter().filter_map(|a| a.under).find(|under| under.eq_ignore_ascii_case(key))
    }

    /// Whether a PATCH may change the attribute; one that the table does not list may be changed.
    #[must_use]
    pub fn patchable(&self, under: Option<&str>, name: &str) -> bool {
        self.attribute(under, name).is_none_or(|a| a.patchable)
    }

    /// A unique value of a resource, folded for comparison.
    #[must_use]
    pub fn unique_value(&self, kind: Kind, unique: Unique, resource: &Resource) -> Option<String> {
        let value = match unique {
            Unique::Name => text(resource, kind.name_attribute()),
            Unique::ExternalId => text(resource, "externalId"),
            Unique::Email => primary_email(resource),
        }?;
        Some(self.fold(unique, value))
    }

    /// A unique value, folded for comparison. An identifier is compared as it is: nothing says that its case is ignored.
    #[must_use]
    pub fn fold(&self, unique: Unique, value: &str) -> String {
        if self.case_sensitive || unique == Unique::ExternalId { value.to_owned() } else { value.to_lowercase() }
    }
}

/// The value of the primary e-mail address, or of the first one.
fn primary_email(resource: &Resource) -> Option<&str> {
    let emails = resource.get("emails")?.as_array()?;
    let primary = emails.iter().find(|email| email.get("primary") == Some(&Value::Bool(true)));
    primary.or_else(|| emails.first())?.get("value")?.as_str()
}
