//! What was asked and what was answered.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;
use serde_json::Value;

/// The most requests that are remembered one by one. Counts go on.
const KEPT: usize = 100_000;

/// A request and what became of it. Authorization is not kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exchange {
    /// From 1 on.
    pub number: u64,
    /// When it came. Unix seconds of the sandbox's clock.
    pub at: i64,
    /// The same in milliseconds, of the clock that limits are counted by.
    pub millis: i64,
    /// The HTTP method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query as it was sent.
    pub query: Option<String>,
    /// An operation by AWS's name, `Unsupported` for others of the SCIM endpoint; `Query` (STS and IAM), `SignIn`,
    /// `PortalSignIn` or `Page`.
    pub kind: String,
    /// Members that it adds or removes.
    pub membership_changes: usize,
    /// The body, if it is JSON.
    pub body: Option<Value>,
    /// What the sandbox itself answered; nothing if the request did not get that far.
    pub answered: Option<u16>,
    /// What was sent; nothing if nothing was.
    pub status: Option<u16>,
    /// The name of the exception, if the SCIM endpoint refused.
    pub exception: Option<String>,
    /// What the plan of faults did to it: `status`, `reset`, `hang`, `expire_token`, `delay`.
    pub fault: Option<String>,
}

/// Requests in the order of their arrival.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    exchanges: VecDeque<Exchange>,
    counts: BTreeMap<String, u64>,
    number: u64,
}

impl Log {
    /// Notes an arrival and gives its number.
    pub(crate) fn open(&mut self, mut exchange: Exchange) -> u64 {
        self.number += 1;
        exchange.number = self.number;
        *self.counts.entry(exchange.kind.clone()).or_default() += 1;
        if self.exchanges.len() >= KEPT {
            self.exchanges.pop_front();
        }
        self.exchanges.push_back(exchange);
        self.number
    }

    /// Notes what became of it.
    pub(crate) fn update(&mut self, number: u64, change: impl FnOnce(&mut Exchange)) {
        if let Some(exchange) = self.exchanges.iter_mut().rev().find(|exchange| exchange.number == number) {
            change(exchange);
        }
    }

    pub(crate) fn all(&self) -> Vec<Exchange> {
        self.exchanges.iter().cloned().collect()
    }

    /// How many requests there were of each kind.
    pub(crate) fn counts(&self) -> &BTreeMap<String, u64> {
        &self.counts
    }
}
