use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::{Client, StatusCode, redirect::Policy};
use tests::Browser;

use crate::{Outcome, directory::PASSWORD};

/// Somebody signed in, whose requests are counted.
pub struct Visitor {
    client: Client,
    base: String,
    cookie: String,
}

impl Visitor {
    pub async fn sign_in(base: &str) -> Outcome<Self> {
        let answer = Browser::new(base).sign_in("root", PASSWORD).await;
        let cookie = answer.headers.get("set-cookie").and_then(|v| v.to_str().ok()).and_then(|v| v.split(';').next());
        let cookie = cookie.ok_or_else(|| format!("no sign-in: {}", answer.status))?.to_owned();
        let client = Client::builder().redirect(Policy::none()).build().map_err(|e| e.to_string())?;
        Ok(Self { client, base: base.to_owned(), cookie })
    }

    /// The same person from so many addresses.
    pub fn at_addresses(&self, count: u8) -> Outcome<Vec<Arc<Self>>> {
        (1..=count)
            .map(|n| {
                let address = std::net::Ipv4Addr::new(127, 0, 1, n);
                let client = Client::builder().redirect(Policy::none()).local_address(Some(address.into()));
                let client = client.build().map_err(|e| e.to_string())?;
                Ok(Arc::new(Self { client, base: self.base.clone(), cookie: self.cookie.clone() }))
            })
            .collect()
    }

    async fn once(&self, path: &str) -> Outcome<Duration> {
        let start = Instant::now();
        let request = self.client.get(format!("{}{path}", self.base)).header("cookie", &self.cookie);
        let answer = request.send().await.map_err(|e| e.to_string())?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(|e| e.to_string())?;
        if status == StatusCode::OK {
            Ok(start.elapsed())
        } else {
            Err(format!("{path}: {status}, {} bytes", body.len()))
        }
    }

    /// `count` requests, one after the other; how long each took, ascending.
    pub async fn in_turn(&self, path: &str, count: usize) -> Outcome<Durations> {
        let mut durations = Vec::with_capacity(count);
        for _ in 0..count {
            durations.push(self.once(path).await?);
        }
        durations.sort();
        Ok(Durations(durations))
    }

    /// `count` requests by `hands` at once.
    pub async fn together(self: &Arc<Self>, path: &str, count: usize, hands: usize) -> Outcome<()> {
        Self::all_together(&vec![Arc::clone(self); hands], path, count).await
    }

    /// `count` requests by all of them at once.
    pub async fn all_together(visitors: &[Arc<Self>], path: &str, count: usize) -> Outcome<()> {
        let (mut tasks, hands) = (tokio::task::JoinSet::new(), visitors.len());
        for visitor in visitors {
            let (visitor, path) = (Arc::clone(visitor), path.to_owned());
            tasks.spawn(async move {
                for _ in 0..count / hands {
                    visitor.once(&path).await?;
                }
                Ok::<_, String>(())
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.map_err(|e| e.to_string())??;
        }
        Ok(())
    }
}

/// Ascending.
pub struct Durations(Vec<Duration>);

impl Durations {
    /// In milliseconds: the duration that `share` of all do not exceed.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a few thousand at most"
        )]
        let index = ((self.0.len() as f64 - 1.0) * share).round() as usize;
        self.0.get(index).map_or(0.0, |d| d.as_secs_f64() * 1000.0)
    }
}
