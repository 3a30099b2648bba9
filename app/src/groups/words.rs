use crate::list::segment;

/// The address of the list.
pub const PATH: &str = "/admin/groups";

/// The address of one group.
pub fn group_path(name: &str) -> String {
    format!("{PATH}/{}", segment(name))
}
