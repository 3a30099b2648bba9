/// The address of the list.
pub const PATH: &str = "/admin/applications";

/// Where one is made. No slug can be in the way: a slug is one segment.
#[cfg(feature = "ssr")]
pub const NEW: &str = "/admin/applications/-/new";

/// The address of one application. A slug needs no escaping.
pub fn application_path(slug: &str) -> String {
    format!("{PATH}/{slug}")
}
