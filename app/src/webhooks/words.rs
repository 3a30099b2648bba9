use crate::list::segment;

/// The address of the list.
pub const PATH: &str = "/admin/webhooks";

/// The address of one webhook.
pub fn webhook_path(name: &str) -> String {
    format!("{PATH}/{}", segment(name))
}
