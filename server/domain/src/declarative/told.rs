use std::collections::BTreeMap;

use model::{Event, EventKind};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    Error, Services,
    events::Entry,
    port::{ChangeSet, Document, Kind, Write},
    renaming::Renames,
    snapshot::DEFAULT_KEY,
};

/// So many things have an event of their own. Of a larger change, such as the first file with everybody in it, the event of
/// the file tells alone, by their names: all events are written with the change.
const MOST: usize = 1000;

/// One thing that a change writes.
struct Told {
    what: EventKind,
    /// With the article of what follows.
    verb: String,
    target: String,
    before: Option<Value>,
    after: Option<Value>,
}

impl Services {
    /// An event for each thing that a file changes, with what was before and after, as a change in the console has one.
    pub(super) async fn told_of(
        &self,
        file: &str,
        actor: &str,
        renames: &Renames,
        change: &ChangeSet,
    ) -> Result<Vec<Event>, Error> {
        let mut told = Vec::new();
        if change.writes.len() <= MOST {
            for write in &change.writes {
                told.extend(self.told(write, renames).await?);
            }
        }
        let event = |Told { what, verb, target, before, after }| {
            // What differs is then something that is not shown, such as a password or a token.
            let secret = (before == after).then_some("another");
            let beside = secret.map_or("", |_| ", of which a secret is another,");
            self.event(Entry {
                kind: what,
                actor,
                message: format!("{actor} {verb} {target}{beside} by {file}"),
                target,
                address: "",
                detail: json!({ "before": before, "after": after, "secret": secret, "file": file }),
            })
        };
        Ok(told.into_iter().map(event).collect())
    }

    /// None: it is nothing that has events, or the other half of a renaming.
    async fn told(&self, write: &Write, renames: &Renames) -> Result<Option<Told>, Error> {
        if let Write::Put { document: Document::Setting(setting), .. } = write
            && setting.name == DEFAULT_KEY
            && let Some(name) = setting.value.as_str()
        {
            let before = self.snapshot().default_key().map(Value::from);
            let (target, after) = (format!("{} {name}", Kind::Key.word()), Some(Value::from(name)));
            let verb = "made the default key the".to_owned();
            return Ok(Some(Told { what: EventKind::Updated, verb, target, before, after }));
        }
        let (kind, key, after) = match write {
            Write::Put { document, .. } => (document.kind(), document.key(), shown(document)),
            Write::Delete { kind, key, .. } => (*kind, key.clone(), None),
        };
        let new_names = match kind {
            Kind::User => &renames.users,
            Kind::Group => &renames.groups,
            _ => &BTreeMap::new(),
        };
        let is_key = |name: &str| if kind == Kind::User { name.to_lowercase() == key } else { name == key };
        let Some(after) = after else {
            let before = self.known(kind, &key).await?;
            // Who is renamed is told of under the new name.
            let goes = before.is_some() && !new_names.contains_key(&key);
            let target = target(kind, &key, before.as_ref());
            let gone = Told { what: EventKind::Deleted, verb: "deleted the".to_owned(), target, before, after: None };
            return Ok(goes.then_some(gone));
        };
        let former = new_names.iter().find(|(_, next)| is_key(next)).map(|(former, _)| former.as_str());
        let before = self.known(kind, former.unwrap_or(&key)).await?;
        let (what, verb) = match (&before, former) {
            (None, _) => (EventKind::Created, "created the".to_owned()),
            (Some(_), None) => (EventKind::Updated, "changed the".to_owned()),
            (Some(before), Some(former)) => {
                (EventKind::Updated, format!("renamed the {} to the", target(kind, former, Some(before))))
            }
        };
        let target = target(kind, &key, Some(&after));
        Ok(Some(Told { what, verb, target, before, after: Some(after) }))
    }

    /// What is there now, as events show it.
    async fn known(&self, kind: Kind, key: &str) -> Result<Option<Value>, Error> {
        let snapshot = self.snapshot();
        let there = &snapshot.configuration;
        Ok(match kind {
            Kind::User => self.store().user(key).await?.and_then(|record| value(&record.value.user)),
            Kind::Group => there.groups.get(key).and_then(|record| value(&record.value)),
            Kind::Application => there.applications.get(key).and_then(|record| value(&record.value)),
            Kind::SamlProvider => there.saml_providers.get(key).and_then(|record| value(&record.value)),
            Kind::ScimProvider => there.scim_providers.get(key).and_then(|record| value(&record.value.provider)),
            Kind::PropertyMapping => there.property_mappings.get(key).and_then(|record| value(&record.value)),
            Kind::Policy => there.policies.get(key).and_then(|record| value(&record.value)),
            Kind::Key => there.keys.get(key).and_then(|record| value(&record.value.key)),
            Kind::Webhook => there.webhooks.get(key).and_then(|record| value(&record.value.webhook)),
            Kind::Setting | Kind::ApiToken => None,
        })
    }
}

/// What an event is about. The key of a user is the name in lower case; events have it as it is written.
fn target(kind: Kind, key: &str, of: Option<&Value>) -> String {
    let written = of.filter(|_| kind == Kind::User).and_then(|user| user.get("username")?.as_str());
    format!("{} {}", kind.word(), written.unwrap_or(key))
}

/// What an event shows of a document: nothing that is secret, sealed or not.
fn shown(document: &Document) -> Option<Value> {
    match document {
        Document::User(record) => value(&record.user),
        Document::Group(group) => value(group),
        Document::Application(application) => value(application),
        Document::SamlProvider(provider) => value(provider),
        Document::ScimProvider(record) => value(&record.provider),
        Document::PropertyMapping(mapping) => value(mapping),
        Document::Policy(policy) => value(policy),
        Document::Key(record) => value(&record.key),
        Document::Webhook(record) => value(&record.webhook),
        Document::Setting(_) | Document::ApiToken(_) => None,
    }
}

fn value<T: Serialize>(of: &T) -> Option<Value> {
    serde_json::to_value(of).ok()
}
