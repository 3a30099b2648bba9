use leptos::prelude::*;

use super::document::document;

/// The sign-in form.
#[derive(Debug, Clone, Default)]
pub struct SignInPage {
    /// An absolute path that holds what is being continued.
    pub action: String,
    pub error: Option<String>,
    pub username: String,
    pub theme: String,
}

/// Works without JavaScript, and for programs that fill in the first form of a page.
pub fn sign_in(page: SignInPage) -> String {
    let SignInPage { action, error, username, theme } = page;
    let invalid = error.is_some().then_some("true");
    let error = error.map(|text| view! { <p id="error" class="error" role="alert">{text}</p> });
    let body = view! {
        <main class="card">
            <h1>"Sign in"</h1>
            {error}
            <form id="loginForm" method="post" action=action>
                <label for="username">"User name"</label>
                <input id="username" name="username" value=username autocomplete="username" autocapitalize="none" spellcheck="false" required aria-invalid=invalid aria-describedby=invalid.map(|_| "error") />
                <label for="password">"Password"</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required aria-invalid=invalid aria-describedby=invalid.map(|_| "error") />
                <button type="submit" class="primary">"Sign in"</button>
            </form>
        </main>
    };
    document("Sign in", &theme, body.into_any())
}

#[cfg(test)]
mod tests {
    use super::{SignInPage, sign_in};

    #[test]
    fn what_was_typed_comes_back_escaped() {
        let hostile = "\"><script>alert(1)</script>";
        let html = sign_in(SignInPage {
            action: format!("/login?next={hostile}"),
            error: Some(hostile.into()),
            username: hostile.into(),
            theme: "dark".into(),
        });
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("<form id=\"loginForm\" method=\"post\" action=\"/login"), "{html}");
    }
}
