use std::collections::BTreeMap;

use domain::port::{Configuration, Kind, StoreError};
use model::Versioned;
use serde::de::DeserializeOwned;
use surrealdb::types::Variables;

use crate::document::versioned;
use crate::engine::{Answer, Engine};

/// A transaction, so that all of it is of one moment.
const CONFIGURATION: &str = "
BEGIN;
SELECT VALUE number FROM ONLY epoch:main;
SELECT version, body FROM `group`;
SELECT version, body FROM application;
SELECT version, body FROM saml_provider;
SELECT version, body FROM property_mapping;
SELECT version, body FROM policy;
SELECT version, body FROM key;
SELECT version, body FROM setting;
SELECT version, body FROM scim_provider;
SELECT version, body FROM api_token;
SELECT version, body FROM webhook;
COMMIT;
";

const EPOCH: &str = "SELECT VALUE number FROM ONLY epoch:main";

/// One record by its id.
pub(crate) async fn epoch(engine: &Engine) -> Result<u64, StoreError> {
    engine.read(EPOCH, Variables::new()).await?.number(0)
}

pub(crate) async fn configuration(engine: &Engine) -> Result<Configuration, StoreError> {
    let mut answer = engine.read(CONFIGURATION, Variables::new()).await?;
    Ok(Configuration {
        epoch: answer.number(1)?,
        groups: named(&mut answer, 2, Kind::Group, |group: &model::Group| group.name.clone())?,
        applications: named(&mut answer, 3, Kind::Application, |application: &model::Application| {
            application.slug.to_string()
        })?,
        saml_providers: named(&mut answer, 4, Kind::SamlProvider, |provider: &model::SamlProvider| {
            provider.name.clone()
        })?,
        property_mappings: named(&mut answer, 5, Kind::PropertyMapping, |mapping: &model::PropertyMapping| {
            mapping.name.clone()
        })?,
        policies: named(&mut answer, 6, Kind::Policy, |policy: &model::Policy| policy.name.clone())?,
        keys: named(&mut answer, 7, Kind::Key, |key: &domain::port::KeyRecord| key.key.name.clone())?,
        settings: named(&mut answer, 8, Kind::Setting, |setting: &domain::port::Setting| setting.name.clone())?,
        scim_providers: named(&mut answer, 9, Kind::ScimProvider, |record: &domain::port::ScimRecord| {
            record.provider.name.clone()
        })?,
        api_tokens: named(&mut answer, 10, Kind::ApiToken, |token: &domain::port::ApiTokenRecord| token.id.clone())?,
        webhooks: named(&mut answer, 11, Kind::Webhook, |record: &domain::port::WebhookRecord| {
            record.webhook.name.clone()
        })?,
    })
}

/// The documents a statement returned, by their natural key.
fn named<T: DeserializeOwned>(
    answer: &mut Answer,
    statement: usize,
    kind: Kind,
    key: impl Fn(&T) -> String,
) -> Result<BTreeMap<String, Versioned<T>>, StoreError> {
    answer
        .rows(statement)?
        .into_iter()
        .map(|row| versioned::<T>(kind, row).map(|found| (key(&found.value), found)))
        .collect()
}
