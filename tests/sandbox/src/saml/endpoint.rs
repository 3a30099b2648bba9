//! Where AWS takes responses.

use crate::partition::Partition;

/// The assertion consumer services that count: AWS's global and regional ones in each partition, and the
/// sandbox's own, which stands for any of them.
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

    /// Whether a `Recipient` or `Destination` is one of them, for an account of a partition; `provider` is the provider's id
    /// in a service of its own (`…/saml/acs/SAMLSP…`).
    pub(crate) fn accepts(&self, url: &str, provider: &str, partition: Partition) -> bool {
        let Some(path) = self.path(url, partition) else { return false };
        path == "/saml" || path == "/static/saml" || path.strip_prefix("/saml/acs/") == Some(provider)
    }

    /// Whether an `Audience` is AWS in a partition: its URN, or a sign-in address that is seen to work in its place.
    pub(crate) fn is_audience(&self, audience: &str, partition: Partition) -> bool {
        audience == partition.audience() || matches!(self.path(audience, partition), Some("/saml" | "/static/saml"))
    }

    fn path<'a>(&self, url: &'a str, partition: Partition) -> Option<&'a str> {
        url.strip_prefix(&self.base).or_else(|| partition.path(url))
    }
}
