//! A sandbox with one provider and one role, and its HTTP side.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use tower::ServiceExt;

use super::forge::{ACS, ISSUER, NOW, PROVIDER, ROLE, encode, metadata, ours};
use crate::{Fault, NewRole, Provider, Sandbox, SandboxOptions, Session, trust_policy};

pub const BASE: &str = "http://127.0.0.1:8181";

pub struct Desk {
    pub sandbox: Sandbox,
    pub provider: Provider,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Desk {
    pub fn new() -> Self {
        let options = SandboxOptions { base_url: BASE.into(), now: Arc::new(|| NOW), ..SandboxOptions::default() };
        let sandbox = Sandbox::new(options);
        let document = metadata(ISSUER, &[ours().base64()]);
        let provider = sandbox.iam().create_saml_provider("Rolecall", &document).unwrap();
        let trust = trust_policy(&provider.arn, &[ACS, &format!("{BASE}/saml")]);
        sandbox.iam().create_role(NewRole::new("Reader", &trust)).unwrap();
        Self { sandbox, provider }
    }

    pub async fn assume(&self, document: &str) -> Result<Session, Fault> {
        self.assume_for(document, None).await
    }

    pub async fn assume_for(&self, document: &str, seconds: Option<i64>) -> Result<Session, Fault> {
        self.sandbox.assume_role_with_saml(ROLE, PROVIDER, &encode(document), seconds).await
    }

    pub async fn send(&self, method: &str, path: &str, form: &[(&str, &str)], key: Option<&str>) -> Answer {
        let encoded = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let body: Vec<_> = form.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("content-type", "application/x-www-form-urlencoded");
        if let Some(key) = key {
            let value = format!("AWS4-HMAC-SHA256 Credential={key}/20260601/us-east-1/iam/aws4_request, Signature=0");
            request = request.header("authorization", value);
        }
        let response = self.sandbox.router().oneshot(request.body(Body::from(body.join("&"))).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send("POST", path, form, None).await
    }

    pub async fn iam(&self, action: &str, form: &[(&str, &str)]) -> Answer {
        let mut all = vec![("Action", action), ("Version", "2010-05-08")];
        all.extend(form);
        self.post("/", &all).await
    }
}

/// A refusal with its code, its status and its exact words.
pub fn refused<T: std::fmt::Debug>(result: Result<T, Fault>, status: u16, code: &str, message: &str) {
    let fault = result.unwrap_err();
    assert_eq!((fault.status, fault.code, fault.message.as_str()), (status, code, message));
}
