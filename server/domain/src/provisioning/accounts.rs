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
    state::Observed,
    wire::text,
};

use super::mirror::decoded;
use crate::{Error, Services, port::MirrorMark, snapshot::Snapshot};

/// For so many seconds, or until the worker here has done something, what a service has is not asked again.
const FOR: i64 = 5;

/// Who is called what at a service, as far as it has acknowledged it.
#[derive(Debug, Default)]
pub struct Accounts {
    /// Another number whenever this may have changed. 0: nothing is known.
    pub generation: u64,
    names: HashMap<LocalId, String>,
    /// By the name in lower case: services do not tell names apart by it.
    holders: HashMap<String, LocalId>,
}

impl Accounts {
    fn of(observed: &Observed, generation: u64) -> Self {
        let held = observed.held(Kind::User).iter();
        let named = held.filter_map(|(id, held)| Some((id.clone(), text(&held.resource, "userName")?.to_owned())));
        let names: HashMap<LocalId, String> = named.collect();
        let holders = names.iter().map(|(id, name)| (name.to_lowercase(), id.clone())).collect();
        Self { generation, names, holders }
    }

    /// The userName of somebody of ours, by identifier.
    pub fn user_name(&self, uid: &str) -> Option<&str> {
        self.names.get(&LocalId(uid.to_owned())).map(String::as_str)
    }

    /// Whether a userName is that of somebody else of ours.
    pub fn is_held(&self, name: &str, uid: &str) -> bool {
        self.holders.get(&name.to_lowercase()).is_some_and(|holder| holder.as_str() != uid)
    }
}

/// The accounts of the services that somebody signed on to, by SCIM provider. One mirror is read at a time, and whoever
/// comes meanwhile goes by what was known before.
#[derive(Default)]
pub struct KnownAccounts {
    kept: Mutex<HashMap<String, Kept>>,
    turn: tokio::sync::Mutex<()>,
    generations: AtomicU64,
}

struct Kept {
    /// Where it was read.
    url: String,
    mark: MirrorMark,
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

    /// What was known last, however old.
    fn last(&self, provider: &ScimProvider) -> Option<Arc<Accounts>> {
        let kept = self.kept();
        kept.get(&provider.name).filter(|kept| kept.url == provider.url).map(|kept| Arc::clone(&kept.accounts))
    }

    /// What is known, if it was read of the same mirror: it holds for a while more.
    fn extend(&self, provider: &ScimProvider, mark: &MirrorMark, until: i64) -> Option<Arc<Accounts>> {
        let mut kept = self.kept();
        let found = kept.get_mut(&provider.name).filter(|kept| kept.url == provider.url && kept.mark == *mark)?;
        // Without a mark of its snapshot a mirror could be taken for a later one, unless there is none.
        let sure = mark.snapshot.is_some() || (mark.entry == 0 && found.accounts.names.is_empty());
        sure.then(|| {
            found.until = until;
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
        let _turn = match (known.turn.try_lock(), known.last(scim)) {
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
        let _turn = self.known_accounts().turn.lock().await;
        self.read_accounts(&snapshot, scim).await.map(Some)
    }

    /// Reads what is known, if there is anything new. One at a time, so the caller has the turn.
    async fn read_accounts(&self, snapshot: &Arc<Snapshot>, provider: &ScimProvider) -> Result<Arc<Accounts>, Error> {
        let (known, now) = (self.known_accounts(), self.clock().now());
        // The mark comes first: a mirror that moves on while it is read is read again the next time.
        let mark = self.provisioning().mirror_mark(&provider.name).await?;
        if let Some(same) = known.extend(provider, &mark, now + FOR) {
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
        let kept = Kept { url: provider.url.clone(), mark, until: now + FOR, accounts: Arc::clone(&accounts) };
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
