use leptos::prelude::*;

use crate::typeface::typeface;

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
                {typeface()}
            </head>
            <body>{body}</body>
        </html>
    };
    format!("<!DOCTYPE html>{}", html.to_html())
}
