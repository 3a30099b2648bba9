use std::time::Duration;

use async_trait::async_trait;
use domain::port::{Clock as _, NoAnswer, ScimAnswer, ScimRequest, ScimTransport};
use jiff::fmt::rfc2822;
use reqwest::{
    Client, Method, Response,
    header::{ACCEPT, CONTENT_TYPE, DATE, RETRY_AFTER},
    redirect::Policy,
};

use super::words::words;
use crate::system::SystemClock;

/// The media type of SCIM (RFC 7644 §3.1).
const SCIM: &str = "application/scim+json";
/// Until there is a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Until the whole answer is there.
const WHOLE: Duration = Duration::from_secs(30);
/// The largest answer. A page of 100 users stays far below.
const LARGEST: usize = 8 << 20;

/// SCIM over HTTP. The token goes to the address of the provider and nowhere else: no redirect is followed.
pub struct HttpScim(Client);

impl HttpScim {
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new() -> Result<Self, reqwest::Error> {
        let agent = concat!("rolecall/", env!("CARGO_PKG_VERSION"));
        let client = Client::builder()
            .user_agent(agent)
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .build()?;
        Ok(Self(client))
    }
}

#[async_trait]
impl ScimTransport for HttpScim {
    async fn send(&self, base: &str, token: &str, request: &ScimRequest) -> Result<ScimAnswer, NoAnswer> {
        let method = Method::from_bytes(request.method.as_str().as_bytes())
            .map_err(|e| NoAnswer::NotSent(format!("no method: {e}")))?;
        let mut sending = self.0.request(method, format!("{base}{}", request.path)).bearer_auth(token);
        sending = sending.header(ACCEPT, SCIM);
        if let Some(body) = &request.body {
            sending = sending.header(CONTENT_TYPE, SCIM).body(body.to_string());
        }
        let response = sending.send().await.map_err(no_answer)?;
        let (status, retry_after) = (response.status().as_u16(), retry_after(&response));
        Ok(ScimAnswer { status, body: body(response).await?, retry_after })
    }
}

/// Without a connection nothing was sent; in every other case the request may have arrived.
fn no_answer(error: reqwest::Error) -> NoAnswer {
    let words = words(&error);
    if error.is_connect() || error.is_builder() { NoAnswer::NotSent(words) } else { NoAnswer::Lost(words) }
}

fn retry_after(response: &Response) -> Option<u64> {
    let header = |name| response.headers().get(name)?.to_str().ok();
    seconds(header(RETRY_AFTER)?, header(DATE), SystemClock.now())
}

/// Seconds, or a date (RFC 9110 §10.2.3). A date is compared with that of the answer, if it has one: the two clocks need not
/// agree. `now` is in unix seconds.
fn seconds(text: &str, answered: Option<&str>, now: i64) -> Option<u64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let at = |text: &str| rfc2822::parse(text.trim()).ok().map(|at| at.timestamp().as_second());
    let answered = answered.and_then(at).unwrap_or(now);
    // One that has passed is no pause.
    Some(u64::try_from(at(text)?.saturating_sub(answered)).unwrap_or_default())
}

async fn body(mut response: Response) -> Result<Vec<u8>, NoAnswer> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(NoAnswer::Lost(format!("the answer has more than {LARGEST} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_pause_is_asked_for_in_seconds_or_by_a_date() {
        assert_eq!(seconds(" 300 ", None, 0), Some(300));
        let (date, later) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:54:37 GMT");
        assert_eq!(seconds(later, None, 784_111_777), Some(300));
        // The clock of the service decides, not ours.
        assert_eq!(seconds(later, Some(date), 0), Some(300));
        assert_eq!(seconds(date, Some(later), 0), Some(0));
        for nothing in ["", "soon", "-5", "1.5", "Sun, 06 Nov"] {
            assert_eq!(seconds(nothing, Some(date), 0), None, "{nothing}");
        }
    }
}
