//! The operations that AWS lists, and nothing beside them.

use super::refusal::Refusal;

/// An operation with the id in its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    CreateUser,
    GetUser(String),
    ListUsers,
    PutUser(String),
    PatchUser(String),
    DeleteUser(String),
    CreateGroup,
    GetGroup(String),
    ListGroups,
    PatchGroup(String),
    DeleteGroup(String),
    ServiceProviderConfig,
    ListResourceTypes,
    ListSchemas,
    GetSchema(String),
}

impl Operation {
    /// Reads method and the path below `/scim/v2/`.
    ///
    /// # Errors
    /// 400 for what SCIM has and AWS has not, 404 for what nobody has.
    pub(crate) fn parse(method: &str, path: &str) -> Result<Self, Refusal> {
        let parts: Vec<&str> = path.split('/').collect();
        let id = |id: &&str| (*id).to_owned();
        match (method, parts.as_slice()) {
            ("POST", ["Users"]) => Ok(Self::CreateUser),
            ("GET", ["Users"]) => Ok(Self::ListUsers),
            ("GET", ["Users", one]) => Ok(Self::GetUser(id(one))),
            ("PUT", ["Users", one]) => Ok(Self::PutUser(id(one))),
            ("PATCH", ["Users", one]) => Ok(Self::PatchUser(id(one))),
            ("DELETE", ["Users", one]) => Ok(Self::DeleteUser(id(one))),
            ("POST", ["Groups"]) => Ok(Self::CreateGroup),
            ("GET", ["Groups"]) => Ok(Self::ListGroups),
            ("GET", ["Groups", one]) => Ok(Self::GetGroup(id(one))),
            ("PATCH", ["Groups", one]) => Ok(Self::PatchGroup(id(one))),
            ("DELETE", ["Groups", one]) => Ok(Self::DeleteGroup(id(one))),
            ("GET", ["ServiceProviderConfig"]) => Ok(Self::ServiceProviderConfig),
            ("GET", ["ResourceTypes"]) => Ok(Self::ListResourceTypes),
            ("GET", ["Schemas"]) => Ok(Self::ListSchemas),
            ("GET", ["Schemas", one]) => Ok(Self::GetSchema(id(one))),
            (
                _,
                [
                    "Users"
                    | "Groups"
                    | "Me"
                    | "Bulk"
                    | ".search"
                    | "ServiceProviderConfig"
                    | "ResourceTypes"
                    | "Schemas",
                ]
                | ["Users" | "Groups", _]
                | ["ServiceProviderConfig" | "ResourceTypes" | "Schemas", _, ..],
            ) => Err(Refusal::violates()),
            _ => Err(Refusal::not_found("RESOURCE")),
        }
    }

    /// The name in AWS's reference.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::CreateUser => "CreateUser",
            Self::GetUser(_) => "GetUser",
            Self::ListUsers => "ListUsers",
            Self::PutUser(_) => "PutUser",
            Self::PatchUser(_) => "PatchUser",
            Self::DeleteUser(_) => "DeleteUser",
            Self::CreateGroup => "CreateGroup",
            Self::GetGroup(_) => "GetGroup",
            Self::ListGroups => "ListGroups",
            Self::PatchGroup(_) => "PatchGroup",
            Self::DeleteGroup(_) => "DeleteGroup",
            Self::ServiceProviderConfig => "ServiceProviderConfig",
            Self::ListResourceTypes => "ListResourceTypes",
            Self::ListSchemas => "ListSchemas",
            Self::GetSchema(_) => "GetSchema",
        }
    }

    /// Whether it has a body.
    pub(crate) fn has_body(&self) -> bool {
        matches!(
            self,
            Self::CreateUser | Self::PutUser(_) | Self::PatchUser(_) | Self::CreateGroup | Self::PatchGroup(_)
        )
    }

    /// Whether it changes something.
    pub(crate) fn is_write(&self) -> bool {
        self.has_body() || matches!(self, Self::DeleteUser(_) | Self::DeleteGroup(_))
    }

    /// Whether it lists, and so takes a query.
    pub(crate) fn lists(&self) -> bool {
        matches!(self, Self::ListUsers | Self::ListGroups)
    }
}
