use axum::{
    handler::Handler,
    routing::{MethodFilter, MethodRouter, on},
};
use domain::Services;
use schemars::{JsonSchema, Schema, SchemaGenerator};

/// The least role that an operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Least {
    Member,
    Auditor,
    Administrator,
}

impl Least {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }
}

/// What an operation takes in the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Nothing,
    /// As [`model::ListQuery`].
    List,
    /// The version that the change is made from.
    Version,
    /// The same, and whether another address is meant to be another service.
    VersionAndService,
    /// The version, and whether a key is to sign that the service may not have.
    VersionAndAnyway,
    /// Whether a key is to sign that services may not have.
    Anyway,
}

type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// One operation. What is served and what is documented are made from the same row, so neither can miss the other.
pub struct Operation {
    pub method: &'static str,
    /// Below `/api/v1`.
    pub path: &'static str,
    pub id: &'static str,
    pub summary: &'static str,
    pub least: Least,
    pub asked: Asked,
    pub body: Option<SchemaOf>,
    pub status: u16,
    pub answer: Option<SchemaOf>,
    /// Of an answer that is no JSON.
    pub media: Option<&'static str>,
    pub handler: MethodRouter<Services>,
}

impl Operation {
    fn new(method: &'static str, path: &'static str, least: Least, handler: MethodRouter<Services>) -> Self {
        let (id, summary) = ("", "");
        let (asked, body, answer, media) = (Asked::Nothing, None, None, None);
        Self { method, path, id, summary, least, asked, body, status: 204, answer, media, handler }
    }

    pub fn get<H: Handler<T, Services>, T: 'static>(path: &'static str, least: Least, handler: H) -> Self {
        Self::new("get", path, least, on(MethodFilter::GET, handler))
    }

    pub fn post<H: Handler<T, Services>, T: 'static>(path: &'static str, least: Least, handler: H) -> Self {
        Self::new("post", path, least, on(MethodFilter::POST, handler))
    }

    pub fn put<H: Handler<T, Services>, T: 'static>(path: &'static str, least: Least, handler: H) -> Self {
        Self::new("put", path, least, on(MethodFilter::PUT, handler))
    }

    pub fn delete<H: Handler<T, Services>, T: 'static>(path: &'static str, least: Least, handler: H) -> Self {
        Self::new("delete", path, least, on(MethodFilter::DELETE, handler))
    }

    /// The name that generated clients call it by, and what it does in a few words.
    pub fn named(self, id: &'static str, summary: &'static str) -> Self {
        Self { id, summary, ..self }
    }

    pub fn list(self) -> Self {
        Self { asked: Asked::List, ..self }
    }

    pub fn at_version(self) -> Self {
        Self { asked: Asked::Version, ..self }
    }

    /// A change from a version that may lead to another service.
    pub fn at_version_and_service(self) -> Self {
        Self { asked: Asked::VersionAndService, ..self }
    }

    /// A change from a version that may make another key sign.
    pub fn at_version_or_anyway(self) -> Self {
        Self { asked: Asked::VersionAndAnyway, ..self }
    }

    /// A change that may make another key sign.
    pub fn or_anyway(self) -> Self {
        Self { asked: Asked::Anyway, ..self }
    }

    pub fn takes<T: JsonSchema>(self) -> Self {
        Self { body: Some(schemars::SchemaGenerator::subschema_for::<T>), ..self }
    }

    pub fn gives<T: JsonSchema>(self, status: u16) -> Self {
        Self { status, answer: Some(schemars::SchemaGenerator::subschema_for::<T>), ..self }
    }

    /// Answers with something that is no JSON.
    pub fn streams(self, media: &'static str) -> Self {
        Self { status: 200, media: Some(media), ..self }
    }

    /// Taken, and done by itself after the answer.
    pub fn later(self) -> Self {
        Self { status: 202, ..self }
    }
}
