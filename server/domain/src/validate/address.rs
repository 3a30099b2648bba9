use url::Url;

/// An address that a browser may be sent to: https, or http on this very machine.
pub(crate) fn web_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|e| format!("`{text}` is not an address: {e}"))?;
    let name = url.host_str().unwrap_or_default();
    // Names under localhost lead to this machine and nowhere else (RFC 6761 §6.3).
    let loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]") || name.ends_with(".localhost");
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err("plain http is accepted for this machine itself only; use https".to_owned()),
        other => return Err(format!("`{other}:` is not accepted; use https")),
    }
    if url.host_str().is_none() || !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err("an address here has a host and no user, password or fragment".to_owned());
    }
    Ok(url)
}

/// A path of our own: it cannot lead to another host.
pub(super) fn local_path(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//") && !text.contains('\\') && !text.chars().any(char::is_control)
}

/// An image that needs no request: pages may load nothing from elsewhere.
pub(super) fn inline_image(text: &str) -> bool {
    const KINDS: [&str; 4] = ["svg+xml", "png", "jpeg", "webp"];
    let data = text.strip_prefix("data:image/").and_then(|rest| rest.split_once(";base64,"));
    text.len() <= 32 * 1024
        && data.is_some_and(|(kind, data)| {
            let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
            KINDS.contains(&kind) && !data.is_empty() && data.bytes().all(plain)
        })
}

#[cfg(test)]
mod tests {
    use super::{inline_image, local_path, web_address};

    #[test]
    fn addresses_that_run_code_or_hide_a_host_are_refused() {
        assert!(web_address("https://signin.aws.amazon.com/saml").is_ok());
        assert!(web_address("http://127.0.0.1:8181/saml").is_ok());
        for bad in
            ["javascript:alert(1)", "http://example.com/", "https://a@b/", "data:text/html,x", "x", "https://a/#b"]
        {
            assert!(web_address(bad).is_err(), "{bad}");
        }
        assert!(inline_image("data:image/png;base64,iVBORw0KGgo="));
        for bad in [
            "https://evil.example/x.png",
            "data:text/html;base64,PHNjcmlwdD4=",
            "data:image/png;base64,",
            "/icons/aws.svg",
        ] {
            assert!(!inline_image(bad), "{bad}");
        }
        assert!(local_path("/a/b"));
        for bad in ["//evil.example", "/\\evil.example", "a", "/\n"] {
            assert!(!local_path(bad), "{bad}");
        }
    }
}
