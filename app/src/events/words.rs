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
    }
}

pub const fn tone(kind: EventKind) -> Tone {
    match kind {
        EventKind::SignInFailed | EventKind::AccessDenied | EventKind::RequestRefused => Tone::Caution,
        EventKind::SignOnRefused | EventKind::MappingFailed => Tone::Bad,
        EventKind::SignIn | EventKind::ResponseIssued => Tone::Good,
        _ => Tone::Quiet,
    }
}
