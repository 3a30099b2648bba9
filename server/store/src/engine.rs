use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::port::{Entropy, StoreError};
use surrealdb::engine::any::Any;
use surrealdb::types::{Value, Variables};
use surrealdb::{IndexedResults, Surreal};

use crate::failure::Failure;
use crate::retry::{Starts, with_retry};

/// The one connection of a store. Clones share it: a clone of `Surreal` itself would be a new session, which costs
/// a sign-in on a remote database.
#[derive(Clone)]
pub(crate) struct Engine {
    surreal: Arc<Surreal<Any>>,
    /// Whether the last write failed for a reason that is not in what was written: a full disk, a lost network.
    failing: Arc<AtomicBool>,
    /// Tells servers apart that start at the same moment.
    entropy: Option<Arc<dyn Entropy>>,
}

/// Changes nothing, and is written nevertheless.
const PROBE: &str = "UPSERT epoch:probe SET number = 0 RETURN NONE";

impl Engine {
    pub(crate) fn new(surreal: Surreal<Any>, entropy: Option<Arc<dyn Entropy>>) -> Self {
        Self { surreal: Arc::new(surreal), failing: Arc::default(), entropy }
    }

    /// The tries of a step of the start.
    pub(crate) fn starts(&self) -> Starts<'_> {
        Starts::new(self.entropy.as_deref())
    }

    pub(crate) fn surreal(&self) -> &Arc<Surreal<Any>> {
        &self.surreal
    }

    /// Runs a text once. Every statement of it must succeed.
    async fn once(&self, text: &str, variables: Variables) -> Result<Answer, Failure> {
        let mut results = self.surreal.query(text).bind(variables).await?;
        let errors = results.take_errors();
        match Failure::of_all(errors.values()) {
            Some(failure) => Err(failure),
            None => Ok(Answer(results)),
        }
    }

    /// A read: tried again where the database asks for it.
    pub(crate) async fn read(&self, text: &'static str, variables: Variables) -> Result<Answer, StoreError> {
        Ok(with_retry(|| self.once(text, variables.clone())).await?)
    }

    /// A text that is put together when it runs, which only migrations are. Runs once.
    pub(crate) async fn script(&self, text: &str, variables: Variables) -> Result<(), Failure> {
        self.once(text, variables).await.map(|_| ())
    }

    /// A write: one transaction, tried again whole while it conflicts. It runs on a task of its own, so that a
    /// caller that goes away (a browser that hangs up) does not leave a transaction half run.
    pub(crate) async fn write(&self, text: &'static str, variables: Variables) -> Result<Answer, Failure> {
        let engine = self.clone();
        let work = tokio::spawn(async move { with_retry(|| engine.once(text, variables.clone())).await });
        let result =
            work.await.unwrap_or_else(|error| Err(Failure::Other(format!("the write was broken off: {error}"))));
        self.failing.store(matches!(result, Err(Failure::Other(_))), Ordering::Relaxed);
        result
    }

    /// A disk refused what belongs to the database, by another way than the database.
    pub(crate) fn note_failure(&self) {
        self.failing.store(true, Ordering::Relaxed);
    }

    /// Whether what is written now would be kept, as far as is known; after a failed write this tries one.
    pub(crate) async fn ready(&self) -> Result<(), StoreError> {
        if self.failing.load(Ordering::Relaxed) {
            self.write(PROBE, Variables::new()).await?;
        }
        Ok(())
    }
}

/// The results of a text's statements, counted from 0; `BEGIN` is one of them.
pub(crate) struct Answer(IndexedResults);

impl Answer {
    /// What one statement returned.
    pub(crate) fn take(&mut self, statement: usize) -> Result<Value, StoreError> {
        self.0.take::<Value>(statement).map_err(|error| StoreError::Corrupt(error.message().to_owned()))
    }

    /// A statement's rows; one that is alone counts as a list of one.
    pub(crate) fn rows(&mut self, statement: usize) -> Result<Vec<Value>, StoreError> {
        Ok(match self.take(statement)? {
            Value::None | Value::Null => Vec::new(),
            Value::Array(array) => array.into_iter().collect(),
            value => vec![value],
        })
    }

    /// A statement's number; 0 where there is none.
    pub(crate) fn number(&mut self, statement: usize) -> Result<u64, StoreError> {
        match self.take(statement)? {
            Value::None | Value::Null => Ok(0),
            Value::Number(number) => number
                .to_int()
                .and_then(|number| u64::try_from(number).ok())
                .ok_or_else(|| StoreError::Corrupt("a count below zero".to_owned())),
            Value::Array(array) if array.is_empty() => Ok(0),
            other => Err(StoreError::Corrupt(format!("not a number: {:?}", other.kind()))),
        }
    }
}

/// Variables of a statement.
pub(crate) fn variables<const N: usize>(pairs: [(&str, Value); N]) -> Variables {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
