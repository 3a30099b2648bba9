use crate::list::segment;

/// The address of the list.
pub const PATH: &str = "/admin/policies";

/// The address of one policy.
pub fn policy_path(name: &str) -> String {
    format!("{PATH}/{}", segment(name))
}
