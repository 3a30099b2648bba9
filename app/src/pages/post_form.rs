use leptos::prelude::*;

use super::document::document;

/// A message on its way to the service provider (SAML bindings §3.5.4).
#[derive(Debug, Clone, Default)]
pub struct PostForm {
    pub heading: &'static str,
    pub action_url: String,
    /// `SAMLResponse` or `SAMLRequest`.
    pub parameter: &'static str,
    /// Base64.
    pub message: String,
    pub relay_state: Option<String>,
    pub theme: String,
    /// Of the one script, which submits the form.
    pub nonce: String,
}

/// Submits itself; without JavaScript a person presses the button.
pub fn post_form(page: PostForm) -> String {
    let PostForm { heading, action_url, parameter, message, relay_state, theme, nonce } = page;
    let relay_state = relay_state.map(|state| view! { <input type="hidden" name="RelayState" value=state /> });
    let body = view! {
        <main class="card">
            <h1>{heading}</h1>
            <form id="samlForm" method="post" action=action_url>
                <input type="hidden" name=parameter value=message />
                {relay_state}
                <button type="submit" class="primary">"Continue"</button>
            </form>
            <script nonce=nonce>"document.getElementById('samlForm').submit()"</script>
        </main>
    };
    document(heading, &theme, body.into_any())
}

#[cfg(test)]
mod tests {
    use super::{PostForm, post_form};

    #[test]
    fn a_relay_state_cannot_leave_its_attribute() {
        let state = "\"><script>alert(1)</script>";
        let html = post_form(PostForm { relay_state: Some(state.into()), ..PostForm::default() });
        assert_eq!(html.matches("<script").count(), 1, "{html}");
        assert!(html.contains("document.getElementById('samlForm').submit()"), "{html}");
    }
}
