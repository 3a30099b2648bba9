use model::EventKind;

use crate::ui::Tone;

/// A kind as a person reads it.
pub const fn word(kind: EventKind) -> &'static str {
    match kind {
        EventKind::SignIn => "signed in",
        EventKind::SignInFailed => "sign-in failed",
        EventKind::SignOut => "signed out",
        EventKind::SessionRevoked => "session ended",
        EventKind::FirstAdministrator => "set up",
        EventKind::ResponseIssued => "response issued",
        EventKind::AccessDenied => "access denied",
        EventKind::SignOnRefused => "sign-on withheld",
        EventKind::RequestRefused => "request refused",
        EventKind::MappingFailed => "mapping failed",
        EventKind::Created => "created",
        EventKind::Updated => "changed",
        EventKind::Deleted => "deleted",
        EventKind::Applied => "file applied",
        EventKind::Previewed => "previewed",
        EventKind::BackedUp => "backup taken",
        EventKind::Restored => "backup restored",
        EventKind::Provisioned => "provisioned",
        EventKind::ProvisioningFailed => "provisioning failed",
        EventKind::ProvisioningHeld => "provisioning waits",
        EventKind::ProvisioningApproved => "provisioning approved",
        EventKind::ProvisioningStopped => "provisioning stopped",
        EventKind::ProvisioningResumed => "provisioning resumed",
        EventKind::ProvisioningOutage => "service does not answer",
        EventKind::TokenExpires => "token expires",
        EventKind::KeyConfirmed => "key confirmed",
        EventKind::KeyPromoted => "key promoted",
        EventKind::KeyRetired => "key retired",
        EventKind::KeyExpires => "key expires",
        EventKind::ServiceExpires => "service's certificate expires",
        EventKind::ResponseViewed => "response looked at",
        EventKind::ResponseTested => "response tested",
        EventKind::MetadataFetched => "metadata read",
        EventKind::DriftFound => "drift found",
        EventKind::NamesDiffer => "names differ",
        EventKind::WebhookTested => "webhook tested",
    }
}

pub const fn tone(kind: EventKind) -> Tone {
    match kind {
        EventKind::SignInFailed
        | EventKind::AccessDenied
        | EventKind::RequestRefused
        | EventKind::ProvisioningHeld
        | EventKind::TokenExpires
        | EventKind::KeyExpires
        | EventKind::ServiceExpires
        | EventKind::DriftFound
        | EventKind::NamesDiffer => Tone::Caution,
        EventKind::SignOnRefused
        | EventKind::MappingFailed
        | EventKind::ProvisioningFailed
        | EventKind::ProvisioningOutage
        | EventKind::ProvisioningStopped => Tone::Bad,
        EventKind::SignIn | EventKind::ResponseIssued | EventKind::Provisioned | EventKind::ProvisioningResumed => {
            Tone::Good
        }
        _ => Tone::Quiet,
    }
}
