use serde::{Deserialize, Serialize};

/// Where a signing key is in its life with one SAML provider: next → current → retiring; then it is a [`RetiredKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// It signs.
    Current,
    /// It will sign; the metadata shows it already, so that the service can learn it.
    Next,
    /// It signed; the metadata still shows it, for a way back.
    Retiring,
}

/// Somebody said that the service has a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyConfirmation {
    /// RFC 3339.
    pub at: String,
    /// Username.
    pub by: String,
}

/// How it was seen that the service has a key. What says more is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeySeenBy {
    /// It fetched our metadata from the address that only it was given, while the key was in it.
    Fetch,
    /// It took a response that the key had signed in a trial, and signed a logout request that names that response's session.
    Trial,
}

/// What shows that the service has a key, beside an administrator's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeySeen {
    /// RFC 3339; of a fetch that repeats itself, true to a day.
    pub at: String,
    pub by: KeySeenBy,
    /// Where the request came from.
    pub address: String,
    /// What the program that came calls itself; empty: nothing.
    pub user_agent: String,
}

/// That a provider's service was given an address of our metadata that nobody else has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MetadataAddress {
    /// RFC 3339.
    pub at: String,
    /// Username.
    pub by: String,
}

/// One signing key of a SAML provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProviderKey {
    pub name: String,
    pub state: KeyState,
    /// Hexadecimal SHA-256 of the certificate's DER.
    pub fingerprint: String,
    /// RFC 3339.
    pub not_after: String,
    pub warning: Option<ExpiryWarning>,
    /// None: nobody has said that the service has it.
    pub confirmed: Option<KeyConfirmation>,
    /// None: nothing of the kind was seen.
    #[serde(default)]
    pub seen: Option<KeySeen>,
}

impl ProviderKey {
    /// Whether anything speaks for the service's having the key.
    pub const fn vouched(&self) -> bool {
        self.confirmed.is_some() || self.seen.is_some()
    }
}

/// A key that signed for a SAML provider and that its metadata shows no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetiredKey {
    pub name: String,
    /// Hexadecimal SHA-256 of the certificate's DER.
    pub fingerprint: String,
    /// There still is such a key: it could be shown again.
    pub kept: bool,
    /// When it was retired, RFC 3339.
    pub at: String,
    /// Username of who retired it, or what applied the file that did.
    pub by: String,
}

/// How near the end of a certificate is. A later warning is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExpiryWarning {
    Within90Days,
    Within30Days,
    Within7Days,
    Expired,
}

impl ExpiryWarning {
    /// Of so many seconds that are left; zero and below: expired. None: more than 90 days.
    pub const fn of(seconds_left: i64) -> Option<Self> {
        const DAY: i64 = 86_400;
        if seconds_left <= 0 {
            Some(Self::Expired)
        } else if seconds_left <= 7 * DAY {
            Some(Self::Within7Days)
        } else if seconds_left <= 30 * DAY {
            Some(Self::Within30Days)
        } else if seconds_left <= 90 * DAY {
            Some(Self::Within90Days)
        } else {
            None
        }
    }

    /// As a person reads it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Within90Days => "expires within 90 days",
            Self::Within30Days => "expires within 30 days",
            Self::Within7Days => "expires within 7 days",
            Self::Expired => "expired",
        }
    }
}

/// A key to replace soon, and who signs with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExpiringKey {
    pub name: String,
    /// RFC 3339.
    pub not_after: String,
    pub warning: ExpiryWarning,
    /// Names of the SAML providers that it signs for.
    pub providers: Vec<String>,
    /// Names of the SAML providers that verify with its certificate or encrypt to it.
    pub trusted_by: Vec<String>,
    /// Names of the SAML providers whose services encrypt to it.
    #[serde(default)]
    pub decrypts_for: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::ExpiryWarning;

    #[test]
    fn a_warning_begins_at_its_day_and_not_a_second_before() {
        const DAY: i64 = 86_400;
        for (left, warning) in [
            (90 * DAY + 1, None),
            (90 * DAY, Some(ExpiryWarning::Within90Days)),
            (30 * DAY + 1, Some(ExpiryWarning::Within90Days)),
            (30 * DAY, Some(ExpiryWarning::Within30Days)),
            (7 * DAY, Some(ExpiryWarning::Within7Days)),
            (1, Some(ExpiryWarning::Within7Days)),
            (0, Some(ExpiryWarning::Expired)),
            (-DAY, Some(ExpiryWarning::Expired)),
        ] {
            assert_eq!(ExpiryWarning::of(left), warning, "{left}");
        }
        assert!(ExpiryWarning::Expired > ExpiryWarning::Within7Days);
    }
}
