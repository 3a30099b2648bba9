use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use domain::{Caller, Origin, Services};

use super::{client_address::ClientAddress, security_headers::Nonce};

/// Who is asking, as far as the request tells: address, browser, session cookie, theme.
#[derive(Clone)]
pub struct Client {
    pub origin: Origin,
    pub session: Option<String>,
    /// What lets this browser go on with a logout that is not finished.
    pub logout: Option<String>,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Shortcuts of a single key are heard.
    pub single_keys: bool,
    pub nonce: String,
}

/// With https the prefix binds the cookie to this very host; over plain http on loopback no browser would keep it.
pub fn cookie_name(public_url: &str) -> &'static str {
    if public_url.starts_with("https:") { "__Host-session" } else { "session" }
}

/// The cookie that carries a session id, or takes it away.
pub fn session_cookie(public_url: &str, id: Option<&str>) -> String {
    let secure = if public_url.starts_with("https:") { "; Secure" } else { "" };
    let (value, age) = id.map_or(("", 0), |id| (id, domain::ABSOLUTE));
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", cookie_name(public_url))
}

fn logout_cookie_name(public_url: &str) -> &'static str {
    if public_url.starts_with("https:") { "__Host-logout" } else { "logout" }
}

/// The cookie of a logout that is under way, or takes it away.
pub fn logout_cookie(public_url: &str, pass: Option<&str>) -> String {
    let secure = if public_url.starts_with("https:") { "; Secure" } else { "" };
    let (value, age) = pass.map_or(("", 0), |pass| (pass, domain::LOGOUT_LIFE));
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", logout_cookie_name(public_url))
}

fn known_cookie_name(public_url: &str) -> &'static str {
    if public_url.starts_with("https:") { "__Host-known" } else { "known" }
}

/// The cookie by which accounts know a browser again that has signed in to them.
pub fn known_cookie(public_url: &str, known: &str) -> String {
    let secure = if public_url.starts_with("https:") { "; Secure" } else { "" };
    let (name, age) = (known_cookie_name(public_url), domain::KNOWN_BROWSER_LIFE);
    format!("{name}={known}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}")
}

/// What a browser has of that cookie. Only signing in asks for it.
pub fn known(headers: &HeaderMap, public_url: &str) -> Option<String> {
    cookie(headers, known_cookie_name(public_url)).filter(|known| known.len() < 1_000).map(str::to_owned)
}

/// The value of a cookie; where it is sent twice, none of them is believed.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|h| h.to_str().ok()).flat_map(|h| h.split(';'));
    let mut found = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(n, _)| *n == name).map(|(_, v)| v);
    match (found.next(), found.next()) {
        (Some(value), None) => Some(value),
        _ => None,
    }
}

impl Client {
    pub fn of(parts: &Parts, public_url: &str) -> Self {
        let header = |name| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let address = parts.extensions.get::<ClientAddress>().map(|a| a.0.clone()).unwrap_or_default();
        let session = cookie(&parts.headers, cookie_name(public_url)).filter(|id| !id.is_empty() && id.len() < 100);
        let logout = cookie(&parts.headers, logout_cookie_name(public_url)).filter(|pass| pass.len() < 100);
        let theme = cookie(&parts.headers, "theme").filter(|t| matches!(*t, "light" | "dark")).unwrap_or("system");
        Self {
            origin: Origin { address, user_agent: header(header::USER_AGENT) },
            session: session.map(str::to_owned),
            logout: logout.map(str::to_owned),
            theme: theme.to_owned(),
            single_keys: cookie(&parts.headers, "single_keys") != Some("off"),
            nonce: parts.extensions.get::<Nonce>().map(|n| n.0.clone()).unwrap_or_default(),
        }
    }

    /// The live session's person, for what a page asks by itself: nobody is there who keeps the session alive.
    pub async fn unattended(&self, services: &Services) -> Result<Caller, domain::Error> {
        let Some(session) = &self.session else { return Err(domain::Error::Unauthenticated) };
        services.caller_unattended(session, &self.origin).await?.ok_or(domain::Error::Unauthenticated)
    }

    /// The live session's person, if there is one.
    pub async fn caller(&self, services: &Services) -> Result<Option<Caller>, domain::Error> {
        match &self.session {
            Some(id) => services.caller(id, &self.origin).await,
            None => Ok(None),
        }
    }
}

impl<S> FromRequestParts<S> for Client
where
    Services: axum::extract::FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let services = <Services as axum::extract::FromRef<S>>::from_ref(state);
        Ok(Self::of(parts, services.public_url()))
    }
}

#[cfg(test)]
mod tests {
    use super::known_cookie;

    #[test]
    fn what_makes_a_browser_known_goes_to_this_host_only_and_to_no_script() {
        assert_eq!(
            known_cookie("https://id.example.com", "x"),
            "__Host-known=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000; Secure"
        );
    }
}
