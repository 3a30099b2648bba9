use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;

/// A SCIM server with the faults of servers in the wild: it announces PATCH and answers 501 to most of them, answers
/// 200 where others answer 204, writes numbers for texts and texts for numbers, and finds nobody by `externalId`.
#[derive(Clone, Default)]
pub struct OddService(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    next: u64,
    /// By kind (`Users`, `Groups`) and number.
    objects: BTreeMap<(String, u64), Map<String, Value>>,
    log: Vec<(String, String, u16)>,
    /// Users and groups have other endpoints, which `/ResourceTypes` lists.
    elsewhere: bool,
}

impl OddService {
    /// Serves; the address is the base of the endpoint.
    pub async fn start() -> std::io::Result<(Self, String)> {
        let service = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/scim", listener.local_addr()?);
        let app = Router::new().fallback(answer).with_state(service.clone());
        tokio::spawn(async move {
            let _ = axum::serve(listener, app).await;
        });
        Ok((service, url))
    }

    /// The same with users at `/Accounts` and groups at `/Teams`.
    pub async fn elsewhere() -> std::io::Result<(Self, String)> {
        let (service, url) = Self::start().await?;
        service.held().elsewhere = true;
        Ok((service, url))
    }

    /// Requests as method, path and the status of the answer.
    pub fn log(&self) -> Vec<(String, String, u16)> {
        self.held().log.clone()
    }

    pub fn forget_log(&self) {
        self.held().log.clear();
    }

    /// What is there of a kind, in the order of creation, with `id`.
    pub fn all(&self, kind: &str) -> Vec<Value> {
        let held = self.held();
        let of_kind = held.objects.iter().filter(|((other, _), _)| other == kind);
        of_kind.map(|((_, id), object)| shown(*id, object)).collect()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(State(service): State<OddService>, method: Method, uri: Uri, body: Bytes) -> Response {
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let path = uri.path().trim_start_matches("/scim/").to_owned();
    let mut held = service.held();
    let (status, value) = held.route(&method, &path, uri.query().unwrap_or_default(), body);
    held.log.push((method.to_string(), path, status));
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [("content-type", "application/json")], value.to_string()).into_response()
}

fn resource_types() -> Value {
    let row = |name: &str, endpoint: &str| {
        let schema = format!("urn:ietf:params:scim:schemas:core:2.0:{name}");
        json!({ "id": name, "name": name, "endpoint": endpoint, "schema": schema })
    };
    json!({ "totalResults": 2, "Resources": [row("User", "/Accounts"), row("Group", "/Teams")] })
}

impl Held {
    fn route(&mut self, method: &Method, path: &str, query: &str, body: Value) -> (u16, Value) {
        let (kind, id) = path.split_once('/').unwrap_or((path, ""));
        let kind = match (self.elsewhere, kind) {
            (true, "ResourceTypes") => return (200, resource_types()),
            (true, "Accounts") => "Users",
            (true, "Teams") => "Groups",
            (true, "Users" | "Groups") => "Nothing",
            (_, kind) => kind,
        };
        if !["Users", "Groups"].contains(&kind) {
            let config = json!({ "patch": { "supported": "True" }, "filter": { "supported": true, "maxResults": 2 } });
            return if kind == "ServiceProviderConfig" { (200, config) } else { refused(404) };
        }
        if id.is_empty() && *method == Method::GET {
            return (200, self.page(kind, query));
        }
        if id.is_empty() {
            return self.create(kind, body);
        }
        let Some(key) = id.parse().ok().map(|id| (kind.to_owned(), id)) else { return refused(404) };
        let Some(object) = self.objects.get_mut(&key) else { return refused(404) };
        match *method {
            Method::GET => (200, shown(key.1, object)),
            Method::PUT => {
                *object = body.as_object().cloned().unwrap_or_default();
                (200, shown(key.1, object))
            }
            Method::PATCH => patch(object, &body),
            Method::DELETE => {
                self.objects.remove(&key);
                (200, json!({}))
            }
            _ => refused(501),
        }
    }

    fn create(&mut self, kind: &str, body: Value) -> (u16, Value) {
        let Value::Object(object) = body else { return refused(400) };
        let same = |other: &Map<String, Value>| {
            object.get("userName").is_some() && other.get("userName") == object.get("userName")
        };
        if self.objects.iter().any(|((other, _), object)| other == kind && same(object)) {
            return refused(409);
        }
        self.next += 1;
        let value = shown(self.next, &object);
        self.objects.insert((kind.to_owned(), self.next), object);
        // A creation is announced as any other success.
        (200, value)
    }

    fn page(&self, kind: &str, query: &str) -> Value {
        let query: BTreeMap<String, String> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let filter = query.get("filter").and_then(|filter| filter.split_once(" eq "));
        let fits = |object: &Map<String, Value>| match filter {
            None => true,
            Some(("externalId", _)) => false,
            Some((name, value)) => object.get(name) == serde_json::from_str(value).ok().as_ref(),
        };
        let of_kind = self.objects.iter().filter(|((other, _), object)| other == kind && fits(object));
        let rows: Vec<Value> = of_kind.map(|((_, id), object)| shown(*id, object)).collect();
        let start: usize = query.get("startIndex").and_then(|index| index.parse().ok()).unwrap_or(1);
        let page: Vec<&Value> = rows.iter().skip(start - 1).take(2).collect();
        json!({ "totalResults": rows.len().to_string(), "startIndex": start.to_string(), "Resources": page })
    }
}

/// One attribute of the core is replaced; everything else is not implemented.
fn patch(object: &mut Map<String, Value>, body: &Value) -> (u16, Value) {
    let operations = body.get("Operations").and_then(Value::as_array).cloned().unwrap_or_default();
    for operation in &operations {
        let path = operation.get("path").and_then(Value::as_str).unwrap_or_default();
        if operation.get("op") != Some(&json!("replace")) || path.contains([':', '.', '[']) || path == "members" {
            return refused(501);
        }
        object.insert(path.to_owned(), operation.get("value").cloned().unwrap_or_default());
    }
    (200, json!({}))
}

fn refused(status: u16) -> (u16, Value) {
    (status, json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": status }))
}

fn shown(id: u64, object: &Map<String, Value>) -> Value {
    let mut shown = object.clone();
    shown.insert("id".to_owned(), json!(id));
    numbers(Value::Object(shown))
}

/// Texts that read as numbers become numbers, and `true` becomes `"True"`.
fn numbers(value: Value) -> Value {
    match value {
        Value::String(text) => {
            text.parse::<u64>().ok().filter(|n| n.to_string() == text).map_or(Value::String(text), Value::from)
        }
        Value::Bool(flag) => json!(if flag { "True" } else { "False" }),
        Value::Array(rows) => rows.into_iter().map(numbers).collect(),
        Value::Object(object) => object.into_iter().map(|(key, value)| (key, numbers(value))).collect(),
        other => other,
    }
}
