use leptos::prelude::*;
use model::FieldError;

use super::document::document;

/// The form for the first administrator.
#[derive(Debug, Clone, Default)]
pub struct SetUpPage {
    pub action: String,
    pub errors: Vec<FieldError>,
    pub username: String,
    pub name: String,
    pub email: String,
    pub theme: String,
}

/// Keeps what was typed, except passwords.
pub fn set_up(page: SetUpPage) -> String {
    let SetUpPage { action, errors, username, name, email, theme } = page;
    let rows = [
        ("username", "User name", "text", "username", username, "Without spaces; this is what you sign in with."),
        ("name", "Name", "text", "name", name, "As people know you."),
        ("email", "Email", "email", "email", email, ""),
        ("password", "Password", "password", "new-password", String::new(), "At least 12 characters."),
        ("password_again", "Password again", "password", "new-password", String::new(), ""),
    ];
    let summary = (!errors.is_empty()).then(|| {
        let lines = errors
            .iter()
            .map(|e| view! { <li><a href=format!("#{}", e.field)>{e.message.clone()}</a></li> })
            .collect_view();
        view! { <div class="error" role="alert"><p>"Nothing was saved yet:"</p><ul>{lines}</ul></div> }
    });
    let rows = rows.map(|(id, label, kind, complete, value, help)| {
        let fault = errors.iter().find(|e| e.field == id).map(|e| e.message.clone());
        let invalid = fault.is_some().then_some("true");
        view! {
            <label for=id>{label}</label>
            <input id=id name=id type=kind autocomplete=complete value=value aria-invalid=invalid aria-describedby=format!("{id}-help") required=id != "email" && id != "name" />
            <p id=format!("{id}-help") class="help">{fault.unwrap_or_else(|| help.to_owned())}</p>
        }
    });
    let body = view! {
        <main class="card">
            <h1>"Set up Rolecall"</h1>
            <p>"You become the first administrator. This link works once."</p>
            {summary}
            <form method="post" action=action>
                {rows.collect_view()}
                <button type="submit" class="primary">"Create the administrator"</button>
            </form>
        </main>
    };
    document("Set up", &theme, body.into_any())
}
