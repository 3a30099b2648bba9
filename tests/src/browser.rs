use std::{net::SocketAddr, sync::Arc};

use reqwest::{Method, StatusCode, cookie::Jar, header::HeaderMap, redirect::Policy};

use crate::{
    page::{Form, forms},
    patience::longest,
};

/// A client with cookies that follows no redirect by itself, so that tests see each step.
pub struct Browser {
    base: String,
    client: reqwest::Client,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get("location").and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The first form of the page.
    pub fn form(&self) -> Form {
        forms(&self.body).into_iter().next().unwrap_or_else(|| Form {
            action: String::new(),
            method: String::new(),
            fields: Vec::new(),
        })
    }
}

impl Browser {
    pub fn new(base: &str) -> Self {
        // Names under localhost are this machine for browsers, whatever the resolver of the system knows.
        let here = SocketAddr::from(([127, 0, 0, 1], 0));
        let builder = reqwest::Client::builder().cookie_provider(Arc::new(Jar::default())).redirect(Policy::none());
        let builder = builder.resolve("sso.localhost", here).read_timeout(longest());
        Self { base: base.to_owned(), client: builder.build().unwrap_or_default() }
    }

    fn url(&self, path: &str) -> String {
        if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.base) }
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<(&str, String)>,
    ) -> Answer {
        let mut request = self.client.request(method, self.url(path));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some((kind, body)) = body {
            request = request.header("content-type", kind).body(body);
        }
        match request.send().await {
            Ok(response) => Answer {
                status: response.status(),
                headers: response.headers().clone(),
                body: response.text().await.unwrap_or_default(),
            },
            Err(error) => Answer {
                status: StatusCode::IM_A_TEAPOT,
                headers: HeaderMap::new(),
                body: format!("no answer: {error}"),
            },
        }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// An answer that does not end by itself, such as server-sent events; it is read piece by piece.
    pub async fn open(&self, path: &str) -> Result<reqwest::Response, reqwest::Error> {
        self.client.get(self.url(path)).send().await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Method::POST, path, &[], Some(("application/x-www-form-urlencoded", body))).await
    }

    pub async fn post_json(&self, path: &str, body: &serde_json::Value) -> Answer {
        self.send(Method::POST, path, &[], Some(("application/json", body.to_string()))).await
    }

    pub async fn sign_in(&self, username: &str, password: &str) -> Answer {
        self.post("/login", &[("username", username), ("password", password)]).await
    }
}
