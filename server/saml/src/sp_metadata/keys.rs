//! The keys of a role (metadata §2.4.1.1).

use super::Note;
use crate::certificate::Certificate;
use crate::error::{SamlError, excerpt};
use crate::kind::KeyKind;
use crate::xml::name::{ds, md};
use crate::xml::tree::Element;

const WHAT: &str = "KeyDescriptor";

#[derive(Default)]
pub struct Keys {
    pub signing: Vec<Certificate>,
    pub encryption: Vec<Certificate>,
    pub methods: Vec<String>,
}

impl Keys {
    /// Adds what one `KeyDescriptor` holds. Without `use` it counts for both purposes.
    pub fn add(&mut self, descriptor: &Element, notes: &mut Vec<Note>) -> Result<(), SamlError> {
        let (signing, encryption) = match descriptor.attribute("use") {
            None => (true, true),
            Some("signing") => (true, false),
            Some("encryption") => (false, true),
            Some(other) => {
                let why = format!("use is `{}`, neither signing nor encryption", excerpt(other));
                return Err(SamlError::malformed(WHAT, why));
            }
        };
        let Some(info) = descriptor.child(ds("KeyInfo")) else {
            return Err(SamlError::malformed(WHAT, "KeyInfo is absent"));
        };
        let mut found = false;
        for text in info.named(ds("X509Data")).flat_map(|data| data.named(ds("X509Certificate"))) {
            found = true;
            match Certificate::from_base64(&text.text()) {
                Ok(certificate) => self.keep(&certificate, signing, encryption, notes),
                Err(error) => {
                    notes.push(Note { what: "X509Certificate".into(), why: format!("{error}; it is not used") });
                }
            }
        }
        if !found {
            let why = "it holds no X509Certificate; keys by name, by value or by address are not used";
            notes.push(Note { what: WHAT.into(), why: why.into() });
        }
        if encryption {
            let methods = descriptor.named(md("EncryptionMethod")).filter_map(|method| method.attribute("Algorithm"));
            self.methods.extend(methods.map(str::to_owned));
        }
        Ok(())
    }

    fn keep(&mut self, certificate: &Certificate, signing: bool, encryption: bool, notes: &mut Vec<Note>) {
        if signing && !self.signing.contains(certificate) {
            self.signing.push(certificate.clone());
        }
        if encryption && !matches!(certificate.kind(), KeyKind::Rsa(_)) {
            let why = "assertions are encrypted to RSA keys only; this one is used for signatures only, if at all";
            notes.push(Note { what: WHAT.into(), why: why.into() });
        } else if encryption && !self.encryption.contains(certificate) {
            self.encryption.push(certificate.clone());
        }
    }
}
