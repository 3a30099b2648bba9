use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use model::ScimDialect;
use scim::{
    read::{probe_request, resource_types_request, schemas_request},
    wire::{ResourceTypes, Schemas, ServiceProviderConfig},
};
use serde_json::json;

use super::{reading::refused, sender::Sender, settings, trouble::Trouble};
use crate::{Services, identifiers, port::ScimRecord};

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

/// What servers said of themselves a moment ago, by the name of the provider, so that one preview after another does not
/// read three documents each time. The worker asks for itself. What changes address, token or dialect is asked anew.
#[derive(Default)]
pub struct Descriptions(Mutex<HashMap<String, Described>>);

struct Described {
    /// Of what the provider was when it was asked.
    asked: String,
    /// Unix seconds.
    until: i64,
    config: ServiceProviderConfig,
}

/// For so many seconds a description is remembered.
const FOR: i64 = 60;
/// Providers whose description is remembered; past it, all are forgotten.
const MOST: usize = 32;

impl Descriptions {
    fn find(&self, provider: &str, asked: &str, now: i64) -> Option<ServiceProviderConfig> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(provider).filter(|kept| kept.asked == asked && now < kept.until);
        found.map(|kept| kept.config.clone())
    }

    fn keep(&self, provider: &str, asked: String, now: i64, config: ServiceProviderConfig) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| now < kept.until);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(provider.to_owned(), Described { asked, until: now + FOR, config });
    }
}

impl Services {
    /// The same for a provider, where that decides what is sent; `None` where it does not, or cannot be asked now. It is
    /// as of the last minute.
    pub(super) async fn described(&self, record: &ScimRecord) -> Option<ServiceProviderConfig> {
        if record.provider.dialect != ScimDialect::Rfc7644 {
            return None;
        }
        let token = self.open_scim_tokens(record).ok()?.into_iter().next()?;
        let provider = &record.provider;
        let asked = identifiers::sha256(json!([provider.url, provider.dialect, token]).to_string().as_bytes());
        if let Some(config) = self.descriptions().find(&provider.name, &asked, self.clock().now()) {
            return Some(config);
        }
        let dialect = settings::dialect(&record.provider, None);
        let sender = Sender::new(self.clone(), &record.provider.url, token, dialect).careful().impatient();
        let config = description(&sender).await.ok()?;
        self.descriptions().keep(&provider.name, asked, self.clock().now(), config.clone());
        Some(config)
    }
}
