//! Where everything durable is: SurrealDB, embedded or remote. The only crate that knows it.
//!
//! - [`StoreOptions`] says where the database is, [`SurrealStore::open`] opens it and brings its schema up to date
//! - documents (users and configuration): `document` (rows), `commit` (all writes), `configuration`, `user` (reads)
//! - `session` and `event`: the two kinds of thing that are written at every sign-in; `event_log` joins event writes, and
//!   `journal` has them on disk before the database does
//! - `response`: the responses issued last; `response_log` has them written behind the back of those who issue them
//! - `api_token`: when tokens of the API were used
//! - `provisioning`: leases of workers, the mirrors of SCIM and how they stand
//! - `backup`: the whole store as rows; `restoring`: the mark of one that is not whole yet
//! - `engine` runs statements; `retry` and `failure` decide what an error of the database means; `json` converts
//! - `migrate` with `migrations/*.surql`: the schema; `holder`: who has an embedded database open
//!
//! Statements are fixed texts and values are bound, never spliced in. A statement runs on the caller's task and
//! nests deeply: the runtime needs threads with a stack of 10 MiB.
mod api_token;
mod backup;
mod capacity;
mod commit;
mod configuration;
mod document;
mod engine;
mod event;
mod event_log;
mod failure;
mod holder;
mod journal;
mod json;
mod logout;
mod migrate;
mod notes;
mod open;
mod options;
mod provisioning;
mod provisioning_store;
mod request;
mod response;
mod response_log;
mod restoring;
mod retry;
mod session;
mod surreal_store;
#[cfg(test)]
mod tests;
mod user;

pub use open::OpenError;
pub use options::StoreOptions;
pub use surreal_store::SurrealStore;
