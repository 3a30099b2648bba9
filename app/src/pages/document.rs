use leptos::prelude::*;
use model::{Role, SignedIn};

/// What every page of a signed-in person has around it.
#[derive(Debug, Clone)]
pub struct Frame {
    pub who: SignedIn,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// The page's own path, to come back to after choosing a theme.
    pub path: String,
}

/// A whole document around `body`.
pub(super) fn document(title: &str, theme: &str, body: AnyView) -> String {
    let title = format!("{title} · Rolecall");
    let theme = theme.to_owned();
    let html = view! {
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href="/pkg/rolecall.css" />
            </head>
            <body>{body}</body>
        </html>
    };
    format!("<!DOCTYPE html>{}", html.to_html())
}

/// A document for somebody who is signed in: skip link, navigation, theme, sign-out.
pub(super) fn framed(title: &str, frame: &Frame, body: AnyView) -> String {
    let console = (frame.who.role >= Role::Auditor).then(|| {
        view! {
            <a href="/admin/applications">"Applications"</a>
            <a href="/admin/users">"Users"</a>
            <a href="/admin/events">"Events"</a>
        }
    });
    let path = frame.path.clone();
    let themes = ["system", "light", "dark"].map(|theme| {
        let pressed = if theme == frame.theme { "true" } else { "false" };
        view! { <button name="theme" value=theme aria-pressed=pressed>{theme}</button> }
    });
    let name = if frame.who.name.is_empty() { frame.who.username.clone() } else { frame.who.name.clone() };
    let heading = title.to_owned();
    let body = view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <header class="bar">
            <nav aria-label="Main"><a class="brand" href="/">"Rolecall"</a>{console}</nav>
            <div class="who">
                <span>{name}</span>
                <form method="post" action="/theme" class="themes" aria-label="Theme">
                    <input type="hidden" name="next" value=path />
                    {themes.collect_view()}
                </form>
                <form method="post" action="/logout"><button>"Sign out"</button></form>
            </div>
        </header>
        <main id="main"><h1>{heading}</h1>{body}</main>
    };
    document(title, &frame.theme, body.into_any())
}
