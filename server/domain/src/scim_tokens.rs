use crate::{
    Error, Services,
    port::{ScimRecord, ScimToken},
};

/// What a token is sealed for.
fn purpose(provider: &str) -> String {
    format!("SCIM token of {provider}")
}

/// A token as it may be sent in a header.
pub(crate) fn sound(token: &str) -> Result<&str, Error> {
    let token = token.trim();
    if token.is_empty() || token.len() > 8192 || token.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Error::invalid("token", "a token has 1 to 8192 characters and no spaces"));
    }
    Ok(token)
}

impl Services {
    /// Seals a token for a provider. `expires` is in unix seconds.
    pub(crate) fn seal_scim_token(&self, name: &str, token: &str, expires: Option<i64>) -> Result<ScimToken, Error> {
        let sealed = self.vault().seal(self.entropy(), &purpose(name), sound(token)?.as_bytes())?;
        Ok(ScimToken { sealed, expires })
    }

    /// A provider with its tokens under the newest master key. None: they are already.
    pub(crate) fn resealed_tokens(&self, record: &ScimRecord) -> Result<Option<ScimRecord>, Error> {
        let purpose = purpose(&record.provider.name);
        let mut after = record.clone();
        for token in &mut after.tokens {
            if let Some(sealed) = self.vault().reseal(self.entropy(), &purpose, &token.sealed)? {
                token.sealed = sealed;
            }
        }
        Ok((after != *record).then_some(after))
    }

    /// The tokens of a provider, opened; the first one is used.
    pub(crate) fn open_scim_tokens(&self, record: &ScimRecord) -> Result<Vec<String>, Error> {
        let purpose = purpose(&record.provider.name);
        let open = |token: &ScimToken| {
            let bytes = self.vault().open(&purpose, &token.sealed)?;
            String::from_utf8(bytes).map_err(|_| Error::Internal(format!("{purpose} is not text")))
        };
        record.tokens.iter().map(open).collect()
    }
}
