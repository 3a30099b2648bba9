use model::ScimStatus;

use crate::ui::Tone;

/// The address of the list.
pub const PATH: &str = "/admin/scim-providers";

/// The address of one SCIM provider.
pub fn scim_path(name: &str) -> String {
    format!("{PATH}/{}", crate::list::segment(name))
}

/// A status as a person reads it.
pub const fn word(status: ScimStatus) -> (Tone, &'static str) {
    match status {
        ScimStatus::New => (Tone::Quiet, "new"),
        ScimStatus::Disabled => (Tone::Quiet, "switched off"),
        ScimStatus::NotConnected => (Tone::Caution, "not connected"),
        ScimStatus::Synced => (Tone::Good, "synchronised"),
        ScimStatus::Running => (Tone::Quiet, "running"),
        ScimStatus::WaitsForApproval => (Tone::Caution, "waits for approval"),
        ScimStatus::Failing => (Tone::Bad, "failing"),
        ScimStatus::Stopped => (Tone::Bad, "stopped"),
        ScimStatus::WaitsForAdoption => (Tone::Caution, "waits for adoption"),
        ScimStatus::Cancelled => (Tone::Caution, "cancelled"),
    }
}
