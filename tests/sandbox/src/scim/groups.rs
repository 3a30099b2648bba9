//! Operations on groups.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::constraint::{Kind, absent};
use super::filter::GroupFilter;
use super::listing::Listing;
use super::members::{LIMIT, ids, membership_changes};
use super::patch::{Op, Step, steps};
use super::refusal::{Answer, Refusal};
use super::resource::{check_schemas, is_plain, is_reserved};
use super::schema::GROUP;
use crate::directory::{Directory, Group};
use crate::instant::instant;

/// The groups of a directory, as the endpoint sees them.
#[derive(Debug)]
pub(crate) struct Groups<'a> {
    pub(crate) directory: &'a mut Directory,
    /// The first part of half of the ids.
    pub(crate) store: &'a str,
    /// Whether the rules of AWS's guides count too.
    pub(crate) guidance: bool,
    pub(crate) now: i64,
}

impl Groups<'_> {
    /// `CreateGroup`, with at most 100 members.
    pub(crate) fn create(&mut self, body: &Value) -> Answer {
        let parts = body.as_object().ok_or_else(Refusal::violates)?;
        if parts.keys().any(|key| !["schemas", "displayName", "externalId", "members"].contains(&key.as_str())) {
            return Err(Refusal::violates());
        }
        check_schemas(parts.get("schemas"), GROUP, false)?;
        let members = parts.get("members").map_or_else(|| Ok(Vec::new()), ids)?;
        if members.len() > LIMIT || !members.iter().all(|id| self.directory.users.get(id).is_some()) {
            return Err(Refusal::violates());
        }
        let mut group = Group {
            id: String::new(),
            place: 0,
            created: self.now,
            modified: self.now,
            display_name: text(parts.get("displayName"))?.unwrap_or_default(),
            external_id: text(parts.get("externalId"))?,
            members: members.into_iter().collect(),
        };
        if !parts.contains_key("displayName") {
            return Err(Refusal::constraints(&[absent("displayName")]));
        }
        (group.place, group.id) = self.directory.next(self.store);
        self.judge(&group)?;
        let answer = resource(&group, false);
        self.directory.groups.put(group);
        Ok((201, Some(answer)))
    }

    /// `GetGroup`: without its members, as always.
    pub(crate) fn get(&self, id: &str) -> Answer {
        let group = self.directory.groups.get(id).ok_or_else(missing)?;
        Ok((200, Some(resource(group, true))))
    }

    /// `ListGroups`. A member that does not exist is not found, instead of in no group.
    pub(crate) fn list(&self, listing: &Listing, short: bool) -> Answer {
        let filter = listing.filter.as_deref().map(GroupFilter::parse).transpose()?;
        if let Some(GroupFilter::Member(member) | GroupFilter::Holding { member, .. }) = &filter
            && self.directory.users.get(member).is_none()
        {
            return Err(Refusal::not_found("MEMBER"));
        }
        let groups = &self.directory.groups;
        let found: Vec<&Group> = match &filter {
            None => groups.rows().collect(),
            Some(GroupFilter::DisplayName(name)) => {
                groups.holder("displayName", &name.to_lowercase()).into_iter().collect()
            }
            Some(GroupFilter::ExternalId(id)) => groups.holder("externalId", id).into_iter().collect(),
            Some(GroupFilter::Id(id)) => groups.get(id).into_iter().collect(),
            Some(GroupFilter::Member(member)) => groups.rows().filter(|group| group.members.contains(member)).collect(),
            Some(GroupFilter::Holding { id, member }) => {
                groups.get(id).filter(|group| group.members.contains(member)).into_iter().collect()
            }
        };
        let rows = found.into_iter().map(|group| (group.place, group));
        Ok((200, Some(listing.answer(rows, |group| resource(group, true), "Groups", short)?)))
    }

    /// `PatchGroup`: all of it or nothing; at most 100 changes of membership.
    pub(crate) fn patch(&mut self, id: &str, body: &Value) -> Answer {
        let mut group = self.directory.groups.get(id).ok_or_else(missing)?.clone();
        let steps = steps(body)?;
        if membership_changes(Some(body)) > LIMIT {
            return Err(Refusal::violates());
        }
        for step in steps {
            self.apply(&mut group, step)?;
        }
        self.judge(&group)?;
        group.modified = self.now;
        self.directory.groups.put(group);
        Ok((204, None))
    }

    /// `DeleteGroup`.
    pub(crate) fn delete(&mut self, id: &str) -> Answer {
        self.directory.groups.remove(id).map(|_| (204, None)).ok_or_else(missing)
    }

    fn apply(&self, group: &mut Group, step: Step) -> Result<(), Refusal> {
        let Step { op, path, value } = step;
        if path.extension || path.part.is_some() {
            return Err(Refusal::violates());
        }
        match (path.attribute.as_str(), path.filter, op) {
            ("displayName", None, Op::Add | Op::Replace) => {
                group.display_name = text(Some(&value))?.unwrap_or_default();
            }
            ("externalId", None, Op::Add | Op::Replace) => group.external_id = text(Some(&value))?,
            ("externalId", None, Op::Remove) => group.external_id = None,
            ("members", None, Op::Add) => self.add(group, ids(&value)?)?,
            // Without values it would remove all of them, which AWS does not do.
            ("members", None, Op::Remove) => remove(group, ids(&value)?)?,
            ("members", Some((part, member)), Op::Remove) if part == "value" && !member.is_empty() => {
                remove(group, vec![member])?;
            }
            _ => return Err(Refusal::violates()),
        }
        Ok(())
    }

    fn add(&self, group: &mut Group, members: Vec<String>) -> Result<(), Refusal> {
        if members.is_empty() {
            return Err(Refusal::violates());
        }
        if !members.iter().all(|id| self.directory.users.get(id).is_some()) {
            return Err(Refusal::not_found("MEMBER"));
        }
        group.members.extend(members);
        Ok(())
    }

    fn judge(&self, group: &Group) -> Result<(), Refusal> {
        let mut violations = Vec::new();
        Kind::Text.judge("displayName", &group.display_name, &mut violations);
        if let Some(id) = &group.external_id {
            Kind::ExternalId.judge("externalId", id, &mut violations);
        }
        if !violations.is_empty() {
            return Err(Refusal::constraints(&violations));
        }
        let plain = |text: &str| is_plain(&Value::from(text));
        let lawful = plain(&group.display_name) && group.external_id.as_deref().is_none_or(plain);
        if is_reserved(&group.display_name) || (self.guidance && !lawful) {
            return Err(Refusal::violates());
        }
        if self.directory.groups.refuses(group) { Err(Refusal::duplicate()) } else { Ok(()) }
    }
}

fn remove(group: &mut Group, members: Vec<String>) -> Result<(), Refusal> {
    if members.is_empty() {
        return Err(Refusal::violates());
    }
    let gone: BTreeSet<String> = members.into_iter().collect();
    group.members.retain(|id| !gone.contains(id));
    Ok(())
}

fn text(value: Option<&Value>) -> Result<Option<String>, Refusal> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Refusal::violates()),
    }
}

fn missing() -> Refusal {
    Refusal::not_found("GROUP")
}

/// A group as answers show it: never with its members.
fn resource(group: &Group, listed: bool) -> Value {
    let mut answer = Map::new();
    answer.insert("id".into(), group.id.clone().into());
    if let Some(external) = &group.external_id {
        answer.insert("externalId".into(), external.clone().into());
    }
    let meta =
        json!({ "resourceType": "Group", "created": instant(group.created), "lastModified": instant(group.modified) });
    answer.insert("meta".into(), meta);
    answer.insert("schemas".into(), vec![GROUP].into());
    answer.insert("displayName".into(), group.display_name.clone().into());
    if listed {
        answer.insert("members".into(), json!([]));
    }
    Value::Object(answer)
}
