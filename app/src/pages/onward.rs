use leptos::prelude::*;

use super::document::document;

/// On the way to another address.
#[derive(Debug, Clone, Default)]
pub struct OnwardPage {
    pub url: String,
    pub theme: String,
}

/// Goes on by itself, also without JavaScript.
pub fn onward(page: OnwardPage) -> String {
    let OnwardPage { url, theme } = page;
    let refresh = format!("0;url={url}");
    let body = view! {
        <main class="card">
            <h1>"Signing you out"</h1>
            <meta http-equiv="refresh" content=refresh />
            <p><a class="button primary" href=url>"Continue"</a></p>
        </main>
    };
    document("Signing you out", &theme, body.into_any())
}

#[cfg(test)]
mod tests {
    use super::{OnwardPage, onward};

    #[test]
    fn an_address_cannot_leave_its_attribute() {
        let html = onward(OnwardPage { url: "https://sp.example/?a=\"><script>".into(), ..OnwardPage::default() });
        assert!(!html.contains("<script>") && html.contains("https://sp.example/"), "{html}");
    }
}
