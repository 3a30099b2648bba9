use leptos::prelude::*;

use super::{Icon, Shape};

/// What a badge says beside its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Quiet,
    Good,
    Caution,
    Bad,
}

/// A state in a word, with an icon: never colour alone.
#[component]
pub fn Badge(tone: Tone, #[prop(into)] text: String) -> impl IntoView {
    let (class, shape) = match tone {
        Tone::Quiet => ("badge", None),
        Tone::Good => ("badge good", Some(Shape::Check)),
        Tone::Caution => ("badge caution", Some(Shape::Warning)),
        Tone::Bad => ("badge bad", Some(Shape::Cross)),
    };
    view! { <span class=class>{shape.map(|shape| view! { <Icon shape /> })}{text}</span> }
}
