use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{BroughtKey, Error};

/// A key from a PKCS#12 file, which comes as base64: lines may be broken anywhere.
pub fn pkcs12(text: &str, password: String) -> Result<BroughtKey, Error> {
    let compact: String = text.split_ascii_whitespace().collect();
    let file = STANDARD.decode(compact).map_err(|_| Error::invalid("pkcs12", "this is not base64"))?;
    Ok(BroughtKey::Pkcs12 { file, password })
}
