use model::{EventKind, Renamed};
use serde_json::json;

use super::{carried::carried, guarded, mentions::mentions, names::Renames};
use crate::{
    Admin, Error,
    events::Entry,
    port::{ChangeSet, Document, Expect, Kind, Write},
    validate,
};

/// How often a rename is made anew when something else was changed meanwhile.
pub(super) const ATTEMPTS: usize = 8;

impl Admin<'_> {
    /// Gives a group another name, in all that names it and all at once: members, parents, bindings, role tables, what SCIM
    /// providers push. Services know it as before, so they are told of its new name and of nothing else. `version`:
    /// the one that was looked at; None: whichever there is.
    pub async fn rename_group(&self, name: &str, version: Option<u64>, to: &str) -> Result<Renamed, Error> {
        let mut attempts = ATTEMPTS;
        loop {
            attempts -= 1;
            match self.try_rename_group(name, version, to).await {
                Err(Error::Conflict(_)) if attempts > 0 => {}
                done => return done,
            }
        }
    }

    async fn try_rename_group(&self, name: &str, version: Option<u64>, to: &str) -> Result<Renamed, Error> {
        let caller = self.caller();
        let services = &caller.services;
        services.refresh().await?;
        let snapshot = services.snapshot();
        let groups = &snapshot.configuration.groups;
        let found = groups.get(name).ok_or_else(|| Error::missing(Kind::Group, name))?;
        if version.is_some_and(|version| version != found.version) {
            return Err(Error::Conflict(format!("group `{name}` was changed meanwhile; look at it again")));
        }
        let faults = validate::object_name(to);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let mentioned_in = mentions(&snapshot.configuration, name);
        if name == to {
            return Ok(Renamed { name: to.to_owned(), followed: 0, mentioned_in });
        }
        if groups.contains_key(to) {
            return Err(Error::invalid("name", "there is a group of this name already"));
        }
        let renames = Renames { groups: [(name.to_owned(), to.to_owned())].into(), ..Renames::default() };
        let mut after = found.value.clone();
        renames.group(&mut after);
        to.clone_into(&mut after.name);
        let event = services.event(Entry {
            kind: EventKind::Updated,
            actor: caller.username(),
            target: format!("group {to}"),
            address: &caller.origin.address,
            message: format!("{} renamed the group {name} to {to}", caller.username()),
            detail: json!({ "before": found.value, "after": after, "mentioned_in": mentioned_in, "token": caller.token }),
        });
        let writes = vec![
            guarded(services, Document::Group(after)),
            Write::Delete { kind: Kind::Group, key: name.to_owned(), expect: Expect::Version(found.version) },
        ];
        let mut change = ChangeSet { writes, events: vec![event], ..ChangeSet::default() };
        let followed = carried(services, &renames, &mut change).await?.len() as u64;
        services.commit(change).await?;
        Ok(Renamed { name: to.to_owned(), followed, mentioned_in })
    }
}
