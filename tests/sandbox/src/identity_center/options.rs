//! What an instance is started with.

use crate::scim::Rates;

/// What an instance of Identity Center is started with.
#[derive(Clone, Debug)]
pub struct IdentityCenterOptions {
    /// The id of the identity store: `d-` and ten hexadecimal digits.
    pub identity_store: String,
    /// The tenant in the address of the SCIM endpoint.
    pub scim_tenant: String,
    /// The tenant in the address of the assertion consumer service.
    pub saml_tenant: String,
    /// The Region in the names of AWS's own hosts.
    pub region: String,
    /// Where the assertion consumer service is reached, as it has three hosts at AWS; the first is the default one. Empty:
    /// the sandbox's address and, on loopback, two other names of the same.
    pub hosts: Vec<String>,
    /// How long a session in the portal lasts, in seconds, if the identity provider does not shorten it.
    pub session_seconds: i64,
    /// How many requests a second the SCIM endpoint takes; `None` for any number. Counted in the sandbox's milliseconds: with
    /// a clock that stands still there is never any more.
    pub rates: Option<Rates>,
    /// Whether the rules count that AWS prints only in its guides for single identity providers: no `< > ; : %` in
    /// attributes, and addresses complete.
    pub guidance: bool,
    /// Whether pages of lists may be shorter than asked for while there are more, as AWS allows itself.
    pub short_pages: bool,
}

impl Default for IdentityCenterOptions {
    fn default() -> Self {
        Self {
            identity_store: "d-9067729b3d".into(),
            scim_tenant: "9067729b3d-1f0c7e3a-52d8-4b6f-9a41-7c2e8d5b3f60".into(),
            saml_tenant: "9067729b3d-6b2f4a81-0c9d-4e37-8f15-a3d7c6e2b904".into(),
            region: "eu-central-1".into(),
            hosts: Vec::new(),
            session_seconds: 8 * 3_600,
            rates: Some(Rates::AWS),
            guidance: true,
            short_pages: true,
        }
    }
}
