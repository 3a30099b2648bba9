use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

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
///
/// Of all pages this one is made most often, so it is drawn once of each shape, and what differs is put in its places.
pub fn post_form(page: PostForm) -> String {
    let theme = match page.theme.as_str() {
        "light" => "light",
        "dark" => "dark",
        _ => "system",
    };
    let shape = (page.heading, page.parameter, theme, page.relay_state.is_some());
    let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    let template = Arc::clone(drawn.entry(shape).or_insert_with(|| draw(shape).into()));
    drop(drawn);
    let relay_state = page.relay_state.unwrap_or_default();
    let mut html = String::with_capacity(template.len() + page.message.len() + relay_state.len() + 200);
    for (n, piece) in template.split(PLACE).enumerate() {
        let value = match piece {
            piece if n % 2 == 0 => {
                html.push_str(piece);
                continue;
            }
            "action" => &page.action_url,
            "message" => &page.message,
            "relay" => &relay_state,
            _ => &page.nonce,
        };
        // To look for what is to be escaped letter by letter takes long in a message of many kilobytes.
        if value.bytes().fold(true, |plain, b| plain & (b.is_ascii_alphanumeric() | matches!(b, b'+' | b'/' | b'='))) {
            html.push_str(value);
        } else {
            html_escape::encode_double_quoted_attribute_to_string(value, &mut html);
        }
    }
    html
}

/// Heading, parameter, theme, and whether there is a relay state: all of them ours, so there are few.
type Shape = (&'static str, &'static str, &'static str, bool);

static DRAWN: LazyLock<Mutex<HashMap<Shape, Arc<str>>>> = LazyLock::new(Mutex::default);

/// Stands before and after the name of a place in a page that was drawn.
const PLACE: char = '%';

fn draw((heading, parameter, theme, has_relay_state): Shape) -> String {
    let relay_state = has_relay_state.then(|| view! { <input type="hidden" name="RelayState" value="%relay%" /> });
    let body = view! {
        <main class="card">
            <h1>{heading}</h1>
            <form id="samlForm" method="post" action="%action%">
                <input type="hidden" name=parameter value="%message%" />
                {relay_state}
                <button type="submit" class="primary">"Continue"</button>
            </form>
            <script nonce="%nonce%">"document.getElementById('samlForm').submit()"</script>
        </main>
    };
    document(heading, theme, body.into_any())
}

#[cfg(test)]
mod tests {
    use super::{PostForm, post_form};

    #[test]
    fn each_value_is_in_its_place_and_nowhere_else_whatever_it_is() {
        for message in ["PHNhbWxwOlJlc3BvbnNlPg==", "not \"base64\"", "%relay%"] {
            let form = PostForm {
                heading: "Signing you in",
                action_url: "https://sp.example.com/acs?a=1&b=\"%message%".into(),
                message: message.into(),
                parameter: "SAMLResponse",
                nonce: "bm9uY2U=".into(),
                relay_state: Some("%nonce%".into()),
                ..PostForm::default()
            };
            let html = post_form(form);
            let value = message.replace('"', "&quot;");
            assert!(html.contains(&format!("name=\"SAMLResponse\" value=\"{value}\"")), "{html}");
            assert!(html.contains("name=\"RelayState\" value=\"%nonce%\""), "{html}");
            assert!(html.contains("action=\"https://sp.example.com/acs?a=1&amp;b=&quot;%message%\""), "{html}");
            assert!(html.contains("<script nonce=\"bm9uY2U=\">document"), "{html}");
        }
    }

    #[test]
    fn a_page_is_of_its_theme_and_has_no_relay_state_that_was_not_given() {
        for theme in ["dark", "light", "\"><script>"] {
            let html = post_form(PostForm { theme: theme.into(), ..PostForm::default() });
            let drawn = if theme.len() > 5 { "system" } else { theme };
            assert!(html.contains(&format!("data-theme=\"{drawn}\"")) && !html.contains("RelayState"), "{html}");
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
