use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue, header},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};

/// The nonce of this response's scripts.
#[derive(Clone)]
pub struct Nonce(pub String);

/// Set by the page that posts a response to a service provider: where its form may go.
#[derive(Clone)]
pub struct FormTarget(pub String);

/// The security headers of one answer, from before it is made.
pub struct SecurityHeaders {
    nonce: String,
    is_asset: bool,
}

impl SecurityHeaders {
    /// Makes the nonce and leaves it for the handlers.
    pub fn begin(request: &mut Request) -> Self {
        let mut bytes = [0u8; 16];
        domain::port::Entropy::fill(&crate::system::SystemEntropy, &mut bytes);
        let nonce = STANDARD.encode(bytes);
        request.extensions_mut().insert(Nonce(nonce.clone()));
        Self { nonce, is_asset: request.uri().path().starts_with("/pkg/") }
    }

    /// Puts them on an answer, whatever made it.
    pub fn put_on(self, response: &mut Response) {
        let Self { nonce, is_asset } = self;
        let target = response.extensions().get::<FormTarget>().map(|t| format!(" {}", t.0)).unwrap_or_default();
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'nonce-{nonce}'; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'{target}; base-uri 'none'; \
             frame-ancestors 'none'"
        );
        let headers = response.headers_mut();
        let fixed = [
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "same-origin"),
            (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
            (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()"),
        ];
        headers.reserve(fixed.len() + 2);
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if !headers.contains_key(header::CACHE_CONTROL) {
            // Names of built files do not change with their content, so they are asked for again each time.
            let keep = HeaderValue::from_static(if is_asset { "no-cache" } else { "no-store" });
            headers.insert(header::CACHE_CONTROL, keep);
        }
    }
}
