use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, provide_meta_context};

use crate::{Taste, pages::unfinished_notice, root::App, typeface::typeface};

/// The document around [`App`].
pub fn shell(taste: Taste) -> impl IntoView {
    provide_meta_context();
    let theme = taste.theme.clone();
    let unfinished = taste.unfinished;
    provide_context(taste);
    let start = "import('/pkg/rolecall.js').then(m => m.default({module_or_path: '/pkg/rolecall_bg.wasm'}).then(() => m.hydrate()))";
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="stylesheet" href="/pkg/rolecall.css" />
                {typeface()}
                <link rel="modulepreload" href="/pkg/rolecall.js" />
                <script type="module" nonce=use_nonce()>{start}</script>
                <MetaTags />
            </head>
            <body>
                <App />
                // Behind all that the browser takes over, so that it costs it nothing.
                {unfinished.then(|| view! { <aside class="unfinished" aria-label="Signing out">{unfinished_notice()}</aside> })}
            </body>
        </html>
    }
}
