use std::{net::SocketAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::port::{WebhookMessage, WebhookTransport};
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolving},
    header::CONTENT_TYPE,
    redirect::Policy,
};
use url::Host;

use super::{Resolve, SystemResolver, reach::Reach, words::words};

/// Until there is a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Until the answer has begun. What it says beside the status is not read.
const WHOLE: Duration = Duration::from_secs(20);

/// Webhooks over HTTPS, to addresses of the public internet only: what an administrator typed must not lead to what only
/// this machine reaches. A message goes to the address that was set and nowhere else: no redirect is followed.
pub struct HttpWebhook {
    client: Client,
    reach: Reach,
}

impl HttpWebhook {
    /// With `private`, messages go to addresses that are not of the public internet too, and by a proxy that the
    /// environment names: a proxy looks names up by itself.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new(private: bool) -> Result<Self, reqwest::Error> {
        Self::with(private, Arc::new(SystemResolver))
    }

    /// The same with another resolver.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with(private: bool, resolver: Arc<dyn Resolve>) -> Result<Self, reqwest::Error> {
        let reach = Reach { private, resolver, flag: "--webhook-private-addresses", instead: "" };
        let agent = concat!("rolecall/", env!("CARGO_PKG_VERSION"));
        let builder = Client::builder().user_agent(agent).redirect(Policy::none());
        let builder = builder.connect_timeout(CONNECT).timeout(WHOLE).dns_resolver(Arc::new(Names(reach.clone())));
        let client = if private { builder } else { builder.no_proxy() }.build()?;
        Ok(Self { client, reach })
    }
}

/// Looks a name up whenever a connection is made, and says where that may go.
struct Names(Reach);

impl reqwest::dns::Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0.clone();
        Box::pin(async move {
            let places: Vec<SocketAddr> = reach.look_up(name.as_str(), 0).await?;
            Ok(Box::new(places.into_iter()) as Addrs)
        })
    }
}

#[async_trait]
impl WebhookTransport for HttpWebhook {
    async fn post(&self, message: &WebhookMessage) -> Result<u16, String> {
        let url = Reach::address(&message.url)?;
        // Nobody looks up an address that is a number; and whether plain http may go there is not asked of a name server.
        if url.scheme() == "http" || !matches!(url.host(), Some(Host::Domain(_))) {
            self.reach.places(&url).await?;
        }
        let mut sending = self.client.post(url).header(CONTENT_TYPE, "application/json");
        for (name, value) in &message.headers {
            sending = sending.header(*name, value);
        }
        let answer = sending.body(message.body.clone()).send().await.map_err(|error| words(&error))?;
        Ok(answer.status().as_u16())
    }
}
