use model::{EventKind, KeyGeneration, Role, User};
use serde_json::{Value, json};

use crate::{
    Error, Origin, Services,
    events::Entry,
    identifiers, key_making,
    port::{ChangeSet, Document, Expect, Setting, StoreError, UserRecord, Write},
    snapshot::{DEFAULT_KEY, PAIRWISE_SECRET},
    users, validate,
};

/// Who the first administrator is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FirstAdministrator {
    pub username: String,
    pub name: String,
    pub email: String,
    pub password: String,
}

/// The name of the key that is made on first run.
pub(crate) const FIRST_KEY: &str = "rolecall";

impl Services {
    /// Makes the default signing key and the secret of name identifiers where the store has none.
    pub(crate) async fn first_run(&self) -> Result<(), Error> {
        let snapshot = self.snapshot();
        if snapshot.configuration.settings.contains_key(PAIRWISE_SECRET) {
            return Ok(());
        }
        let generation =
            KeyGeneration { algorithm: Default::default(), common_name: "rolecall".into(), valid_days: 3650 };
        let record = key_making::generate(self, FIRST_KEY, &generation).await?;
        let mut secret = [0u8; 32];
        self.entropy().fill(&mut secret);
        let put = |document| Write::Put { document, expect: Expect::Absent };
        let setting = |name: &str, value| Document::Setting(Setting { name: name.to_owned(), value });
        let change = ChangeSet {
            writes: vec![
                put(Document::Key(record)),
                put(setting(DEFAULT_KEY, Value::from(FIRST_KEY))),
                put(self.pairwise_setting(&secret)?),
            ],
            ..ChangeSet::default()
        };
        match self.store().commit(change).await {
            // Another server on the same store was faster; its key is as good.
            Ok(_) | Err(StoreError::Exists { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        self.refresh().await.map(|_| ())
    }

    /// The secret of persistent NameIDs, sealed to be kept.
    pub(crate) fn pairwise_setting(&self, secret: &[u8]) -> Result<Document, Error> {
        let sealed = self.vault().seal(self.entropy(), PAIRWISE_SECRET, secret)?;
        let value = serde_json::to_value(sealed).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(Document::Setting(Setting { name: PAIRWISE_SECRET.to_owned(), value }))
    }

    /// While there is no administrator: a new one-time token for the set-up page. It replaces the one before.
    pub async fn offer_set_up(&self) -> Result<Option<String>, Error> {
        if self.store().count_administrators().await? > 0 {
            return Ok(None);
        }
        let token = identifiers::secret(self.entropy());
        let mut slot = self.set_up_slot().lock().map_err(|_| Error::Internal("set-up slot".into()))?;
        *slot = Some(identifiers::fingerprint(&token));
        Ok(Some(token))
    }

    /// Whether a token opens the set-up page.
    pub fn set_up_token_fits(&self, token: &str) -> bool {
        let Ok(slot) = self.set_up_slot().lock() else { return false };
        slot.as_ref()
            .is_some_and(|kept| openssl::memcmp::eq(kept.as_bytes(), identifiers::fingerprint(token).as_bytes()))
    }

    /// Makes the first administrator and uses up the token.
    pub async fn set_up(&self, token: &str, draft: FirstAdministrator, origin: &Origin) -> Result<(), Error> {
        if !self.set_up_token_fits(token) || self.store().count_administrators().await? > 0 {
            return Err(Error::invalid(
                "",
                "this set-up link is used up; the server prints another one when it starts without an administrator",
            ));
        }
        let mut faults = validate::user(&draft.username, &[("name", draft.name.as_str())], &draft.email);
        if let Err(Error::Invalid(more)) = self.passwords().check(&draft.username, &draft.password) {
            faults.extend(more);
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let password = users::hash_password(self, draft.password).await?;
        let name = if draft.name.is_empty() { draft.username.clone() } else { draft.name };
        let user = User {
            uid: identifiers::hex::<16>(self.entropy()),
            name,
            given_name: String::new(),
            family_name: String::new(),
            email: draft.email,
            active: true,
            role: Role::Administrator,
            service_account: false,
            groups: Default::default(),
            attributes: Default::default(),
            username: draft.username,
        };
        let event = self.event(Entry {
            kind: EventKind::FirstAdministrator,
            actor: &user.username,
            target: format!("user {}", user.username),
            address: &origin.address,
            message: format!("{} became the first administrator", user.username),
            detail: json!({}),
        });
        let document = Document::User(UserRecord { user, password: Some(password) });
        let change = ChangeSet {
            writes: vec![Write::Put { document, expect: Expect::Absent }],
            events: vec![event],
            ..ChangeSet::default()
        };
        // The token goes first: two requests with it cannot both come through.
        let taken = self.set_up_slot().lock().ok().and_then(|mut slot| slot.take());
        if taken.is_none() {
            return Err(Error::Conflict("this set-up link is being used at this moment".into()));
        }
        if let Err(error) = self.commit(change).await {
            if let Ok(mut slot) = self.set_up_slot().lock() {
                *slot = taken;
            }
            return Err(error);
        }
        Ok(())
    }
}
