use leptos::prelude::*;

/// The shapes there are; each on a grid of 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Check,
    Warning,
    Cross,
    Search,
    Copy,
}

impl Shape {
    const fn path(self) -> &'static str {
        match self {
            Self::Check => "M3 8.500 6.500 12 13 4.500",
            Self::Warning => "M8 2 15 14H1ZM8 6.500v3.500M8 11.700v.600",
            Self::Cross => "M4 4 12 12M12 4 4 12",
            Self::Search => "M7 2.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9ZM10.500 10.500 14 14",
            Self::Copy => "M5.500 5.500h8v8h-8zM2.500 10.500v-8h8",
        }
    }
}

/// A drawing beside a word that says the same; hidden from screen readers.
#[component]
pub fn Icon(shape: Shape) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=shape.path() fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" />
        </svg>
    }
}
