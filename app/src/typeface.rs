use leptos::prelude::*;

/// The file of the typeface that every page needs. The style sheet names it too.
pub const TYPEFACE: &str = "/fonts/inter-latin-3100e775.woff2";

/// Asks for the typeface at once; from the style sheet alone the browser would learn of it only when the page is laid out.
pub fn typeface() -> impl IntoView {
    // Typefaces are always fetched as if from elsewhere; without `crossorigin` this one would be fetched twice.
    view! { <link rel="preload" r#as="font" href=TYPEFACE type="font/woff2" crossorigin="anonymous" /> }
}
