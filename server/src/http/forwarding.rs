use std::io::{Read, Write};

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
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

/// Marks a request that came by HTTP-POST and is carried through sign-in in an address.
const CARRIED: &str = "Carried=post";
/// No message is larger, so neither is what one is inflated to.
const LARGEST: u64 = 256 * 1024;

/// A request that came by HTTP-POST, as a path that carries on with it: nothing has to be kept on the server while the
/// person signs in, and tabs cannot mix up their requests. It is marked, because its signature is inside the message and
/// HTTP-Redirect has it outside.
pub fn as_redirect(slug: &str, saml_request: &str, relay_state: Option<&str>) -> Option<String> {
    let compact: String = saml_request.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let xml = STANDARD.decode(compact).ok()?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&xml).ok()?;
    let request = component(&STANDARD.encode(encoder.finish().ok()?));
    let state = relay_state.map(|s| format!("&RelayState={}", component(s))).unwrap_or_default();
    Some(format!("/application/saml/{slug}/sso/binding/redirect/?SAMLRequest={request}{state}&{CARRIED}"))
}

/// The fields of a request that [`as_redirect`] has made a query of. None: the query is something else.
pub fn carried(query: &str) -> Option<(String, Option<String>)> {
    let query = query.strip_suffix(CARRIED)?.strip_suffix('&')?;
    let (mut request, mut relay_state) = (None, None);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let slot = match name.as_ref() {
            "SAMLRequest" => &mut request,
            "RelayState" => &mut relay_state,
            _ => return None,
        };
        if slot.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    let mut xml = Vec::new();
    let deflated = STANDARD.decode(request?).ok()?;
    DeflateDecoder::new(deflated.as_slice()).take(LARGEST + 1).read_to_end(&mut xml).ok()?;
    (xml.len() as u64 <= LARGEST).then(|| (STANDARD.encode(xml), relay_state))
}

#[cfg(test)]
mod tests {
    use super::{as_redirect, carried, local};

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

    #[test]
    fn what_is_carried_through_sign_in_comes_out_as_it_went_in() {
        let field = "PGE+b+KCrDwvYT4=";
        let path = as_redirect("aws", field, Some("a b&c")).unwrap();
        let (_, query) = path.split_once('?').unwrap();
        assert_eq!(carried(query), Some((field.to_owned(), Some("a b&c".to_owned()))));
        assert_eq!(carried(query.trim_end_matches("&Carried=post")), None);
        assert_eq!(carried(&format!("SAMLRequest=x&{query}")), None);
    }
}
