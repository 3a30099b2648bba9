use reqwest::Method;
use serde_json::Value;

use crate::{Answer, Browser};

/// A program with a token of the API.
pub struct Api {
    browser: Browser,
    authorization: String,
}

impl Api {
    pub fn new(base: &str, token: &str) -> Self {
        Self { browser: Browser::new(base), authorization: format!("Bearer {token}") }
    }

    /// `path` is below `/api/v1`.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string()));
        let headers = [("authorization", self.authorization.as_str())];
        self.browser.send(method, &format!("/api/v1{path}"), &headers, body).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// A read that must succeed.
    pub async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.json()
    }
}
