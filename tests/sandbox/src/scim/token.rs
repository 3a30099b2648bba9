//! Access tokens of the endpoint.

use crate::entropy::{request_id, session_token};
use crate::fault::Fault;

/// A year, in seconds: how long AWS lets a token live.
const YEAR: i64 = 365 * 86_400;

/// A bearer token. Times are unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The name by which it is deleted.
    pub id: String,
    /// What a client sends.
    pub secret: String,
    /// When it was made.
    pub created: i64,
    /// From when on it is refused.
    pub expires: i64,
}

/// At most two tokens.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens(Vec<Token>);

impl Tokens {
    /// Makes a token: `secret` or else a random one, valid for a year or for so many seconds.
    pub(crate) fn create(&mut self, secret: Option<&str>, seconds: Option<i64>, now: i64) -> Result<Token, Fault> {
        if self.0.len() >= 2 {
            let message = "There can be at most two access tokens at a time; delete one first.";
            return Err(Fault::new(400, "ServiceQuotaExceededException", message));
        }
        let secret = secret.map_or_else(session_token, |secret| Ok(secret.to_owned()))?;
        let token = Token { id: request_id(), secret, created: now, expires: now + seconds.unwrap_or(YEAR) };
        self.0.push(token.clone());
        Ok(token)
    }

    /// Deletes a token; whether there was one.
    pub(crate) fn delete(&mut self, id: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|token| token.id != id);
        self.0.len() < before
    }

    /// Ends the token with this secret now.
    pub(crate) fn expire(&mut self, secret: &str, now: i64) {
        for token in self.0.iter_mut().filter(|token| token.secret == secret) {
            token.expires = token.expires.min(now);
        }
    }

    /// Whether a secret is one of them and has not ended.
    pub(crate) fn accepts(&self, secret: &str, now: i64) -> bool {
        self.0.iter().any(|token| token.secret == secret && now < token.expires)
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[Token] {
        &self.0
    }
}
