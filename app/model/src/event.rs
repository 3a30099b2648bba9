use serde::{Deserialize, Serialize};

/// What happened. The names are stable: they are stored, filtered by and exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    SignIn,
    SignInFailed,
    SignOut,
    SessionRevoked,
    FirstAdministrator,
    ResponseIssued,
    AccessDenied,
    SignOnRefused,
    RequestRefused,
    MappingFailed,
    Created,
    Updated,
    Deleted,
    Applied,
    Previewed,
    Provisioned,
    ProvisioningFailed,
    ProvisioningHeld,
    ProvisioningApproved,
    ProvisioningStopped,
    ProvisioningResumed,
    TokenExpires,
    DriftFound,
}

impl EventKind {
    pub const ALL: [Self; 23] = [
        Self::SignIn,
        Self::SignInFailed,
        Self::SignOut,
        Self::SessionRevoked,
        Self::FirstAdministrator,
        Self::ResponseIssued,
        Self::AccessDenied,
        Self::SignOnRefused,
        Self::RequestRefused,
        Self::MappingFailed,
        Self::Created,
        Self::Updated,
        Self::Deleted,
        Self::Applied,
        Self::Previewed,
        Self::Provisioned,
        Self::ProvisioningFailed,
        Self::ProvisioningHeld,
        Self::ProvisioningApproved,
        Self::ProvisioningStopped,
        Self::ProvisioningResumed,
        Self::TokenExpires,
        Self::DriftFound,
    ];

    /// The stored name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignInFailed => "sign_in_failed",
            Self::SignOut => "sign_out",
            Self::SessionRevoked => "session_revoked",
            Self::FirstAdministrator => "first_administrator",
            Self::ResponseIssued => "response_issued",
            Self::AccessDenied => "access_denied",
            Self::SignOnRefused => "sign_on_refused",
            Self::RequestRefused => "request_refused",
            Self::MappingFailed => "mapping_failed",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
            Self::Applied => "applied",
            Self::Previewed => "previewed",
            Self::Provisioned => "provisioned",
            Self::ProvisioningFailed => "provisioning_failed",
            Self::ProvisioningHeld => "provisioning_held",
            Self::ProvisioningApproved => "provisioning_approved",
            Self::ProvisioningStopped => "provisioning_stopped",
            Self::ProvisioningResumed => "provisioning_resumed",
            Self::TokenExpires => "token_expires",
            Self::DriftFound => "drift_found",
        }
    }
}

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Sorts by time.
    pub id: String,
    /// RFC 3339, UTC.
    pub at: String,
    pub kind: EventKind,
    /// Username of who did it; empty where nobody was signed in.
    pub actor: String,
    /// What it is about: `application aws`, `user ada`.
    pub target: String,
    /// Client address.
    pub address: String,
    /// One sentence for a reader.
    pub message: String,
    /// `before` and `after` of a change, or facts of a sign-on. Never a secret.
    pub detail: serde_json::Value,
}
