use model::{
    AcsEndpoint, AssertionCipher, AssertionEncryption, FieldError, LogoutBinding, LogoutService, NameIdFormat,
    NameIdSettings, SamlProvider, SignWhat, SignatureMethod,
};

use super::{
    aws_draft::AwsDraft,
    words::{NO_COUNT, logout_word},
};

/// A SAML provider as it is typed: what may not be right yet is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderDraft {
    pub name: String,
    pub acs_url: String,
    pub audience: String,
    pub issuer: String,
    pub signing_key: String,
    /// Empty: none.
    pub next_signing_key: String,
    pub sign: SignWhat,
    pub method: Option<SignatureMethod>,
    pub format: NameIdFormat,
    pub name_id_mapping: String,
    pub not_before: String,
    pub not_on_or_after: String,
    pub session_end: String,
    pub mappings: Vec<String>,
    /// A line each: index and address.
    pub further_acs: String,
    /// PEM, one after the other.
    pub certificates: String,
    pub require_signed: bool,
    /// PEM; empty: not encrypted.
    pub encryption: String,
    /// Name of a key to encrypt to in place of a certificate; empty: none.
    pub encryption_key: String,
    pub cipher: AssertionCipher,
    /// Name of the key that the service encrypts to; empty: none.
    pub decryption_key: String,
    /// Names of keys to verify with.
    pub verification_keys: Vec<String>,
    /// A line each: binding, address and, if elsewhere, the address of responses.
    pub logout: String,
    /// What AWS reads, without code.
    pub aws: AwsDraft,
    /// How many responses are kept; empty: none.
    pub keep: String,
    /// What has no field of its own.
    rest: SamlProvider,
}

impl From<&SamlProvider> for ProviderDraft {
    fn from(p: &SamlProvider) -> Self {
        let lines = |lines: Vec<String>| lines.join("\n");
        let logout = p.logout.iter().map(|s| {
            let response = s.response_url.as_deref().map(|url| format!(" {url}")).unwrap_or_default();
            format!("{} {}{response}", logout_word(s.binding), s.url)
        });
        let encryption = p.encryption.as_ref();
        Self {
            name: p.name.clone(),
            acs_url: p.acs_url.clone(),
            audience: p.audience.clone(),
            issuer: p.issuer.clone().unwrap_or_default(),
            signing_key: p.signing_key.clone().unwrap_or_default(),
            next_signing_key: p.next_signing_key.clone().unwrap_or_default(),
            sign: p.sign,
            method: p.signature_algorithm,
            format: p.name_id.format,
            name_id_mapping: p.name_id.mapping.clone().unwrap_or_default(),
            not_before: p.assertion_not_before.to_string(),
            not_on_or_after: p.assertion_not_on_or_after.to_string(),
            session_end: p.session_not_on_or_after.to_string(),
            mappings: p.property_mappings.clone(),
            further_acs: lines(p.acs.iter().map(|a| format!("{} {}", a.index, a.url)).collect()),
            certificates: p.verification_certificates.concat(),
            require_signed: p.require_signed_requests,
            encryption: encryption.map(|e| e.certificate.clone()).unwrap_or_default(),
            encryption_key: encryption.and_then(|e| e.key.clone()).unwrap_or_default(),
            cipher: encryption.map(|e| e.cipher).unwrap_or_default(),
            decryption_key: p.decryption_key.clone().unwrap_or_default(),
            verification_keys: p.verification_keys.clone(),
            logout: lines(logout.collect()),
            aws: AwsDraft::from(&p.aws),
            keep: p.keep_responses.to_string(),
            rest: p.clone(),
        }
    }
}

impl ProviderDraft {
    /// For AWS IAM: what is the same for everybody is there already.
    pub fn aws() -> Self {
        Self::from(&SamlProvider::new("", "https://signin.aws.amazon.com/saml", "urn:amazon:webservices"))
    }

    /// The provider, or what does not parse. Whether names exist is for the server to say.
    pub fn provider(&self) -> Result<SamlProvider, Vec<FieldError>> {
        let mut faults = Vec::new();
        let mut span = |field: &str, text: &str| {
            text.trim().parse().map_err(|e: model::SpanError| faults.push(FieldError::new(field, e.to_string()))).ok()
        };
        let not_before = span("assertion_not_before", &self.not_before);
        let not_on_or_after = span("assertion_not_on_or_after", &self.not_on_or_after);
        let session_end = span("session_not_on_or_after", &self.session_end);
        if let Some(fault) = model::name_fault(self.name.trim()) {
            faults.push(FieldError::new("name", fault));
        }
        let acs = self.acs(&mut faults);
        let aws = self.aws.attributes(&mut faults);
        let keep = self.keep(&mut faults);
        let logout = self.logout(&mut faults);
        let (Some(not_before), Some(not_on_or_after), Some(session_end), true) =
            (not_before, not_on_or_after, session_end, faults.is_empty())
        else {
            return Err(faults);
        };
        let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        Ok(SamlProvider {
            name: self.name.trim().to_owned(),
            acs_url: self.acs_url.trim().to_owned(),
            audience: self.audience.trim().to_owned(),
            issuer: some(&self.issuer),
            signing_key: some(&self.signing_key),
            next_signing_key: some(&self.next_signing_key),
            sign: self.sign,
            signature_algorithm: self.method,
            name_id: NameIdSettings { format: self.format, mapping: some(&self.name_id_mapping) },
            assertion_not_before: not_before,
            assertion_not_on_or_after: not_on_or_after,
            session_not_on_or_after: session_end,
            property_mappings: self.mappings.clone(),
            acs,
            verification_certificates: certificates(&self.certificates),
            require_signed_requests: self.require_signed,
            verification_keys: self.verification_keys.clone(),
            encryption: self.encryption(),
            decryption_key: some(&self.decryption_key),
            logout,
            aws,
            keep_responses: keep,
            ..self.rest.clone()
        })
    }

    /// To a certificate, to that of a key, or not at all. Both together are for the server to refuse.
    fn encryption(&self) -> Option<AssertionEncryption> {
        let (certificate, key) = (self.encryption.trim(), self.encryption_key.trim());
        if certificate.is_empty() && key.is_empty() {
            return None;
        }
        let certificate = if certificate.is_empty() { String::new() } else { format!("{certificate}\n") };
        Some(AssertionEncryption { certificate, key: (!key.is_empty()).then(|| key.to_owned()), cipher: self.cipher })
    }

    fn keep(&self, faults: &mut Vec<FieldError>) -> u32 {
        let text = self.keep.trim();
        if text.is_empty() {
            return 0;
        }
        text.parse().unwrap_or_else(|_| {
            faults.push(FieldError::new("keep_responses", NO_COUNT));
            0
        })
    }

    fn acs(&self, faults: &mut Vec<FieldError>) -> Vec<AcsEndpoint> {
        let mut found = Vec::new();
        for line in self.further_acs.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match line.split_once(' ').and_then(|(index, url)| Some((index.parse().ok()?, url.trim()))) {
                Some((index, url)) => found.push(AcsEndpoint { index, url: url.to_owned() }),
                None => faults.push(FieldError::new("acs", format!("`{line}` is not an index and an address"))),
            }
        }
        found
    }

    fn logout(&self, faults: &mut Vec<FieldError>) -> Vec<LogoutService> {
        let mut found = Vec::new();
        for line in self.logout.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.split_whitespace();
            let binding = match words.next() {
                Some("redirect") => Some(LogoutBinding::Redirect),
                Some("post") => Some(LogoutBinding::Post),
                _ => None,
            };
            match (binding, words.next(), words.next(), words.next()) {
                (Some(binding), Some(url), response, None) => found.push(LogoutService {
                    binding,
                    url: url.to_owned(),
                    response_url: response.map(str::to_owned),
                }),
                _ => faults
                    .push(FieldError::new("logout", format!("`{line}` is not `redirect` or `post` and an address"))),
            }
        }
        found
    }
}

/// Each PEM block of a text. What is between them is kept with the block before, so that it is refused and not lost.
fn certificates(text: &str) -> Vec<String> {
    const BEGIN: &str = "-----BEGIN";
    let mut found: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match found.last_mut() {
            Some(block) if !line.starts_with(BEGIN) => block.push_str(line),
            _ => found.push(line.to_owned()),
        }
        if let Some(block) = found.last_mut() {
            block.push('\n');
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> SamlProvider {
        let pem = |n: u8| format!("-----BEGIN CERTIFICATE-----\n{n}\n-----END CERTIFICATE-----\n");
        let mut provider = SamlProvider::new("p", "https://sp.example/acs", "https://sp.example");
        provider.acs = vec![AcsEndpoint { url: "https://sp.example/other".into(), index: 3 }];
        provider.verification_certificates = vec![pem(1), pem(2)];
        provider.require_signed_requests = true;
        provider.next_signing_key = Some("later".into());
        provider.keep_responses = 7;
        let tag = |key: &str| model::AwsTag { key: key.into(), value: Some("v".into()), ..model::AwsTag::default() };
        let department =
            model::AwsTag { value: None, attribute: Some("department".into()), transitive: true, ..tag("Department") };
        provider.aws = model::AwsAttributes {
            principal_tags: vec![department, tag("Stage")],
            source_identity: Some(model::AwsValue {
                field: Some(model::UserField::Email),
                ..model::AwsValue::default()
            }),
            session_duration: Some(model::Span::seconds(28_800)),
            access_control: vec![tag("Team")],
        };
        provider.verification_keys = vec!["theirs".into()];
        provider.retiring_keys = vec!["before".into()];
        provider.decryption_key = Some("opens".into());
        provider.encryption =
            Some(AssertionEncryption { certificate: pem(3), key: None, cipher: AssertionCipher::Aes128Gcm });
        provider.logout = vec![LogoutService {
            binding: LogoutBinding::Post,
            url: "https://sp.example/slo".into(),
            response_url: Some("https://sp.example/done".into()),
        }];
        provider.imported = Some(model::ImportedMetadata {
            sha256: "0".into(),
            valid_until: None,
            verified: true,
            signed: true,
            cache_seconds: Some(3600),
            url: Some("https://sp.example/metadata".into()),
            said: Some(model::SaidMetadata::default()),
        });
        provider
    }

    #[test]
    fn what_is_not_touched_comes_back_as_it_was() {
        assert_eq!(ProviderDraft::from(&full()).provider(), Ok(full()));
    }

    #[test]
    fn lines_that_say_nothing_are_named() {
        let draft = ProviderDraft {
            further_acs: "https://sp.example/acs".into(),
            logout: "soap https://sp.example/slo".into(),
            not_before: "soon".into(),
            keep: "some".into(),
            aws: {
                let mut aws = AwsDraft::from(&full().aws);
                aws.duration = "never".into();
                aws
            },
            ..ProviderDraft::from(&full())
        };
        let fields: Vec<String> = draft.provider().unwrap_err().into_iter().map(|f| f.field).collect();
        assert_eq!(fields, ["assertion_not_before", "acs", "aws.session_duration", "keep_responses", "logout"]);
    }
}
