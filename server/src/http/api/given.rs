use axum::{
    extract::{FromRequestParts, Path, Query},
    http::{StatusCode, request::Parts},
};
use model::ListQuery;
use serde::{Deserialize, de::DeserializeOwned};

use crate::http::problem::Problem;

/// The names in the path.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(names)| Self(names)).map_err(|rejection| bad("path", &rejection.body_text()))
    }
}

/// What a list is asked for.
pub struct Listing(pub ListQuery);

impl<S: Send + Sync> FromRequestParts<S> for Listing {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<ListQuery>::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query)).map_err(|rejection| bad("query", &rejection.body_text()))
    }
}

/// The version that a change is made from: `?version=3`, as reading the thing gave it.
pub struct Version(pub u64);

#[derive(Deserialize)]
struct AtVersion {
    version: u64,
}

impl<S: Send + Sync> FromRequestParts<S> for Version {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<AtVersion>::from_request_parts(parts, state).await;
        query.map(|Query(query)| Self(query.version)).map_err(|_| {
            bad("query", "say which version the change is made from, as reading the thing gave it: ?version=3")
        })
    }
}

/// Whether a change of the address is meant to lead to another service: `?another_service=true`.
#[derive(Deserialize)]
pub struct Moving {
    #[serde(default)]
    pub another_service: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Moving {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<Self>::from_request_parts(parts, state).await;
        query.map(|Query(query)| query).map_err(|rejection| bad("query", &rejection.body_text()))
    }
}

/// Whether a key is to sign of which nothing says that the service has it: `?anyway=true`.
#[derive(Deserialize)]
pub struct Insisting {
    #[serde(default)]
    pub anyway: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Insisting {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<Self>::from_request_parts(parts, state).await;
        query.map(|Query(query)| query).map_err(|rejection| bad("query", &rejection.body_text()))
    }
}

fn bad(code: &str, detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, code, detail)
}
