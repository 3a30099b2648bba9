use leptos::prelude::*;

use super::document::document;

/// The sign-in form.
#[derive(Debug, Clone, Default)]
pub struct SignInPage {
    /// An absolute path that holds what is being continued.
    pub action: String,
    pub error: Option<String>,
    pub username: String,
    /// This browser has a logout that did not come to its end.
    pub unfinished: bool,
    pub theme: String,
}

/// Works without JavaScript, and for programs that fill in the first form of a page.
pub fn sign_in(page: SignInPage) -> String {
    let SignInPage { action, error, username, unfinished, theme } = page;
    let invalid = error.is_some().then_some("true");
    let error = error.map(|text| view! { <p id="error" class="error" role="alert">{text}</p> });
    let body = view! {
        <main class="card">
            <h1>"Sign in"</h1>
            {error}
            {unfinished.then(unfinished_notice)}
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

/// The way to a logout that did not come to its end.
pub(crate) fn unfinished_notice() -> impl IntoView {
    view! {
        <p class="notice">"Your last sign-out did not come to its end. "<a href="/logout" rel="external">"Go on with signing out"</a></p>
    }
}

#[cfg(test)]
mod tests {
    use super::{SignInPage, sign_in};

    #[test]
    fn an_unfinished_logout_is_a_link_and_the_first_form_stays_the_one_to_sign_in() {
        let html = sign_in(SignInPage { unfinished: true, ..SignInPage::default() });
        assert!(html.contains("href=\"/logout\""), "{html}");
        assert!(html.matches("<form").count() == 1 && html.contains("<form id=\"loginForm\""), "{html}");
        assert!(!sign_in(SignInPage::default()).contains("/logout"));
    }

    #[test]
    fn what_was_typed_comes_back_escaped() {
        let hostile = "\"><script>alert(1)</script>";
        let html = sign_in(SignInPage {
            action: format!("/login?next={hostile}"),
            error: Some(hostile.into()),
            username: hostile.into(),
            unfinished: false,
            theme: "dark".into(),
        });
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("<form id=\"loginForm\" method=\"post\" action=\"/login"), "{html}");
    }
}
