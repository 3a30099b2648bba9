//! The loop that a worker runs, over the double, with faults.

use super::Aws;
use super::together::creates;
use scim::apply::{Answer, Outcome, can_wait, interpret, lost};
use scim::dialect::Dialect;
use scim::id::{Kind, RemoteId};
use scim::plan::{Plan, PlanOptions, fit, plan, plan_fitted};
use scim::read::{Pager, group_request, members_in};
use scim::state::{Desired, Effect, Observed, Pattern};
use scim::step::Step;
use scim::verify::{Claims, Listing, drift, rebuild};
use scim::wire::{ListResponse, Method, Request, ServiceProviderConfig, name_of};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    Throttled,
    /// 500 before anything was done.
    Failed,
    /// 500 after it was done.
    FailedLate,
    /// No answer, nothing done.
    LostRequest,
    /// No answer, but done.
    LostAnswer,
    /// The process dies after the request was done, before the mirror is written.
    Crash,
    /// The process dies before the request was sent.
    CrashBefore,
    /// The process dies and the mirror is lost.
    Amnesia,
}

pub struct World {
    pub aws: Aws,
    pub mirror: Observed,
    pub dialect: Dialect,
    pub options: PlanOptions,
    pub faults: Vec<Fault>,
    pub parked: Vec<String>,
    /// Requests so far, without those of a reading of everything.
    pub requests: usize,
    /// Creations in doubt stay open and are found out together.
    pub together: bool,
}

/// The process died.
pub(super) struct Died;

impl World {
    pub fn new(options: PlanOptions) -> Self {
        let (aws, mirror) = (Aws::default(), Observed::default());
        let (faults, parked) = (Vec::new(), Vec::new());
        Self { aws, mirror, dialect: Dialect::aws(), options, faults, parked, requests: 0, together: false }
    }

    /// The same over a server of RFC 7644.
    pub fn standard(options: PlanOptions, patch: bool) -> Self {
        let config = ServiceProviderConfig { patch, ..ServiceProviderConfig::default() };
        let mut world = Self { dialect: Dialect::rfc7644(&config), ..Self::new(options) };
        world.aws.standard = true;
        world
    }

    pub fn plan(&self, desired: &Desired) -> Plan {
        let (mirror, dialect, options) = (&self.mirror, &self.dialect, &self.options);
        let made = plan(desired, mirror, dialect, options);
        // Of whatever was made to fit before it is the same plan.
        let users = desired.users.iter();
        let fitting = users.map(|(id, user)| (id, Cow::Owned(fit(Kind::User, id, Cow::Borrowed(user), dialect))));
        assert_eq!(plan_fitted(fitting.collect(), &desired.groups, mirror, dialect, options), made);
        made
    }

    /// Plans and applies until a plan is empty; returns how many rounds it took.
    pub fn converge(&mut self, desired: &Desired) -> usize {
        for round in 0..60 {
            let plan = self.plan(desired);
            if plan.steps.is_empty() && self.mirror.unread_groups().next().is_none() {
                return round;
            }
            self.parked.clear();
            let claims = Claims::of(desired);
            _ = self.apply(&plan, &claims);
        }
        panic!("no convergence: {:#?} {:?}", self.plan(desired).steps, self.parked);
    }

    /// One pass over a plan.
    pub fn apply(&mut self, plan: &Plan, claims: &Claims) -> usize {
        let mut sent = 0;
        for (at, step) in plan.steps.iter().enumerate() {
            // What follows a creation may have to know whom it is about.
            let before = at.checked_sub(1).and_then(|before| plan.steps.get(before));
            if before.is_some_and(|before| creates(before) != creates(step)) && self.find_out(claims).is_err() {
                return sent;
            }
            sent += 1;
            if self.step(step, claims).is_err() {
                return sent;
            }
        }
        if self.find_out(claims).is_err() {
            return sent;
        }
        let unread: Vec<_> = self.mirror.unread_groups().cloned().collect();
        for group in unread {
            let members = self.members(&self.mirror.groups[&group].remote.clone());
            let roster = self.mirror.owners(Kind::User).roster(&members);
            self.mirror.record(Effect::MembersRead { group, roster });
        }
        sent
    }

    /// What a worker does first after it was started.
    pub fn resume(&mut self, claims: &Claims) {
        while let Some(step) = self.mirror.in_flight.first().cloned() {
            let outcome = lost(&step);
            let repeat = matches!(outcome, Outcome::Retry { .. });
            if !repeat && self.settle(outcome, claims).is_err() {
                continue;
            }
            self.mirror.finish(&step);
            if repeat && self.step(&step, claims).is_err() {
                self.mirror.begin(&step);
            }
        }
    }

    fn step(&mut self, step: &Step, claims: &Claims) -> Result<(), Died> {
        let mut maybe = false;
        for _ in 0..20 {
            let Ok(ready) = step.prepare(&self.mirror, &self.dialect) else { return Ok(()) };
            self.mirror.begin(&ready.step);
            let answer = self.send(&ready.request, claims)?;
            maybe |= answer.as_ref().is_none_or(|(status, _)| *status == 408 || *status >= 500);
            let outcome = match answer {
                Some((status, body)) => interpret(&ready.step, &Answer::new(status, &body), &self.dialect),
                None => lost(&ready.step),
            };
            if self.together && can_wait(&ready.step, &outcome, maybe) {
                return Ok(());
            }
            let done = self.settle(outcome, claims)?;
            self.mirror.finish(&ready.step);
            if done {
                return Ok(());
            }
        }
        panic!("never done: {step:?}");
    }

    /// Follows an outcome to its end; false when the step is to be repeated.
    fn settle(&mut self, mut outcome: Outcome, claims: &Claims) -> Result<bool, Died> {
        while let Outcome::Unknown { look } | Outcome::Conflict { look } = &outcome {
            let request = look.request(&self.mirror, &self.dialect).unwrap();
            let answer = self.send(&request, claims)?;
            // A question that is not answered is asked again.
            let Some((status, body)) = answer.filter(|(status, _)| *status < 429) else { continue };
            let answer = Answer::new(status, &body);
            outcome = look.interpret(&answer, &self.mirror, &self.dialect, self.options.adopt);
        }
        match outcome {
            Outcome::Done { effect } => {
                self.mirror.record(effect.clone());
                // A copy for each effect is too dear in a large world.
                if self.mirror.users.len() < 100 {
                    let mut again = self.mirror.clone();
                    again.record(effect);
                    assert_eq!(again, self.mirror, "recording twice is recording once");
                }
                Ok(true)
            }
            Outcome::Parked { words, effect, .. } => {
                self.parked.push(words);
                effect.into_iter().for_each(|effect| self.mirror.record(effect));
                Ok(true)
            }
            Outcome::Retry { .. } => Ok(false),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn send(&mut self, request: &Request, claims: &Claims) -> Result<Option<(u16, Vec<u8>)>, Died> {
        self.requests += 1;
        self.only_ours(request);
        match self.faults.pop().unwrap_or(Fault::None) {
            Fault::None => Ok(Some(self.aws.handle(request))),
            Fault::Throttled => Ok(Some((429, Vec::new()))),
            Fault::Failed => Ok(Some((500, b"oops".to_vec()))),
            Fault::FailedLate => {
                self.aws.handle(request);
                Ok(Some((500, Vec::new())))
            }
            Fault::LostRequest => Ok(None),
            Fault::LostAnswer => {
                self.aws.handle(request);
                Ok(None)
            }
            Fault::Crash => {
                self.aws.handle(request);
                Err(Died)
            }
            Fault::CrashBefore => Err(Died),
            Fault::Amnesia => {
                self.aws.handle(request);
                self.rebuild(claims);
                Err(Died)
            }
        }
    }

    /// A write names an object of ours, and never one with a protected name.
    fn only_ours(&self, request: &Request) {
        let mut parts = request.path.trim_start_matches('/').split('/');
        let (Some(kind), Some(id), false) = (parts.next(), parts.next(), request.method == Method::Get) else { return };
        let kind = if kind == "Users" { Kind::User } else { Kind::Group };
        let held = self.mirror.held(kind).values().find(|held| held.remote.as_str() == id);
        let held = held.unwrap_or_else(|| panic!("not ours: {request:?}"));
        assert!(!self.mirror.is_protected(name_of(kind, &held.resource)), "protected: {request:?}");
    }

    pub fn rebuild(&mut self, claims: &Claims) {
        let (listing, protected) = (self.listing(), std::mem::take(&mut self.mirror.protected));
        self.mirror = rebuild(claims, &listing, &self.dialect, self.options.adopt, protected, self.options.now);
        assert_eq!(drift(&self.mirror, &listing, &self.dialect), [], "a new mirror shows what was read");
    }

    pub fn protect(&mut self, pattern: &str) {
        self.mirror.protected.push(Pattern(pattern.to_owned()));
    }

    pub fn listing(&mut self) -> Listing {
        let users = self.read(Pager::all(Kind::User, &self.dialect));
        let groups = self.read(Pager::all(Kind::Group, &self.dialect));
        let ids: Vec<RemoteId> = groups.iter().filter_map(scim::wire::remote_id).collect();
        let members: BTreeMap<_, _> =
            ids.into_iter().map(|id| (id.clone(), self.members(&id).into_iter().collect())).collect();
        Listing { users, groups, members }
    }

    fn members(&mut self, group: &RemoteId) -> Vec<RemoteId> {
        let Some(pager) = Pager::members(group, &self.dialect) else {
            let (_, body) = self.aws.handle(&group_request(group, &self.dialect));
            return members_in(&serde_json::from_slice(&body).unwrap());
        };
        let rows = self.read(pager);
        rows.iter().filter_map(scim::wire::remote_id).collect()
    }

    fn read(&mut self, mut pager: Pager) -> Vec<scim::wire::Resource> {
        let mut rows = Vec::new();
        while let Some(request) = pager.request() {
            let (status, body) = self.aws.handle(&request);
            assert_eq!(status, 200);
            let page = ListResponse::read(&body).unwrap();
            pager.accept(&page);
            rows.extend(page.resources);
        }
        rows
    }
}
