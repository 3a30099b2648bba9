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
    // A message of many kilobytes whose characters need no escape is put in its place at the end: to look at each of them
    // once more costs more than the rest of the page. Nobody can guess the nonce, so nobody else can write the place.
    let place = format!("message-{nonce}");
    let plain =
        message.bytes().fold(true, |plain, b| plain & (b.is_ascii_alphanumeric() | matches!(b, b'+' | b'/' | b'=')));
    let (shown, later) = if plain { (place.clone(), Some(message)) } else { (message, None) };
    let relay_state = relay_state.map(|state| view! { <input type="hidden" name="RelayState" value=state /> });
    let body = view! {
        <main class="card">
            <h1>{heading}</h1>
            <form id="samlForm" method="post" action=action_url>
                <input type="hidden" name=parameter value=shown />
                {relay_state}
                <button type="submit" class="primary">"Continue"</button>
            </form>
            <script nonce=nonce>"document.getElementById('samlForm').submit()"</script>
        </main>
    };
    let html = document(heading, &theme, body.into_any());
    match later.as_deref().zip(html.split_once(&place)) {
        Some((message, (before, after))) => [before, message, after].concat(),
        None => html,
    }
}

#[cfg(test)]
mod tests {
    use super::{PostForm, post_form};

    #[test]
    fn the_message_is_in_its_place_and_nowhere_else() {
        let place = format!("message-{}", "bm9uY2U=");
        for message in ["PHNhbWxwOlJlc3BvbnNlPg==", "not \"base64\""] {
            let form = PostForm {
                message: message.into(),
                parameter: "SAMLResponse",
                nonce: "bm9uY2U=".into(),
                relay_state: Some(place.clone()),
                ..PostForm::default()
            };
            let html = post_form(form);
            let value = message.replace('"', "&quot;");
            assert!(html.contains(&format!("name=\"SAMLResponse\" value=\"{value}\"")), "{html}");
            assert!(html.contains(&format!("name=\"RelayState\" value=\"{place}\"")), "{html}");
        }
    }

    #[test]
    fn a_relay_state_cannot_leave_its_attribute() {
        let state = "\"><script>alert(1)</script>";
        let html = post_form(PostForm { relay_state: Some(state.into()), ..PostForm::default() });
        assert_eq!(html.matches("<script").count(), 1, "{html}");
        assert!(html.contains("document.getElementById('samlForm').submit()"), "{html}");
    }
}
