//! PKCS#12 files (RFC 7292), the form in which other products export a key with its certificate.

use super::{GeneratedKey, SigningKey, pem, reason};
use crate::certificate::Certificate;
use crate::error::SamlError;
use openssl::pkcs12::Pkcs12;

/// Real files are a few kilobytes, even with a chain.
const MAX_BYTES: usize = 256 * 1024;

/// Opens a PKCS#12 file and gives the pair in it as unencrypted PEM, once it has proved to be a usable pair.
///
/// # Errors
/// [`SamlError::TooLarge`], or [`SamlError::Key`] with the reason: not PKCS#12, a wrong password or a cipher that is no
/// longer offered, no key or no certificate inside, and all that [`SigningKey::from_pem`] refuses.
pub fn import_pkcs12(file: &[u8], password: &str) -> Result<GeneratedKey, SamlError> {
    if file.len() > MAX_BYTES {
        return Err(SamlError::TooLarge { what: "PKCS#12 in bytes", limit: MAX_BYTES });
    }
    // The library takes a C string, which would end here.
    if password.contains('\0') {
        return Err(reason("the password holds a zero byte"));
    }
    let sealed = Pkcs12::from_der(file).map_err(|_| reason("the file is not PKCS#12"))?;
    let opened = sealed.parse2(password).map_err(|_| {
        reason("the file does not open: the password is wrong, or it uses a cipher such as RC2 that is not offered")
    })?;
    let private = opened.pkey.ok_or_else(|| reason("the file holds no private key"))?;
    let certificate = opened.cert.ok_or_else(|| reason("the file holds no certificate for the key"))?;
    let private_key_pem = pem(private.private_key_to_pem_pkcs8()?)?;
    let certificate = Certificate::of(&certificate)?;
    let certificate_pem = certificate.pem();
    SigningKey::pair(certificate, private)?;
    Ok(GeneratedKey { certificate_pem, private_key_pem })
}
