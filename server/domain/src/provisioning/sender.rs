use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU32, AtomicU64, Ordering},
};

use model::ScimLogLine;
use scim::{
    apply::{Answer, Outcome, interpret, lost},
    dialect::Dialect,
    rate::{Bucket, backoff},
    step::Ready,
    wire::{Method, Request},
};

use crate::{
    Services, identifiers,
    port::{NoAnswer, ScimAnswer},
};

/// How often one request is repeated before others go first.
const ATTEMPTS: u32 = 4;
/// The same for a page of a list of which earlier pages came.
const PAGE_ATTEMPTS: u32 = 12;
/// The longest that a service may send us away for, in seconds.
const LONGEST_WAIT: u64 = 300;
/// Requests that go at once after a pause.
const BURST: u32 = 10;
/// Changes of memberships that AWS takes in a second.
const MEMBERSHIPS: u32 = 100;

/// Sends requests at the rate that the service takes, and repeats those that may be repeated.
pub struct Sender {
    services: Services,
    base: String,
    token: String,
    pub dialect: Dialect,
    buckets: Mutex<Buckets>,
    /// Nothing is sent before this moment of [`Pace`](crate::port::Pace).
    quiet_until: AtomicU64,
    requests: AtomicU64,
    attempts: AtomicU32,
    /// Every request and its answer, where somebody wants to read them.
    log: Option<Mutex<Vec<ScimLogLine>>>,
}

struct Buckets {
    writes: Bucket,
    reads: Bucket,
    memberships: Bucket,
}

impl Sender {
    pub fn new(services: Services, base: &str, token: String, dialect: Dialect) -> Self {
        let memberships = MEMBERSHIPS.max(dialect.writes_per_second.saturating_mul(4));
        let buckets = Buckets {
            writes: Bucket::new(dialect.writes_per_second, BURST),
            reads: Bucket::new(dialect.reads_per_second, BURST),
            memberships: Bucket::new(memberships, memberships),
        };
        Self {
            services,
            base: base.trim_end_matches('/').to_owned(),
            token,
            dialect,
            buckets: Mutex::new(buckets),
            quiet_until: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            attempts: AtomicU32::new(ATTEMPTS),
            log: None,
        }
    }

    /// Another one to the same service that keeps a log.
    pub fn logged(&self) -> Self {
        let log = Some(Mutex::new(Vec::new()));
        Self { log, ..Self::new(self.services.clone(), &self.base, self.token.clone(), self.dialect.clone()) }
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

    /// Repeats nothing until an answer came: a service that did not answer is asked once, not four times.
    pub fn careful(self) -> Self {
        self.attempts.store(1, Ordering::Relaxed);
        self
    }

    /// Requests sent so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Sends one request when its time has come. `weight`: the memberships that it changes.
    pub async fn once(&self, request: &Request, weight: usize) -> Result<ScimAnswer, NoAnswer> {
        let pace = self.services.pace();
        loop {
            let now = pace.millis();
            let quiet = self.quiet_until.load(Ordering::Relaxed).saturating_sub(now);
            let wait = if quiet > 0 { quiet } else { self.take(now, request.method, weight) };
            if wait == 0 {
                break;
            }
            pace.pause(wait).await;
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        let answer = self.services.scim().send(&self.base, &self.token, request).await;
        self.note(request, &answer);
        if answer.as_ref().is_ok_and(|answer| answer.status < 400) {
            self.attempts.store(ATTEMPTS, Ordering::Relaxed);
        }
        self.services.counters().scim_request(&self.base, answer.as_ref().ok().map(|answer| answer.status));
        answer
    }

    /// Takes the request off the buckets; otherwise the milliseconds to wait.
    fn take(&self, now: u64, method: Method, weight: usize) -> u64 {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if method == Method::Get {
            return buckets.reads.take(now, 1).err().unwrap_or_default();
        }
        let weight = u32::try_from(weight).unwrap_or(u32::MAX);
        // From both or from none: what one gives and the other does not would be lost, a hundred memberships at a time.
        let (mut writes, mut memberships) = (buckets.writes, buckets.memberships);
        match (writes.take(now, 1), memberships.take(now, weight)) {
            (Ok(()), Ok(())) => {
                (buckets.writes, buckets.memberships) = (writes, memberships);
                0
            }
            (one, other) => one.err().max(other.err()).unwrap_or_default(),
        }
    }

    /// Sends a step and repeats it for as long as that may help. What needs a look, or more patience, comes back; with it
    /// whether an attempt may have been done of which the outcome does not tell.
    pub async fn step(&self, ready: &Ready) -> (Outcome, bool) {
        let (mut attempt, mut maybe) = (0, false);
        loop {
            let sent = self.once(&ready.request, ready.step.membership_changes()).await;
            maybe |= match &sent {
                Ok(answer) => answer.status == 408 || answer.status >= 500,
                Err(NoAnswer::NotSent(_)) => false,
                Err(NoAnswer::Lost(_)) => true,
            };
            let outcome = match sent {
                Ok(answer) => interpret(&ready.step, &of(&answer), &self.dialect),
                Err(NoAnswer::NotSent(words)) => Outcome::Retry { after: None, words },
                Err(NoAnswer::Lost(words)) => match lost(&ready.step) {
                    Outcome::Retry { after, .. } => Outcome::Retry { after, words },
                    other => other,
                },
            };
            match &outcome {
                Outcome::Retry { after, .. } => {
                    if !self.again(&mut attempt, 0, *after).await {
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
            let (words, after) = match self.once(request, 0).await {
                Ok(answer) if matches!(answer.status, 408 | 425 | 429 | 500 | 502..=504) => {
                    (format!("status {}", answer.status), answer.retry_after)
                }
                Ok(answer) => return Ok(answer),
                Err(error) => (error.to_string(), None),
            };
            if !self.again(&mut attempt, most, after).await {
                return Err(words);
            }
        }
    }

    /// Waits before an attempt is repeated; false when it was repeated often enough. All others wait along: a service
    /// that sends one request away is not helped by the next.
    async fn again(&self, attempt: &mut u32, most: u32, after: Option<u64>) -> bool {
        *attempt += 1;
        if *attempt >= self.attempts.load(Ordering::Relaxed).max(most) {
            return false;
        }
        let mut random = [0; 8];
        self.services.entropy().fill(&mut random);
        let wait = backoff(*attempt - 1, u64::from_le_bytes(random));
        let pace = self.services.pace();
        if let Some(seconds) = after {
            let until = pace.millis() + seconds.min(LONGEST_WAIT) * 1000;
            self.quiet_until.fetch_max(until, Ordering::Relaxed);
        }
        pace.pause(wait).await;
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
