//! Where AWS takes responses.

/// The audience of AWS.
const AUDIENCE: &str = "urn:amazon:webservices";
const HOST: &str = "signin.aws.amazon.com";

/// The assertion consumer services that count: AWS's global and regional ones, and the sandbox's own.
#[derive(Clone, Debug)]
pub(crate) struct Endpoints {
    base: String,
}

impl Endpoints {
    pub(crate) fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').into() }
    }

    /// The sandbox's address.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The sandbox's own consumer service.
    pub(crate) fn own(&self) -> String {
        format!("{}/saml", self.base)
    }

    /// Whether a `Recipient` or `Destination` is one of them; `provider` is the provider's id in a service of its own
    /// (`…/saml/acs/SAMLSP…`).
    pub(crate) fn accepts(&self, url: &str, provider: &str) -> bool {
        let Some(path) = self.path(url) else { return false };
        path == "/saml" || path == "/static/saml" || path.strip_prefix("/saml/acs/") == Some(provider)
    }

    /// Whether an `Audience` is AWS: its URN, or a sign-in address that is seen to work in its place.
    pub(crate) fn is_audience(&self, audience: &str) -> bool {
        audience == AUDIENCE || matches!(self.path(audience), Some("/saml" | "/static/saml"))
    }

    fn path<'a>(&self, url: &'a str) -> Option<&'a str> {
        if let Some(path) = url.strip_prefix(&self.base) {
            return Some(path);
        }
        let rest = url.strip_prefix("https://")?;
        let (host, path) = rest.split_at(rest.find('/')?);
        let region = if host == HOST { return Some(path) } else { host.strip_suffix(HOST)?.strip_suffix('.')? };
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        (!region.is_empty() && region.chars().all(legal)).then_some(path)
    }
}
