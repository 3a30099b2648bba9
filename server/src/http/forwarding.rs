use std::io::Write;

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::DeflateEncoder};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Escapes a value of a query.
pub fn component(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

/// A place on this server to go on to after sign-in; anything that could lead elsewhere becomes the portal.
pub fn local(next: Option<&str>) -> &str {
    match next {
        Some(path)
            if path.starts_with('/')
                && !path.starts_with("//")
                && path.len() <= 16_384
                && path
                    .bytes()
                    .all(|b| (0x21..0x7f).contains(&b) && b != b'\\' && b != b'"' && b != b'<' && b != b'>') =>
        {
            path
        }
        _ => "/",
    }
}

/// Where an anonymous visitor signs in and then goes on from.
pub fn login(next: &str) -> String {
    format!("/login?next={}", component(next))
}

/// The same for somebody who is signed in and must prove it anew.
pub fn login_again(next: &str) -> String {
    format!("/login?again=1&next={}", component(next))
}

/// A request that came by HTTP-POST, as a path that carries on with it: nothing has to be kept on the server while the
/// person signs in, and tabs cannot mix up their requests. A signature inside the message stays there and is verified again.
pub fn as_redirect(slug: &str, saml_request: &str, relay_state: Option<&str>) -> Option<String> {
    let compact: String = saml_request.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let xml = STANDARD.decode(compact).ok()?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&xml).ok()?;
    let request = component(&STANDARD.encode(encoder.finish().ok()?));
    let state = relay_state.map(|s| format!("&RelayState={}", component(s))).unwrap_or_default();
    Some(format!("/application/saml/{slug}/sso/binding/redirect/?SAMLRequest={request}{state}"))
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn sign_in_goes_on_to_local_paths_only() {
        assert_eq!(local(Some("/admin/events?q=a%20b")), "/admin/events?q=a%20b");
        for bad in [
            None,
            Some("//evil.example"),
            Some("https://evil.example"),
            Some("/\\evil"),
            Some("/a\r\nSet-Cookie:x"),
            Some(""),
        ] {
            assert_eq!(local(bad), "/");
        }
    }
}
