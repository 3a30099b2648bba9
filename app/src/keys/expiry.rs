use leptos::prelude::*;
use model::ExpiryWarning;

use crate::ui::{Badge, Tone};

/// A badge for a key whose end is near.
pub fn expiry_badge(warning: Option<ExpiryWarning>) -> Option<AnyView> {
    let warning = warning?;
    let tone = if warning >= ExpiryWarning::Within7Days { Tone::Bad } else { Tone::Caution };
    Some(view! { " " <Badge tone text=warning.words() /> }.into_any())
}
