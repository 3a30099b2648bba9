use leptos::prelude::*;
use model::{ApplicationDetail, NameIdReport, ProviderDetail, ScimProviderDetail};
use serde::{Deserialize, Serialize};

use super::{api::check_name_ids, words::Step};
use crate::{
    applications::api::read_application, error::Answer, saml_providers::api::read_provider,
    scim_providers::api::read_scim_provider,
};

/// What is stored of a connection so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub provider: ProviderDetail,
    /// The first application that uses the SAML provider.
    pub application: Option<ApplicationDetail>,
    /// The first SCIM provider behind that application.
    pub scim: Option<ScimProviderDetail>,
    /// Whether Identity Center would find everybody in scope.
    pub names: NameIdReport,
}

impl Connection {
    /// Whether a step is done, as far as it leaves a trace here. What happens at AWS leaves none.
    pub fn done(&self, step: Step) -> bool {
        let application = self.application.as_ref().map(|detail| &detail.application);
        match step {
            Step::File => true,
            Step::Application => application.is_some(),
            Step::Portal => application.is_some_and(|a| a.launch_url.is_some()),
            Step::Provisioning => self.scim.as_ref().is_some_and(|scim| scim.provider.enabled),
            Step::NameId => self.names.is_good(),
            Step::Exchange => false,
        }
    }
}

/// The connection that the steps show.
#[derive(Clone, Copy)]
pub struct ConnectionContext(pub Resource<Answer<Connection>>);

/// Reads what there is for a SAML provider.
pub async fn load(name: String) -> Answer<Connection> {
    let provider = read_provider(name).await?;
    let application = match provider.used_by.first() {
        Some(slug) => Some(read_application(slug.clone()).await?),
        None => None,
    };
    let names = match &application {
        Some(detail) => check_name_ids(detail.application.slug.to_string()).await?,
        None => NameIdReport::default(),
    };
    let behind = application.as_ref().and_then(|detail| detail.application.backchannel_providers.first());
    let scim = match behind {
        Some(name) => Some(read_scim_provider(name.clone()).await?),
        None => None,
    };
    Ok(Connection { provider, application, scim, names })
}
