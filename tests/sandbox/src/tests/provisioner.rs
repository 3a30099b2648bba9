//! A SCIM client that has no opinions of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::desk::BASE;
use super::forge::NOW;
use crate::{IdentityCenterOptions, Sandbox, SandboxOptions};

pub const GENERAL: &str = "Request is unparsable, syntactically incorrect, or violates schema.";
pub const TAKEN: &str = "Refused to create a new, duplicate resource.";
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub struct Provisioner {
    pub sandbox: Sandbox,
    pub token: String,
    pub clock: Arc<AtomicI64>,
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Reply {
    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("{}", self.body)).to_owned()
    }

    pub fn rows(&self) -> &Vec<Value> {
        self.body["Resources"].as_array().unwrap_or_else(|| panic!("{}", self.body))
    }

    /// A refusal with exactly these words.
    pub fn refused(&self, status: u16, detail: &str) {
        assert_eq!((self.status, self.body["detail"].as_str()), (status, Some(detail)), "{}", self.body);
    }

    pub fn ok(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }
}

impl Provisioner {
    pub fn new() -> Self {
        Self::with(IdentityCenterOptions { rates: None, ..IdentityCenterOptions::default() })
    }

    pub fn with(identity_center: IdentityCenterOptions) -> Self {
        let clock = Arc::new(AtomicI64::new(NOW * 1_000));
        let hand = |parts: i64| {
            let clock = Arc::clone(&clock);
            Arc::new(move || clock.load(Ordering::Relaxed) / (1_000 / parts))
        };
        let (now, millis) = (hand(1), hand(1_000));
        let options =
            SandboxOptions { base_url: BASE.into(), now, millis, identity_center, ..SandboxOptions::default() };
        let sandbox = Sandbox::new(options);
        let token = sandbox.identity_center().create_token().unwrap().secret;
        Self { sandbox, token, clock }
    }

    /// Lets seconds pass.
    pub fn wait(&self, seconds: i64) {
        self.wait_millis(seconds * 1_000);
    }

    /// Lets milliseconds pass.
    pub fn wait_millis(&self, millis: i64) {
        self.clock.fetch_add(millis, Ordering::Relaxed);
    }

    pub async fn raw(&self, request: Request<Body>) -> Reply {
        let response = self.sandbox.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Reply { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// A request to the endpoint; the path may have a query.
    pub fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
        let address = format!("{}/{path}", self.sandbox.identity_center().scim_endpoint());
        let request = Request::builder()
            .method(method)
            .uri(address.strip_prefix(BASE).unwrap())
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/scim+json");
        request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap()
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Reply {
        self.raw(self.request(method, path, body)).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send("GET", path, None).await
    }

    /// A list with a filter and, before it, other parameters.
    pub async fn filtered(&self, path: &str, filter: &str) -> Reply {
        let encoded: String = filter.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let mark = if path.contains('?') { '&' } else { '?' };
        self.get(&format!("{path}{mark}filter={encoded}")).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, operations: Value) -> Reply {
        let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
        self.send("PATCH", path, Some(&body)).await
    }

    /// Makes a user and gives the id.
    pub async fn user(&self, name: &str) -> String {
        self.post("Users", &user(name)).await.ok(201).id()
    }

    /// Makes a group and gives the id.
    pub async fn group(&self, name: &str) -> String {
        self.post("Groups", &json!({ "displayName": name })).await.ok(201).id()
    }

    /// The user names in a group, by the directory itself.
    pub fn members(&self, group: &str) -> Vec<String> {
        let directory = self.sandbox.identity_center().directory();
        let found = directory["groups"].as_array().unwrap().iter().find(|one| one["id"] == group).unwrap().clone();
        found["memberNames"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    }
}

/// The least that a user may be, and an address.
pub fn user(name: &str) -> Value {
    json!({
        "userName": name,
        "name": { "givenName": "Ada", "familyName": "Lovelace" },
        "displayName": "Ada Lovelace",
        "emails": [{ "value": format!("{name}@mail.example"), "type": "work", "primary": true }],
        "active": true,
    })
}

/// A user with one attribute in addition or in the place of another.
pub fn user_with(name: &str, attribute: &str, value: Value) -> Value {
    let mut user = user(name);
    user[attribute] = value;
    user
}
