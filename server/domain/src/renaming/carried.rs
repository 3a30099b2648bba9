use std::collections::{BTreeSet, HashSet};

use super::{group_ids::GroupIds, names::Renames};
use crate::{
    Error, Services,
    port::{ChangeSet, Document, Expect, Kind, Write},
};

/// Writes the new names into everything that holds an old one and is not in the change already; what is in it says the
/// new names itself. The things that are renamed are the caller's. Returns the natural keys of what follows.
pub async fn carried(
    services: &Services,
    renames: &Renames,
    change: &mut ChangeSet,
) -> Result<Vec<(Kind, String)>, Error> {
    let snapshot = services.snapshot();
    let configuration = &snapshot.configuration;
    let written: HashSet<(Kind, String)> = change.writes.iter().map(written).collect();
    let (mut writes, mut followed) = (Vec::new(), Vec::new());
    let mut follow = |document: Document, version: u64| {
        let key = (document.kind(), document.key());
        if !written.contains(&key) {
            followed.push(key);
            writes.push(Write::Put { document, expect: Expect::Version(version) });
        }
    };
    macro_rules! section {
        ($known:expr, $method:ident, $variant:ident) => {
            for record in $known.values() {
                let mut value = record.value.clone();
                if renames.$method(&mut value) {
                    follow(Document::$variant(value), record.version);
                }
            }
        };
    }
    section!(configuration.groups, group, Group);
    section!(configuration.applications, application, Application);
    section!(configuration.api_tokens, token, ApiToken);
    for record in configuration.scim_providers.values() {
        let mut value = record.value.clone();
        if renames.scim_provider(&mut value.provider) {
            follow(Document::ScimProvider(value), record.version);
        }
    }
    let mut members = BTreeSet::new();
    for group in renames.groups.keys() {
        members.extend(services.store().members_of(group).await?);
    }
    for username in members {
        let Some(found) = services.store().user(&username).await? else { continue };
        let (version, mut record) = (found.version, found.value);
        if renames.user(&mut record.user) {
            follow(Document::User(record), version);
        }
    }
    change.writes.extend(writes);
    if !renames.groups.is_empty() || !renames.made.is_empty() {
        let mut ids = GroupIds::of_configuration(configuration);
        ids.rename_all(&renames.groups, services.entropy());
        for (to, from) in &renames.made {
            ids.rename(from, to, services.entropy());
        }
        let expect = Expect::Epoch(configuration.epoch);
        change.writes.push(Write::Put { document: ids.document(), expect });
    }
    Ok(followed)
}

/// The write of something under its new name. It holds only if nothing at all was changed since the store was read: who
/// joins a group at this moment would be left with its old name.
pub fn guarded(services: &Services, document: Document) -> Write {
    Write::Put { document, expect: Expect::Epoch(services.snapshot().configuration.epoch) }
}

fn written(write: &Write) -> (Kind, String) {
    match write {
        Write::Put { document, .. } => (document.kind(), document.key()),
        Write::Delete { kind: Kind::User, key, .. } => (Kind::User, key.to_lowercase()),
        Write::Delete { kind, key, .. } => (*kind, key.clone()),
    }
}
