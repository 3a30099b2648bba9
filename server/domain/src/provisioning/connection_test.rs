use model::ScimProvider;

use crate::{Admin, Error, scim_tokens::sound, validate::scim_address};

impl Admin<'_> {
    /// Whether an address and a token are good; nothing is kept. Without a token the kept one of the provider is tried. A
    /// token is sent to no address that could not be saved.
    pub async fn test_scim_connection(&self, provider: &ScimProvider, token: Option<&str>) -> Result<(), Error> {
        let services = &self.caller().services;
        let token = match token {
            Some(token) => sound(token)?.to_owned(),
            None => {
                let record = services.scim_record(&provider.name)?;
                if record.provider.url.trim_end_matches('/') != provider.url.trim_end_matches('/') {
                    // A kept token must not be sent to an address that somebody has just typed.
                    return Err(Error::invalid("token", "enter the token again for another address"));
                }
                let kept = services.open_scim_tokens(&record)?.into_iter().next();
                kept.ok_or_else(|| Error::invalid("token", "there is no token"))?
            }
        };
        let faults = scim_address(provider);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        services.try_scim_token(provider, token).await
    }
}
