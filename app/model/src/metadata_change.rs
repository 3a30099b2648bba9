use serde::{Deserialize, Serialize};

use crate::{AcsEndpoint, AssertionCipher, LogoutBinding, LogoutService, NameIdFormat, SamlProvider, SignWhat};

/// What the last metadata that was taken said, as far as a provider holds it: where that ends and what was set by hand
/// begins. Certificates by their fingerprints, hexadecimal SHA-256 of the DER.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SaidMetadata {
    pub audience: String,
    /// Every address that could be used.
    pub acs: Vec<AcsEndpoint>,
    /// The index of the default one.
    #[serde(default)]
    pub default_acs: u32,
    /// The format that it asks for, of those that can be given. None: it names none of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_id_format: Option<NameIdFormat>,
    /// `AuthnRequestsSigned`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub requests_signed: bool,
    /// `WantAssertionsSigned`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub assertions_signed: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signing: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cipher: Option<AssertionCipher>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub logout: Vec<LogoutService>,
}

/// Who moved a setting away from what the last metadata said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MovedBy {
    /// The new file alone: it is taken unless somebody says otherwise.
    File,
    /// Somebody here, and the file says what it said before: what is here stays unless somebody says otherwise.
    Hand,
    /// Both, and to different ends: what is here stays until somebody decides.
    Both,
    /// It is not remembered what the last metadata said: as with both.
    Unknown,
}

/// One setting of a provider as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MetadataStep {
    Audience(String),
    /// The address of an index; None: it goes.
    Acs {
        index: u32,
        url: Option<String>,
    },
    /// The index of the default address.
    DefaultAcs(u32),
    NameIdFormat(NameIdFormat),
    RequestsSigned(bool),
    Sign(SignWhat),
    /// A certificate, PEM, to verify with; it comes or goes.
    Certificate {
        pem: String,
        stays: bool,
    },
    /// PEM.
    Encryption(String),
    Cipher(AssertionCipher),
    /// An address for logout messages; it comes or goes.
    Logout {
        service: LogoutService,
        stays: bool,
    },
}

/// One setting in which a provider and a file differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MetadataChange {
    /// What a person calls the setting.
    pub what: String,
    pub by: MovedBy,
    /// In words; empty: there is none.
    pub now: String,
    pub file: String,
    /// What taking it from the file does.
    pub step: MetadataStep,
}

impl MetadataChange {
    /// Whether it is taken where nobody says anything.
    pub fn proposed(&self) -> bool {
        self.by == MovedBy::File
    }

    /// Whether somebody has to decide.
    pub fn disputed(&self) -> bool {
        matches!(self.by, MovedBy::Both | MovedBy::Unknown)
    }
}

/// The provider with steps taken, in their order.
pub fn take_steps<'a>(provider: &SamlProvider, steps: impl IntoIterator<Item = &'a MetadataStep>) -> SamlProvider {
    let mut taken = provider.clone();
    let mut acs: Vec<AcsEndpoint> =
        provider.acs_endpoints().map(|(url, index)| AcsEndpoint { url: url.to_owned(), index }).collect();
    let mut default = provider.acs_index;
    for step in steps {
        match step.clone() {
            MetadataStep::Audience(audience) => taken.audience = audience,
            MetadataStep::Acs { index, url: Some(url) } => match acs.iter_mut().find(|known| known.index == index) {
                Some(known) => known.url = url,
                None => acs.push(AcsEndpoint { url, index }),
            },
            MetadataStep::Acs { index, url: None } => acs.retain(|known| known.index != index),
            MetadataStep::DefaultAcs(index) => default = index,
            MetadataStep::NameIdFormat(format) => taken.name_id.format = format,
            MetadataStep::RequestsSigned(signed) => taken.require_signed_requests = signed,
            MetadataStep::Sign(sign) => taken.sign = sign,
            MetadataStep::Certificate { pem, stays } => {
                taken.verification_certificates.retain(|known| *known != pem);
                taken.verification_certificates.extend(stays.then_some(pem));
            }
            MetadataStep::Encryption(pem) => {
                if let Some(encryption) = &mut taken.encryption {
                    encryption.certificate = pem;
                }
            }
            MetadataStep::Cipher(cipher) => {
                if let Some(encryption) = &mut taken.encryption {
                    encryption.cipher = cipher;
                }
            }
            MetadataStep::Logout { service, stays } => {
                let same = |known: &LogoutService| known.binding == service.binding && known.url == service.url;
                match taken.logout.iter().position(same) {
                    Some(place) if stays => taken.logout.splice(place..=place, [service]).for_each(drop),
                    Some(place) => drop(taken.logout.remove(place)),
                    None => taken.logout.extend(stays.then_some(service)),
                }
            }
        }
    }
    // A default that is there no more would leave responses without an address.
    let place = acs.iter().position(|known| known.index == default).unwrap_or(0);
    if place < acs.len() {
        let first = acs.remove(place);
        (taken.acs_url, taken.acs_index, taken.acs) = (first.url, first.index, acs);
    }
    taken
}

/// An address for logout messages in words.
pub fn logout_words(service: &LogoutService) -> String {
    let binding = match service.binding {
        LogoutBinding::Redirect => "redirect",
        LogoutBinding::Post => "post",
    };
    match &service.response_url {
        Some(response) => format!("{binding} {}, answers to {response}", service.url),
        None => format!("{binding} {}", service.url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn provider() -> SamlProvider {
        let mut provider = SamlProvider::new("p", "https://sp.example/0", "https://sp.example");
        provider.acs = vec![AcsEndpoint { url: "https://sp.example/1".into(), index: 1 }];
        provider
    }

    #[test]
    fn steps_move_the_default_address_and_never_leave_a_provider_without_one() {
        let gone = |index| MetadataStep::Acs { index, url: None };
        let came = MetadataStep::Acs { index: 7, url: Some("https://sp.example/7".into()) };
        let moved = take_steps(&provider(), &[came, gone(0), MetadataStep::DefaultAcs(7)]);
        assert_eq!((moved.acs_url.as_str(), moved.acs_index), ("https://sp.example/7", 7));
        assert_eq!(moved.acs, provider().acs);
        let without = take_steps(&provider(), &[gone(0)]);
        assert_eq!((without.acs_url.as_str(), without.acs.len()), ("https://sp.example/1", 0));
        let none = take_steps(&provider(), &[gone(0), gone(1)]);
        assert_eq!(none, provider());
        assert_eq!(take_steps(&provider(), &[]), provider());
    }
}
