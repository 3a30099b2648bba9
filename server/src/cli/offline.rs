use std::sync::Arc;

use domain::Services;
use store::{StoreOptions, SurrealStore};

use crate::{
    compose::{self, ComposeError},
    config::Common,
};

/// Services for a command that runs without the server, on the database that it holds meanwhile.
pub struct Offline {
    pub services: Services,
    store: Arc<SurrealStore>,
}

impl Offline {
    pub async fn open(common: &Common) -> Result<Self, ComposeError> {
        Self::on(common, &compose::store_options(common)?).await
    }

    /// The same on a store that is opened in another way.
    pub async fn on(common: &Common, options: &StoreOptions) -> Result<Self, ComposeError> {
        let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 8080));
        let public_url = compose::public_url(common.public_url.as_deref(), listen)?;
        let (services, store) = compose::services_on(common, options, public_url).await?;
        Ok(Self { services, store })
    }

    /// Lets the database go before the process ends; otherwise its background tasks are cut off, and say so.
    pub async fn close(self) {
        let Self { services, store } = self;
        drop(services);
        if let Some(store) = Arc::into_inner(store) {
            store.close().await;
        }
    }
}
