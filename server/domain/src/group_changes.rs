use std::collections::BTreeMap;

use model::{EventKind, FieldError, Group};

use crate::{
    Admin, Error,
    groups::cycle,
    port::{ChangeSet, Document, Expect, Kind, Write},
    validate,
};

/// A group with more direct members than this is emptied first: what goes with one change is written at once.
const MOST_MEMBERS: usize = 5_000;

impl Admin<'_> {
    pub async fn create_group(&self, group: Group) -> Result<(), Error> {
        let snapshot = self.caller().services.snapshot();
        let mut faults = self.group_faults(&group);
        if snapshot.configuration.groups.contains_key(&group.name) {
            faults.push(FieldError::new("name", "there is a group of this name already"));
        }
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let event = self.changed(EventKind::Created, Kind::Group, &group.name, None, Some(&group));
        self.write(Write::Put { document: Document::Group(group), expect: Expect::Absent }, event).await
    }

    /// `version` is the one the change was made from; a newer one in the store is a conflict.
    pub async fn update_group(&self, name: &str, version: u64, group: Group) -> Result<(), Error> {
        let before = self.group(name).await?.group;
        if group.name != name {
            let why = "the name stays: bindings and services know the group by it; rename the group, which all of them follow";
            return Err(Error::invalid("name", why));
        }
        let faults = self.group_faults(&group);
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let event = self.changed(EventKind::Updated, Kind::Group, name, Some(&before), Some(&group));
        self.write(Write::Put { document: Document::Group(group), expect: Expect::Version(version) }, event).await
    }

    /// Makes somebody a direct member, or takes a direct member out.
    pub async fn set_member(&self, group: &str, username: &str, member: bool) -> Result<(), Error> {
        self.group(group).await?;
        let found = self.user(username).await;
        let found = found.map_err(|error| match error {
            Error::NotFound { .. } => Error::invalid("member", format!("there is no user `{username}`")),
            other => other,
        })?;
        let mut user = found.user;
        let changed = if member { user.groups.insert(group.to_owned()) } else { user.groups.remove(group) };
        if !changed {
            return Ok(());
        }
        let name = user.username.clone();
        self.update_user(&name, found.version, user).await
    }

    /// Refused while an application or a SCIM provider names it. Its members and the groups below it lose it in the same
    /// change: a later group of the same name must not find them there.
    pub async fn delete_group(&self, name: &str, version: u64) -> Result<(), Error> {
        let detail = self.group(name).await?;
        let used_by = self.group_used_by(name);
        if !used_by.is_empty() {
            return Err(Error::Conflict(format!("it is in use: {}; take it out there first", used_by.join(", "))));
        }
        if detail.members.len() > MOST_MEMBERS {
            let why = format!("the group has {} direct members; take them out first", detail.members.len());
            return Err(Error::Conflict(why));
        }
        let services = &self.caller().services;
        let mut change = ChangeSet::default();
        for username in &detail.members {
            let Some(found) = services.store().user(username).await? else { continue };
            let (version, mut record) = (found.version, found.value);
            let before = record.user.clone();
            record.user.groups.remove(name);
            let name = &before.username;
            change.events.push(self.changed(EventKind::Updated, Kind::User, name, Some(&before), Some(&record.user)));
            change.writes.push(Write::Put { document: Document::User(record), expect: Expect::Version(version) });
        }
        let snapshot = services.snapshot();
        for child in snapshot.configuration.groups.values().filter(|g| g.value.parents.contains(name)) {
            let mut group = child.value.clone();
            group.parents.remove(name);
            change.events.push(self.changed(
                EventKind::Updated,
                Kind::Group,
                &group.name,
                Some(&child.value),
                Some(&group),
            ));
            change.writes.push(Write::Put { document: Document::Group(group), expect: Expect::Version(child.version) });
        }
        change.events.push(self.changed(EventKind::Deleted, Kind::Group, name, Some(&detail.group), None));
        change.writes.push(Write::Delete { kind: Kind::Group, key: name.to_owned(), expect: Expect::Version(version) });
        services.commit(change).await
    }

    fn group_faults(&self, group: &Group) -> Vec<FieldError> {
        let mut faults = validate::object_name(&group.name);
        let snapshot = self.caller().services.snapshot();
        let groups = &snapshot.configuration.groups;
        for parent in group.parents.iter().filter(|p| !groups.contains_key(*p) && **p != group.name) {
            faults.push(FieldError::new("parents", format!("there is no group `{parent}`")));
        }
        let mut parents: BTreeMap<&str, Vec<&str>> =
            groups.iter().map(|(n, g)| (n.as_str(), g.value.parents.iter().map(String::as_str).collect())).collect();
        parents.insert(&group.name, group.parents.iter().map(String::as_str).collect());
        if let Some(path) = cycle(&parents) {
            faults.push(FieldError::new("parents", format!("the groups go round in a ring: {}", path.join(" → "))));
        }
        faults
    }
}
