//! New metadata for a provider that is there: what the last metadata said, what is here now and what the new file says,
//! held against each other setting by setting. What was set by hand stays until somebody decides otherwise.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    AcsEndpoint, AssertionCipher, LogoutService, MetadataChange, MetadataStep, MovedBy, NameIdFormat, SaidMetadata,
    SamlProvider, SignWhat, logout_words, take_steps,
};
use saml::{Certificate, SpMetadata};

use crate::sp_encryption;

/// What a file says, as far as a provider holds it. `read`: the provider that the file alone makes.
pub(crate) fn said(sp: &SpMetadata, read: &SamlProvider) -> SaidMetadata {
    let encryption = sp_encryption::offered(sp).ok();
    SaidMetadata {
        audience: read.audience.clone(),
        acs: endpoints(read),
        default_acs: read.acs_index,
        name_id_format: format(sp),
        requests_signed: read.require_signed_requests,
        assertions_signed: sp.want_assertions_signed,
        signing: sp.signing.iter().map(fingerprint).collect(),
        cipher: encryption.as_ref().map(|offered| offered.cipher),
        encryption: encryption.and_then(|offered| of_pem(&offered.certificate)),
        logout: read.logout.clone(),
    }
}

/// The first format that can be given; a service provider that names none takes what comes.
pub(crate) fn format(sp: &SpMetadata) -> Option<NameIdFormat> {
    let mut formats = sp.name_id_formats.iter().filter_map(|urn| NameIdFormat::from_urn(urn));
    formats.find(|format| format.has_own_value())
}

/// Whether a service provider lists a format.
fn names(sp: &SpMetadata, format: NameIdFormat) -> bool {
    sp.name_id_formats.iter().any(|urn| NameIdFormat::from_urn(urn) == Some(format))
}

/// What new metadata comes to.
pub(crate) struct Renewed {
    /// With what the file alone has changed.
    pub provider: SamlProvider,
    pub changes: Vec<MetadataChange>,
    /// What there is to say beside.
    pub note: Option<(String, String)>,
}

/// Holds a file against a provider; `read` is what the file alone makes.
pub(crate) fn renew(kept: &SamlProvider, read: SamlProvider, sp: &SpMetadata) -> Renewed {
    let base = kept.imported.as_ref().and_then(|imported| imported.said.as_ref());
    let (encryption, note) = sp_encryption::renewed(kept, sp);
    let mut rows = Rows { base, changes: Vec::new() };
    rows.audience(kept, &read);
    rows.addresses(kept, &read);
    // Formats are listed in no order (metadata §2.4.1), so one that the file has is as good as its first.
    let format = if names(sp, kept.name_id.format) { Some(kept.name_id.format) } else { format(sp) };
    rows.name_id(kept, format);
    rows.signing(kept, &read, sp.want_assertions_signed);
    rows.certificates(kept, &sp.signing);
    if let (Some(now), Some(new)) = (&kept.encryption, &encryption) {
        rows.encryption(&now.certificate, &new.certificate);
        rows.cipher(now.cipher, new.cipher);
    }
    rows.logout(&kept.logout, &read.logout);
    let changes = rows.changes;
    let proposed = changes.iter().filter(|change| change.proposed()).map(|change| &change.step);
    let mut imported = read.imported;
    // What the file lets stay as it is comes from the file: once a later one does without it, that one has moved it.
    if let Some(said) = imported.as_mut().and_then(|imported| imported.said.as_mut()) {
        said.name_id_format = format;
        if let Some(stays) = sp_encryption::named(kept, sp) {
            said.encryption = Some(fingerprint(&stays));
        }
    }
    let provider = SamlProvider { imported, ..take_steps(kept, proposed) };
    Renewed { provider, changes, note }
}

struct Rows<'a> {
    base: Option<&'a SaidMetadata>,
    changes: Vec<MetadataChange>,
}

impl Rows<'_> {
    /// Who moved a value. None: nobody, or to the same end.
    fn moved<T: PartialEq>(&self, before: impl Fn(&SaidMetadata) -> T, now: &T, file: &T) -> Option<MovedBy> {
        if now == file {
            return None;
        }
        let Some(before) = self.base.map(before) else { return Some(MovedBy::Unknown) };
        Some(match (before == *now, before == *file) {
            (true, _) => MovedBy::File,
            (false, true) => MovedBy::Hand,
            (false, false) => MovedBy::Both,
        })
    }

    fn add(&mut self, what: impl Into<String>, by: MovedBy, now: String, file: String, step: MetadataStep) {
        self.changes.push(MetadataChange { what: what.into(), by, now, file, step });
    }

    fn audience(&mut self, kept: &SamlProvider, read: &SamlProvider) {
        if let Some(by) = self.moved(|said| said.audience.clone(), &kept.audience, &read.audience) {
            let step = MetadataStep::Audience(read.audience.clone());
            self.add("Audience", by, kept.audience.clone(), read.audience.clone(), step);
        }
    }

    fn addresses(&mut self, kept: &SamlProvider, read: &SamlProvider) {
        let by_index = |list: Vec<AcsEndpoint>| -> BTreeMap<u32, String> {
            list.into_iter().map(|acs| (acs.index, acs.url)).collect()
        };
        let (now, file) = (by_index(endpoints(kept)), by_index(endpoints(read)));
        let all: BTreeSet<u32> = now.keys().chain(file.keys()).copied().collect();
        for index in all {
            let (here, there) = (now.get(&index).cloned(), file.get(&index).cloned());
            let before = |said: &SaidMetadata| said.acs.iter().find(|a| a.index == index).map(|a| a.url.clone());
            let Some(mut by) = self.moved(before, &here, &there) else { continue };
            // Somebody made it the default, so it is theirs as well.
            let chosen = kept.acs_index == index && self.base.is_some_and(|said| said.default_acs != index);
            if chosen && there.is_none() && by == MovedBy::File {
                by = MovedBy::Both;
            }
            let step = MetadataStep::Acs { index, url: there.clone() };
            let (here, there) = (here.unwrap_or_default(), there.unwrap_or_default());
            self.add(format!("ACS address, index {index}"), by, here, there, step);
        }
        if let Some(by) = self.moved(|said| said.default_acs, &kept.acs_index, &read.acs_index) {
            let step = MetadataStep::DefaultAcs(read.acs_index);
            let words = |index: u32| format!("index {index}");
            self.add("Default ACS address", by, words(kept.acs_index), words(read.acs_index), step);
        }
    }

    fn name_id(&mut self, kept: &SamlProvider, file: Option<NameIdFormat>) {
        // A file that names none has nothing against any.
        let Some(file) = file else { return };
        let now = kept.name_id.format;
        if let Some(by) = self.moved(|said| said.name_id_format.unwrap_or_default(), &now, &file) {
            let (now, words) = (now.urn().to_owned(), file.urn().to_owned());
            self.add("NameID format", by, now, words, MetadataStep::NameIdFormat(file));
        }
    }

    fn signing(&mut self, kept: &SamlProvider, read: &SamlProvider, wanted: bool) {
        let (now, file) = (kept.require_signed_requests, read.require_signed_requests);
        if let Some(by) = self.moved(|said| said.requests_signed, &now, &file) {
            let words = |signed: bool| if signed { "must be signed" } else { "may be unsigned" }.to_owned();
            self.add("Requests", by, words(now), words(file), MetadataStep::RequestsSigned(file));
        }
        let signs = kept.sign != SignWhat::Response;
        if wanted && let Some(by) = self.moved(|said| said.assertions_signed, &signs, &wanted) {
            let (now, file) = ("the response alone".to_owned(), "the assertion too (WantAssertionsSigned)".to_owned());
            self.add("What is signed", by, now, file, MetadataStep::Sign(SignWhat::Both));
        }
    }

    fn certificates(&mut self, kept: &SamlProvider, file: &[Certificate]) {
        let read =
            kept.verification_certificates.iter().filter_map(|pem| Some((pem, Certificate::from_pem(pem).ok()?)));
        let now: Vec<(&String, Certificate)> = read.collect();
        let what = "Certificate to verify with";
        for (pem, certificate) in now.iter().filter(|(_, certificate)| !file.contains(certificate)) {
            let print = fingerprint(certificate);
            if let Some(by) = self.moved(|said| said.signing.contains(&print), &true, &false) {
                let step = MetadataStep::Certificate { pem: (*pem).clone(), stays: false };
                self.add(what, by, certificate_words(certificate), String::new(), step);
            }
        }
        for certificate in file.iter().filter(|certificate| !now.iter().any(|(_, known)| known == *certificate)) {
            let print = fingerprint(certificate);
            if let Some(by) = self.moved(|said| said.signing.contains(&print), &false, &true) {
                let step = MetadataStep::Certificate { pem: certificate.pem(), stays: true };
                self.add(what, by, String::new(), certificate_words(certificate), step);
            }
        }
    }

    fn encryption(&mut self, now: &str, file: &str) {
        let (here, there) = (of_pem(now), of_pem(file));
        if let Some(by) = self.moved(|said| said.encryption.clone(), &here, &there) {
            let words = |pem: &str| Certificate::from_pem(pem).map(|c| certificate_words(&c)).unwrap_or_default();
            let step = MetadataStep::Encryption(file.to_owned());
            self.add("Certificate to encrypt to", by, words(now), words(file), step);
        }
    }

    fn cipher(&mut self, now: AssertionCipher, file: AssertionCipher) {
        if let Some(by) = self.moved(|said| said.cipher.unwrap_or_default(), &now, &file) {
            self.add("Cipher", by, cipher_words(now), cipher_words(file), MetadataStep::Cipher(file));
        }
    }

    fn logout(&mut self, now: &[LogoutService], file: &[LogoutService]) {
        let same = |a: &LogoutService, b: &LogoutService| a.binding == b.binding && a.url == b.url;
        let find =
            |list: &[LogoutService], service: &LogoutService| list.iter().find(|known| same(known, service)).cloned();
        let added = file.iter().filter(|service| find(now, service).is_none());
        for service in now.iter().chain(added) {
            let (here, there) = (find(now, service), find(file, service));
            let Some(by) = self.moved(|said| find(&said.logout, service), &here, &there) else { continue };
            let words = |found: &Option<LogoutService>| found.as_ref().map(logout_words).unwrap_or_default();
            let step = MetadataStep::Logout {
                stays: there.is_some(),
                service: there.clone().unwrap_or_else(|| service.clone()),
            };
            self.add("Logout address", by, words(&here), words(&there), step);
        }
    }
}

/// Every address; the default one first.
fn endpoints(provider: &SamlProvider) -> Vec<AcsEndpoint> {
    provider.acs_endpoints().map(|(url, index)| AcsEndpoint { url: url.to_owned(), index }).collect()
}

fn fingerprint(certificate: &Certificate) -> String {
    certificate.facts().fingerprint_sha256
}

fn of_pem(pem: &str) -> Option<String> {
    Certificate::from_pem(pem).ok().map(|certificate| fingerprint(&certificate))
}

fn certificate_words(certificate: &Certificate) -> String {
    let facts = certificate.facts();
    format!("{}, SHA-256 {}", facts.subject, facts.fingerprint_sha256)
}

fn cipher_words(cipher: AssertionCipher) -> String {
    match cipher {
        AssertionCipher::Aes256Gcm => "AES-256-GCM",
        AssertionCipher::Aes128Gcm => "AES-128-GCM",
        AssertionCipher::Aes256Cbc => "AES-256-CBC",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sp_import;

    /// A service provider by its addresses, and whether its requests are signed.
    fn metadata(acs: &[(u32, &str)], extra: &str) -> String {
        let acs: String = acs
            .iter()
            .map(|(index, url)| format!("<md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://sp.example/{url}\" index=\"{index}\"/>"))
            .collect();
        format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"https://sp.example\"><md:SPSSODescriptor WantAssertionsSigned=\"true\" protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{extra}{acs}</md:SPSSODescriptor></md:EntityDescriptor>"
        )
    }

    fn read(xml: &str) -> SamlProvider {
        let reading = sp_import::read(xml.as_bytes(), None).unwrap();
        reading.provider("sp", &reading.entities[0]).unwrap()
    }

    fn renewed(kept: &SamlProvider, xml: &str) -> Renewed {
        let reading = sp_import::read(xml.as_bytes(), None).unwrap();
        let sp = &reading.entities[0];
        renew(kept, reading.provider("sp", sp).unwrap(), sp)
    }

    fn standing(renewed: &Renewed) -> Vec<(&str, MovedBy)> {
        renewed.changes.iter().map(|change| (change.what.as_str(), change.by)).collect()
    }

    const LOGOUT: &str = "<md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://sp.example/slo\"/>";
    const EMAIL: &str = "<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>";

    #[test]
    fn what_the_file_alone_moved_is_taken_what_was_moved_by_hand_stays_and_both_is_for_somebody_to_decide() {
        let mut kept = read(&metadata(&[(0, "a"), (1, "b"), (2, "c")], LOGOUT));
        kept.acs[0].url = "https://sp.example/by-hand".into();
        kept.acs[1].url = "https://sp.example/c-by-hand".into();
        kept.acs.push(AcsEndpoint { url: "https://sp.example/extra".into(), index: 9 });
        kept.logout.clear();
        kept.sign = SignWhat::Response;
        let renewed = renewed(&kept, &metadata(&[(0, "a2"), (1, "b"), (2, "c2")], &format!("{LOGOUT}{EMAIL}")));
        assert_eq!(
            standing(&renewed),
            [
                ("ACS address, index 0", MovedBy::File),
                ("ACS address, index 1", MovedBy::Hand),
                ("ACS address, index 2", MovedBy::Both),
                ("ACS address, index 9", MovedBy::Hand),
                ("NameID format", MovedBy::File),
                ("What is signed", MovedBy::Hand),
                ("Logout address", MovedBy::Hand),
            ]
        );
        let found = &renewed.provider;
        assert_eq!(found.acs_url, "https://sp.example/a2");
        assert_eq!(found.acs, kept.acs);
        assert!(found.logout.is_empty() && found.name_id.format == NameIdFormat::EmailAddress);
        let all = take_steps(&kept, renewed.changes.iter().map(|change| &change.step));
        assert_eq!(all.acs.iter().map(|acs| acs.index).collect::<Vec<_>>(), [1, 2]);
        assert_eq!((all.acs[1].url.as_str(), all.logout.len()), ("https://sp.example/c2", 1));
    }

    #[test]
    fn an_address_that_somebody_made_the_default_does_not_go_by_itself() {
        let mut kept = read(&metadata(&[(0, "a"), (1, "b")], ""));
        (kept.acs_url, kept.acs_index) = ("https://sp.example/b".into(), 1);
        kept.acs = vec![AcsEndpoint { url: "https://sp.example/a".into(), index: 0 }];
        let renewed = renewed(&kept, &metadata(&[(0, "a")], ""));
        assert_eq!(
            standing(&renewed),
            [("ACS address, index 1", MovedBy::Both), ("Default ACS address", MovedBy::Hand)]
        );
        assert_eq!((renewed.provider.acs_url, renewed.provider.acs_index), (kept.acs_url, 1));
    }

    const PERSISTENT: &str = "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>";

    #[test]
    fn a_format_that_the_file_still_lists_stays_wherever_it_lists_it_and_goes_once_it_does_not() {
        let file = |formats: &[&str]| metadata(&[(0, "a")], &formats.concat());
        let kept = read(&file(&[PERSISTENT, EMAIL]));
        assert_eq!(kept.name_id.format, NameIdFormat::Persistent);
        let second = renewed(&kept, &file(&[EMAIL, PERSISTENT]));
        assert!(second.changes.is_empty(), "{:?}", standing(&second));
        let third = renewed(&second.provider, &file(&[EMAIL]));
        assert_eq!(standing(&third), [("NameID format", MovedBy::File)]);
        assert_eq!(third.provider.name_id.format, NameIdFormat::EmailAddress);
    }

    /// A key descriptor with a certificate to encrypt to.
    fn encryption() -> String {
        let pair = saml::SigningKey::generate_self_signed(2048, "sp", 30, 1_700_000_000).unwrap();
        let base64: String = pair.certificate_pem.lines().filter(|line| !line.starts_with('-')).collect();
        format!(
            "<md:KeyDescriptor use=\"encryption\"><ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>{base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        )
    }

    #[test]
    fn a_certificate_to_encrypt_to_is_followed_when_it_goes_after_it_was_listed_beside_the_next() {
        let (old, new) = (encryption(), encryption());
        let file = |keys: &[&str]| metadata(&[(0, "a")], &keys.concat());
        let certificate = |xml: &str| {
            let reading = sp_import::read(xml.as_bytes(), None).unwrap();
            sp_encryption::offered(&reading.entities[0]).unwrap()
        };
        let first = SamlProvider { encryption: Some(certificate(&file(&[&old]))), ..read(&file(&[&old])) };
        let second = renewed(&first, &file(&[&new, &old]));
        assert!(second.changes.is_empty(), "{:?}", standing(&second));
        let third = renewed(&second.provider, &file(&[&new]));
        assert_eq!(standing(&third), [("Certificate to encrypt to", MovedBy::File)]);
        assert_eq!(third.provider.encryption, Some(certificate(&file(&[&new]))));
    }

    #[test]
    fn where_it_is_not_remembered_what_the_last_file_said_nothing_is_taken_unasked() {
        let mut kept = read(&metadata(&[(0, "a")], ""));
        kept.imported = None;
        let renewed = renewed(&kept, &metadata(&[(0, "b")], LOGOUT));
        let unknown = [("ACS address, index 0", MovedBy::Unknown), ("Logout address", MovedBy::Unknown)];
        assert_eq!(standing(&renewed), unknown);
        assert_eq!(renewed.provider.acs_url, kept.acs_url);
        assert!(renewed.provider.imported.is_some_and(|imported| imported.said.is_some()));
    }
}
