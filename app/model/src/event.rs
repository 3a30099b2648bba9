use serde::{Deserialize, Serialize};

/// What happened. The names are stable: they are stored, filtered by and exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    BackedUp,
    Restored,
    Provisioned,
    ProvisioningFailed,
    ProvisioningHeld,
    ProvisioningApproved,
    ProvisioningStopped,
    ProvisioningResumed,
    /// The service has not answered for a while.
    ProvisioningOutage,
    TokenExpires,
    KeyConfirmed,
    KeyPromoted,
    KeyRetired,
    KeyExpires,
    /// A certificate of a service provider's, or its metadata.
    ServiceExpires,
    ResponseViewed,
    ResponseTested,
    MetadataFetched,
    DriftFound,
    /// People in scope whom IAM Identity Center would not find by their NameID.
    NamesDiffer,
    /// A test message was sent to a webhook. No webhook is told of it in any other way.
    WebhookTested,
}

impl EventKind {
    pub const ALL: [Self; 36] = [
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
        Self::BackedUp,
        Self::Restored,
        Self::Provisioned,
        Self::ProvisioningFailed,
        Self::ProvisioningHeld,
        Self::ProvisioningApproved,
        Self::ProvisioningStopped,
        Self::ProvisioningResumed,
        Self::ProvisioningOutage,
        Self::TokenExpires,
        Self::KeyConfirmed,
        Self::KeyPromoted,
        Self::KeyRetired,
        Self::KeyExpires,
        Self::ServiceExpires,
        Self::ResponseViewed,
        Self::ResponseTested,
        Self::MetadataFetched,
        Self::DriftFound,
        Self::NamesDiffer,
        Self::WebhookTested,
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
            Self::BackedUp => "backed_up",
            Self::Restored => "restored",
            Self::Provisioned => "provisioned",
            Self::ProvisioningFailed => "provisioning_failed",
            Self::ProvisioningHeld => "provisioning_held",
            Self::ProvisioningApproved => "provisioning_approved",
            Self::ProvisioningStopped => "provisioning_stopped",
            Self::ProvisioningResumed => "provisioning_resumed",
            Self::ProvisioningOutage => "provisioning_outage",
            Self::TokenExpires => "token_expires",
            Self::KeyConfirmed => "key_confirmed",
            Self::KeyPromoted => "key_promoted",
            Self::KeyRetired => "key_retired",
            Self::KeyExpires => "key_expires",
            Self::ServiceExpires => "service_expires",
            Self::ResponseViewed => "response_viewed",
            Self::ResponseTested => "response_tested",
            Self::MetadataFetched => "metadata_fetched",
            Self::DriftFound => "drift_found",
            Self::NamesDiffer => "names_differ",
            Self::WebhookTested => "webhook_tested",
        }
    }
}

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
