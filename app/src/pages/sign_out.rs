use leptos::prelude::*;

use super::document::document;

/// Asks before it signs out: a link that somebody else made must not.
pub fn sign_out(theme: &str) -> String {
    let body = view! {
        <main class="card">
            <h1>"Sign out"</h1>
            <p>"This ends your session here, and then goes to each service that you opened from here and that can be told."</p>
            <form method="post" action="/logout"><button type="submit" class="primary">"Sign out"</button></form>
            <form method="post" action="/logout/everywhere"><button type="submit">"Sign out everywhere"</button></form>
            <p class="help">"Everywhere: your sessions in other browsers end too, here and at each service that can be told."</p>
            <p><a href="/">"Go to your applications"</a></p>
        </main>
    };
    document("Sign out", theme, body.into_any())
}
