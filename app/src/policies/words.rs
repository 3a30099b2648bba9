use crate::list::segment;

/// The names that an expression has, as they are typed.
pub const NAMES: &str = "user user.username user.name user.given_name user.family_name user.email user.uid user.is_active user.attributes user.groups user.group_attributes() user.is_member( provider provider.name provider.acs_url provider.audience provider.issuer application application.name application.slug request request.client_ip request.is_idp_initiated regex_match( regex_replace( slugify(";

/// The address of the list.
pub const PATH: &str = "/admin/policies";

/// The address of one policy.
pub fn policy_path(name: &str) -> String {
    format!("{PATH}/{}", segment(name))
}
