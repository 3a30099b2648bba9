use model::ScimDialect;
use scim::{
    read::{probe_request, resource_types_request, schemas_request},
    wire::{ResourceTypes, Schemas, ServiceProviderConfig},
};

use super::{reading::refused, sender::Sender, settings, trouble::Trouble};
use crate::{Services, port::ScimRecord};

/// What a server of RFC 7644 says that it can do: `/ServiceProviderConfig`, `/Schemas` and `/ResourceTypes`. Of one that
/// lacks a document the rest is believed, and what it would say is taken to be as with most: PATCH and filters, every
/// attribute of a mapping, `/Users` and `/Groups`, any extension of the schemas with any resource.
pub async fn description(sender: &Sender) -> Result<ServiceProviderConfig, Trouble> {
    let answer = sender.read(&probe_request()).await.map_err(Trouble::Failing)?;
    let mut config = match answer.status {
        200 => ServiceProviderConfig::read(&answer.body).unwrap_or_default(),
        status @ (401 | 403) => return Err(refused(status)),
        _ => ServiceProviderConfig::default(),
    };
    let schemas = sender.read(&schemas_request()).await.map_err(Trouble::Failing)?;
    config.schemas = (schemas.status == 200).then(|| Schemas::read(&schemas.body)).flatten();
    let types = sender.read(&resource_types_request()).await.map_err(Trouble::Failing)?;
    config.resource_types = (types.status == 200).then(|| ResourceTypes::read(&types.body)).flatten();
    Ok(config)
}

impl Services {
    /// The same for a provider, where that decides what is sent; `None` where it does not, or cannot be asked now.
    pub(super) async fn described(&self, record: &ScimRecord) -> Option<ServiceProviderConfig> {
        if record.provider.dialect != ScimDialect::Rfc7644 {
            return None;
        }
        let token = self.open_scim_tokens(record).ok()?.into_iter().next()?;
        let dialect = settings::dialect(&record.provider, None);
        let sender = Sender::new(self.clone(), &record.provider.url, token, dialect).careful();
        description(&sender).await.ok()
    }
}
