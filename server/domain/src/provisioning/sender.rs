use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, AtomicU64, Ordering},
};

use model::ScimLogLine;
use scim::{
    apply::{Answer, Outcome, interpret, lost},
    dialect::Dialect,
    rate::backoff,
    step::Ready,
    wire::Request,
};

use super::{moving::spelling, pacing::Pacing, tenure::Tenure};
use crate::{
    Services, identifiers,
    port::{NoAnswer, ScimAnswer},
};

/// How often one request is repeated before others go first.
const ATTEMPTS: u32 = 4;
/// The same for a page of a list of which earlier pages came.
const PAGE_ATTEMPTS: u32 = 12;
/// A pause that a service asks for is waited for up to so many milliseconds; before a longer one the work ends, and others
/// can see why.
pub(super) const WAITS: u64 = 30_000;

/// Sends requests at the rate that the service takes, and repeats those that may be repeated.
pub struct Sender {
    services: Services,
    base: String,
    token: String,
    pub dialect: Dialect,
    pacing: Arc<Pacing>,
    /// That of the worker that it sends for; none: what it sends changes nothing, and needs no lease.
    tenure: Option<Tenure>,
    /// The longest pause that is waited for, in milliseconds.
    waits: u64,
    requests: AtomicU64,
    attempts: AtomicU32,
    /// Every request and its answer, where somebody wants to read them.
    log: Option<Mutex<Vec<ScimLogLine>>>,
}

impl Sender {
    pub fn new(services: Services, base: &str, token: String, dialect: Dialect) -> Self {
        let pacing = services.pacings().of(&spelling(base), &dialect, services.pace().millis());
        Self {
            services,
            base: base.trim_end_matches('/').to_owned(),
            token,
            dialect,
            pacing,
            tenure: None,
            waits: WAITS,
            requests: AtomicU64::new(0),
            attempts: AtomicU32::new(ATTEMPTS),
            log: None,
        }
    }

    /// Another one to the same service that keeps a log.
    pub fn logged(&self) -> Self {
        let (log, tenure) = (Some(Mutex::new(Vec::new())), self.tenure.clone());
        Self { tenure, log, ..Self::new(self.services.clone(), &self.base, self.token.clone(), self.dialect.clone()) }
    }

    /// The log so far.
    pub fn lines(&self) -> Vec<ScimLogLine> {
        let log = self.log.as_ref().map(|log| log.lock().unwrap_or_else(PoisonError::into_inner).clone());
        log.unwrap_or_default()
    }

    fn note(&self, request: &Request, answer: &Result<ScimAnswer, NoAnswer>) {
        let Some(log) = &self.log else { return };
        let (words, body) = match answer {
            Ok(answer) => (answer.status.to_string(), String::from_utf8_lossy(&answer.body).into_owned()),
            Err(error) => (error.to_string(), String::new()),
        };
        // A service may well repeat in its answer what it was sent.
        let told = |text: String| if self.token.is_empty() { text } else { text.replace(&self.token, "[token]") };
        log.lock().unwrap_or_else(PoisonError::into_inner).push(ScimLogLine {
            at: identifiers::rfc3339(self.services.clock().now()),
            request: format!("{} {}", request.method.as_str(), request.path),
            body: request.body.as_ref().map(|body| cut(&told(body.to_string()))).unwrap_or_default(),
            answer: told(words),
            answer_body: cut(&told(body)),
        });
    }

    /// Sends nothing once the lease of the worker that it sends for has ended.
    pub fn under(self, tenure: Option<Tenure>) -> Self {
        Self { tenure, ..self }
    }

    /// Waits for no pause that the service asked for: somebody looks at the page.
    pub fn impatient(self) -> Self {
        Self { waits: 0, ..self }
    }

    /// The milliseconds for which the service wants no request, where that is longer than anybody waits here.
    pub fn sent_away(&self) -> Option<u64> {
        Some(self.pacing.quiet(self.services.pace().millis())).filter(|quiet| *quiet > self.waits)
    }

    /// Whether the lease has ended of the worker that it sends for.
    pub fn lease_ended(&self) -> bool {
        self.tenure.as_ref().is_some_and(Tenure::is_over)
    }

    /// Whether nothing is sent any more in this round.
    pub fn is_stopped(&self) -> bool {
        self.lease_ended() || self.sent_away().is_some()
    }

    /// Repeats nothing until an answer came: a service that did not answer is asked once, not four times.
    pub fn careful(self) -> Self {
        self.attempts.store(1, Ordering::Relaxed);
        self
    }

    /// The memberships that the service is sent in a second at present.
    pub fn memberships_per_second(&self) -> usize {
        self.pacing.memberships_per_second()
    }

    /// Requests sent so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Sends one request when its time has come. `weight`: the memberships that it changes.
    pub async fn once(&self, request: &Request, weight: usize) -> Result<ScimAnswer, NoAnswer> {
        let pace = self.services.pace();
        loop {
            if self.lease_ended() {
                return Err(NoAnswer::LeaseEnded);
            }
            if let Some(quiet) = self.sent_away() {
                return Err(NoAnswer::NotWanted(quiet.div_ceil(1_000)));
            }
            let now = pace.millis();
            let quiet = self.pacing.quiet(now);
            let wait = if quiet > 0 { quiet } else { self.pacing.take(now, request.method, weight) };
            if wait == 0 {
                break;
            }
            pace.pause(wait).await;
        }
        // After the wait, for it may have been long.
        if let Some(tenure) = &self.tenure
            && !tenure.holds().await
        {
            return Err(NoAnswer::LeaseEnded);
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        let answer = self.services.scim().send(&self.base, &self.token, request).await;
        self.note(request, &answer);
        if let Ok(answer) = &answer {
            self.pacing.answered(pace.millis(), weight, answer.status);
        }
        // Whoever asks next waits along, now or in another round: a service that sends one request away is not helped by
        // the next.
        if let Ok(ScimAnswer { status: 408 | 413 | 425 | 429 | 500.., retry_after: Some(seconds), .. }) = &answer {
            self.pacing.send_away(pace.millis(), *seconds);
        }
        if answer.as_ref().is_ok_and(|answer| answer.status < 400) {
            self.attempts.store(ATTEMPTS, Ordering::Relaxed);
        }
        self.services.counters().scim_request(&self.base, answer.as_ref().ok().map(|answer| answer.status));
        answer
    }

    /// Sends a step and repeats it for as long as that may help; `once`: not at all. What needs a look, or more patience,
    /// comes back; with it whether an attempt may have been done of which the outcome does not tell.
    pub async fn step(&self, ready: &Ready, once: bool) -> (Outcome, bool) {
        let (mut attempt, mut maybe) = (0, false);
        loop {
            let sent = self.once(&ready.request, ready.step.membership_changes()).await;
            maybe |= match &sent {
                Ok(answer) => answer.status == 408 || answer.status >= 500,
                Err(NoAnswer::NotSent(_) | NoAnswer::NotWanted(_) | NoAnswer::LeaseEnded) => false,
                Err(NoAnswer::Lost(_)) => true,
            };
            let outcome = match sent {
                Ok(answer) => interpret(&ready.step, &of(&answer), &self.dialect),
                Err(error @ (NoAnswer::NotWanted(_) | NoAnswer::LeaseEnded)) => {
                    Outcome::Retry { after: None, words: error.to_string() }
                }
                Err(NoAnswer::NotSent(words)) => Outcome::Retry { after: None, words },
                Err(NoAnswer::Lost(words)) => match lost(&ready.step) {
                    Outcome::Retry { after, .. } => Outcome::Retry { after, words },
                    other => other,
                },
            };
            match &outcome {
                Outcome::Retry { .. } => {
                    if once || !self.again(&mut attempt, 0).await {
                        return (outcome, maybe);
                    }
                }
                _ => return (outcome, maybe),
            }
        }
    }

    /// Sends a read until it is answered with something that says anything.
    pub async fn read(&self, request: &Request) -> Result<ScimAnswer, String> {
        self.read_up_to(request, 0).await
    }

    /// The same for the next page of a list.
    pub async fn read_on(&self, request: &Request) -> Result<ScimAnswer, String> {
        self.read_up_to(request, PAGE_ATTEMPTS).await
    }

    /// With at least so many attempts.
    async fn read_up_to(&self, request: &Request, most: u32) -> Result<ScimAnswer, String> {
        let mut attempt = 0;
        loop {
            let words = match self.once(request, 0).await {
                Ok(answer) if matches!(answer.status, 408 | 425 | 429 | 500 | 502..=504) => {
                    format!("status {}", answer.status)
                }
                Ok(answer) => return Ok(answer),
                Err(error) => error.to_string(),
            };
            if !self.again(&mut attempt, most).await {
                return Err(words);
            }
        }
    }

    /// Waits before an attempt is repeated; false when it was repeated often enough, or not for a long time.
    async fn again(&self, attempt: &mut u32, most: u32) -> bool {
        *attempt += 1;
        if *attempt >= self.attempts.load(Ordering::Relaxed).max(most) || self.is_stopped() {
            return false;
        }
        let mut random = [0; 8];
        self.services.entropy().fill(&mut random);
        self.services.pace().pause(backoff(*attempt - 1, u64::from_le_bytes(random))).await;
        true
    }
}

/// What of a body a log shows.
fn cut(text: &str) -> String {
    text.chars().take(4_000).collect()
}

/// An answer as the engine takes it.
pub fn of(answer: &ScimAnswer) -> Answer<'_> {
    Answer { status: answer.status, body: &answer.body, retry_after: answer.retry_after }
}
