use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use model::ScimProvider;
use scim::{
    id::{Kind, LocalId},
    state::{Effect, Observed},
    step::{Action, Step},
    wire::text,
};

use super::mirror::{Entry, decoded};
use crate::{Error, Services, port::MirrorMark, snapshot::Snapshot};

/// For so many seconds, or until the worker here has done something, what a service has is not asked again.
const FOR: i64 = 5;
/// So many seconds after it was read, what is known is of use to nobody, however many are waiting.
const OLDEST: i64 = 60;

/// Who is called what at a service, as far as it has acknowledged it.
#[derive(Debug, Default)]
pub struct Accounts {
    /// Another number whenever this may have changed. 0: nothing is known.
    pub generation: u64,
    names: HashMap<LocalId, String>,
    /// By the name in lower case: services do not tell names apart by it.
    holders: HashMap<String, LocalId>,
    /// Who else may have a name. Few do: only while a request has no answer is a name of two.
    also: HashMap<String, Vec<LocalId>>,
}

impl Accounts {
    /// What was sent and has no answer yet may be done, so a name that it gives is taken to be given.
    fn of(observed: &Observed, generation: u64) -> Self {
        let mut this = Self { generation, ..Self::default() };
        for (id, held) in observed.held(Kind::User) {
            if let Some(name) = text(&held.resource, "userName") {
                this.names.insert(id.clone(), name.to_owned());
                this.give(name, id);
            }
        }
        for step in observed.in_flight.iter().filter(|step| step.object.kind == Kind::User) {
            if let Some(name) = given(step) {
                this.give(name, &step.object.id);
            }
        }
        this
    }

    fn give(&mut self, name: &str, id: &LocalId) {
        let name = name.to_lowercase();
        match self.holders.get(&name) {
            Some(holder) if holder == id => {}
            Some(_) => self.also.entry(name).or_default().push(id.clone()),
            None => _ = self.holders.insert(name, id.clone()),
        }
    }

    /// The userName of somebody of ours, by identifier.
    pub fn user_name(&self, uid: &str) -> Option<&str> {
        self.names.get(&LocalId(uid.to_owned())).map(String::as_str)
    }

    /// Whether a userName is that of somebody else of ours, or may be.
    pub fn is_held(&self, name: &str, uid: &str) -> bool {
        let name = name.to_lowercase();
        let also = self.also.get(&name).into_iter().flatten();
        self.holders.get(&name).into_iter().chain(also).any(|holder| holder.as_str() != uid)
    }
}

/// Whether an entry about a user of ours may change who is called what. Who is made or taken over was nobody before: to
/// look for that each time would cost a first run more than it helps.
pub(super) fn renames(entry: &Entry) -> bool {
    let (object, renames) = match entry {
        Entry::Begin { step } | Entry::Finish { step } => match &step.action {
            Action::Change { .. } | Action::Replace { .. } => (&step.object, given(step).is_some()),
            Action::Delete => (&step.object, true),
            _ => return false,
        },
        Entry::Record { effect } => match effect {
            Effect::Changed { object, operations } => (object, operations.iter().any(|o| o.path == "userName")),
            Effect::Replaced { object, .. } | Effect::Seen { object, .. } | Effect::Gone { object } => (object, true),
            _ => return false,
        },
        Entry::Park { .. } | Entry::Unpark { .. } => return false,
    };
    renames && object.kind == Kind::User
}

/// The userName that a step gives to a user.
fn given(step: &Step) -> Option<&str> {
    match &step.action {
        Action::Create { resource, .. } | Action::Replace { resource, .. } => text(resource, "userName"),
        Action::Change { operations } => {
            operations.iter().find(|operation| operation.path == "userName")?.value.as_ref()?.as_str()
        }
        _ => None,
    }
}

/// The accounts of the services that somebody signed on to, by SCIM provider. One mirror is read at a time, and whoever
/// comes meanwhile goes by what was known before.
#[derive(Default)]
pub struct KnownAccounts {
    kept: Mutex<HashMap<String, Kept>>,
    turn: tokio::sync::Mutex<()>,
    generations: AtomicU64,
    /// How many readings have begun.
    readings: AtomicU64,
}

/// When something was read.
#[derive(Clone, Copy)]
struct Reading {
    number: u64,
    /// Unix seconds.
    at: i64,
}

struct Kept {
    /// Where it was read.
    url: String,
    mark: MirrorMark,
    /// By which reading it was found to be so last.
    reading: Reading,
    /// Unix seconds.
    until: i64,
    accounts: Arc<Accounts>,
}

impl KnownAccounts {
    /// The worker has done something: what is known is old.
    pub fn stale(&self, provider: &str) {
        if let Some(kept) = self.kept().get_mut(provider) {
            kept.until = i64::MIN;
        }
    }

    fn find(&self, provider: &ScimProvider, now: i64) -> Option<Arc<Accounts>> {
        let kept = self.kept();
        let found = kept.get(&provider.name).filter(|kept| kept.url == provider.url && now < kept.until);
        found.map(|kept| Arc::clone(&kept.accounts))
    }

    /// What was known last, also where it is old, but not out of all proportion.
    fn last(&self, provider: &ScimProvider, now: i64) -> Option<Arc<Accounts>> {
        let recent = |kept: &&Kept| kept.url == provider.url && now.saturating_sub(kept.reading.at) <= OLDEST;
        self.kept().get(&provider.name).filter(recent).map(|kept| Arc::clone(&kept.accounts))
    }

    /// What was read by a reading that began after so many others had.
    fn read_after(&self, provider: &ScimProvider, readings: u64) -> Option<Arc<Accounts>> {
        let later = |kept: &&Kept| kept.url == provider.url && kept.reading.number > readings;
        self.kept().get(&provider.name).filter(later).map(|kept| Arc::clone(&kept.accounts))
    }

    /// What is known, if it was read of the same mirror: it holds for a while more.
    fn extend(&self, provider: &ScimProvider, mark: &MirrorMark, reading: Reading) -> Option<Arc<Accounts>> {
        let mut kept = self.kept();
        let found = kept.get_mut(&provider.name).filter(|kept| kept.url == provider.url && kept.mark == *mark)?;
        // Without a mark of its snapshot a mirror could be taken for a later one, unless there is none.
        let sure = mark.snapshot.is_some() || (mark.entry == 0 && found.accounts.names.is_empty());
        sure.then(|| {
            (found.reading, found.until) = (reading, reading.at + FOR);
            Arc::clone(&found.accounts)
        })
    }

    /// Nothing is done under the lock that could leave it half done.
    fn kept(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Services {
    /// What is known of the accounts at the Identity Center that an application signs on to; None: it is none, or no SCIM
    /// provider is behind it. A sign-on asks, so that mostly it is at hand.
    pub(crate) async fn accounts_behind(&self, slug: &str) -> Result<Option<Arc<Accounts>>, Error> {
        let snapshot = self.snapshot();
        let Some(scim) = scim_behind(&snapshot, slug) else { return Ok(None) };
        let (known, now) = (self.known_accounts(), self.clock().now());
        if let Some(found) = known.find(scim, now) {
            return Ok(Some(found));
        }
        let _turn = match (known.turn.try_lock(), known.last(scim, now)) {
            (Ok(turn), _) => turn,
            (Err(_), Some(last)) => return Ok(Some(last)),
            (Err(_), None) => known.turn.lock().await,
        };
        match known.find(scim, now) {
            Some(found) => Ok(Some(found)),
            None => self.read_accounts(&snapshot, scim).await.map(Some),
        }
    }

    /// The same as of this moment, for somebody whose name there changes: two people may trade names, and by what was known
    /// a moment ago one would sign on as the other.
    pub(crate) async fn accounts_now(&self, slug: &str) -> Result<Option<Arc<Accounts>>, Error> {
        let snapshot = self.snapshot();
        let Some(scim) = scim_behind(&snapshot, slug) else { return Ok(None) };
        let known = self.known_accounts();
        let begun = known.readings.load(Ordering::SeqCst);
        let _turn = known.turn.lock().await;
        // Of all who wait for their turn, one reads for the others.
        match known.read_after(scim, begun) {
            Some(found) => Ok(Some(found)),
            None => self.read_accounts(&snapshot, scim).await.map(Some),
        }
    }

    /// Reads what is known, if there is anything new. One at a time, so the caller has the turn.
    async fn read_accounts(&self, snapshot: &Arc<Snapshot>, provider: &ScimProvider) -> Result<Arc<Accounts>, Error> {
        let known = self.known_accounts();
        let number = 1 + known.readings.fetch_add(1, Ordering::SeqCst);
        let reading = Reading { number, at: self.clock().now() };
        // The mark comes first: a mirror that moves on while it is read is read again the next time.
        let mark = self.provisioning().mirror_mark(&provider.name).await?;
        if let Some(same) = known.extend(provider, &mark, reading) {
            return Ok(same);
        }
        let generation = 1 + known.generations.fetch_add(1, Ordering::Relaxed);
        let of_another = self.scim_state(&provider.name).await?.is_of_another(&provider.url);
        let text = if of_another { None } else { Some(self.provisioning().mirror(&provider.name).await?) };
        let read = move || {
            let observed = text.map_or(Ok(None), decoded)?;
            Ok::<_, Error>(observed.map(|observed| Accounts::of(&observed, generation)).unwrap_or_default())
        };
        let accounts = Arc::new(self.busy(read).await??);
        let (url, until) = (provider.url.clone(), reading.at + FOR);
        let kept = Kept { url, mark, reading, until, accounts: Arc::clone(&accounts) };
        let mut all = known.kept();
        all.retain(|name, _| snapshot.configuration.scim_providers.contains_key(name));
        all.insert(provider.name.clone(), kept);
        Ok(accounts)
    }
}

/// The SCIM provider that fills the Identity Center of an application.
fn scim_behind<'a>(snapshot: &'a Snapshot, slug: &str) -> Option<&'a ScimProvider> {
    let application = snapshot.application(slug).ok()?;
    super::user_name::behind(snapshot, application, snapshot.provider_of(application).ok()?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::ScimProvider;
    use scim::{
        id::{LocalId, Object, RemoteId},
        state::{Effect, Observed},
        step::{Action, Reason, Step},
        wire::{Op, Operation, Resource},
    };
    use serde_json::json;

    use super::{Accounts, Entry, FOR, Kept, KnownAccounts, OLDEST, Reading};
    use crate::port::MirrorMark;

    fn resource(name: &str) -> Resource {
        json!({ "userName": name }).as_object().unwrap().clone()
    }

    /// A service where somebody of ours is called so.
    fn there(people: &[(&str, &str)]) -> Observed {
        let mut observed = Observed::default();
        for (id, name) in people {
            let (object, remote) = (Object::user(&LocalId::from(*id)), RemoteId::from(*id));
            observed.record(Effect::Created { object, remote, resource: resource(name), members: Default::default() });
        }
        observed
    }

    fn renames(id: &str, name: &str) -> Step {
        let action = Action::Change { operations: vec![Operation::new(Op::Replace, "userName", json!(name))] };
        let why = Reason::Changed { attributes: vec!["userName".to_owned()] };
        Step { object: Object::user(&LocalId::from(id)), name: name.to_owned(), why, action }
    }

    #[test]
    fn a_name_that_was_sent_without_an_answer_may_be_the_other_ones_already() {
        let mut observed = there(&[("ada", "a@x"), ("eve", "e@x")]);
        let held = |observed: &Observed, uid: &str| Accounts::of(observed, 1).is_held("A@x", uid);
        assert_eq!((held(&observed, "ada"), held(&observed, "eve")), (false, true));
        let step = renames("eve", "a@x");
        observed.begin(&step);
        assert_eq!((held(&observed, "ada"), held(&observed, "eve")), (true, true));
        assert_eq!(Accounts::of(&observed, 1).user_name("eve"), Some("e@x"), "nobody has acknowledged it");
        observed.finish(&step);
        assert_eq!((held(&observed, "ada"), held(&observed, "eve")), (false, true), "it was refused");
        let created = Action::Create { resource: resource("a@x"), members: Default::default() };
        observed.begin(&Step { action: created, why: Reason::New, ..renames("new", "a@x") });
        assert!(held(&observed, "ada"));
    }

    #[test]
    fn what_is_at_hand_is_old_as_soon_as_a_name_is_about_to_change_and_when_it_has() {
        let step = renames("eve", "a@x");
        let titled = Action::Change { operations: vec![Operation::new(Op::Replace, "title", json!("Countess"))] };
        let changed = |step: &Step| {
            let Action::Change { operations } = step.action.clone() else { panic!("it changes nothing") };
            Entry::Record { effect: Effect::Changed { object: step.object.clone(), operations } }
        };
        for (step, is_old) in [(step.clone(), true), (Step { action: titled, ..step }, false)] {
            for entry in [Entry::Begin { step: step.clone() }, changed(&step), Entry::Finish { step: step.clone() }] {
                assert_eq!(super::renames(&entry), is_old, "{entry:?}");
            }
        }
        let (user, group) = (Object::user(&LocalId::from("eve")), Object::group(&LocalId::from("sea")));
        let gone = |object: Object| super::renames(&Entry::Record { effect: Effect::Gone { object } });
        assert_eq!((gone(user), gone(group)), (true, false));
    }

    #[test]
    fn what_was_read_is_for_whoever_asked_before_the_reading_began_and_for_others_as_long_as_it_is_fresh() {
        let (known, provider) = (KnownAccounts::default(), ScimProvider::new("aws", "https://aws.example"));
        let mark = MirrorMark { snapshot: Some("m".to_owned()), entry: 1 };
        let accounts = Arc::new(Accounts::of(&there(&[("ada", "a@x")]), 1));
        let (url, reading) = (provider.url.clone(), Reading { number: 7, at: 1_000 });
        let kept = Kept { url, mark: mark.clone(), reading, until: 1_000 + FOR, accounts };
        known.kept().insert("aws".to_owned(), kept);
        assert_eq!([6, 7].map(|begun| known.read_after(&provider, begun).is_some()), [true, false]);
        known.stale("aws");
        assert!(known.find(&provider, 1_000).is_none());
        let last = |now: i64| known.last(&provider, now).is_some();
        assert_eq!([1_000 + OLDEST, 1_001 + OLDEST].map(last), [true, false]);
        // The mirror is the same as it was.
        assert!(known.extend(&provider, &mark, Reading { number: 8, at: 2_000 }).is_some());
        assert_eq!((known.read_after(&provider, 7).is_some(), last(2_000 + OLDEST)), (true, true));
        let elsewhere = ScimProvider::new("aws", "https://aws.example/another");
        assert!(known.read_after(&elsewhere, 0).is_none() && known.last(&elsewhere, 2_000).is_none());
    }

    #[test]
    fn of_two_to_whom_a_name_was_acknowledged_neither_has_it_for_sure() {
        // The change that took it from the first was done, and its answer lost.
        let observed = there(&[("ada", "a@x"), ("eve", "A@x")]);
        let accounts = Accounts::of(&observed, 1);
        assert!(accounts.is_held("a@x", "ada") && accounts.is_held("a@x", "eve"));
    }
}
