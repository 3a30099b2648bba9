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
        if members.len() > LIMIT || !members.iter().all(|id| self.directory.user(id).is_some()) {
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
        self.judge(&group)?;
        (group.place, group.id) = self.directory.next(self.store);
        let answer = resource(&group, false);
        self.directory.groups.push(group);
        Ok((201, Some(answer)))
    }

    /// `GetGroup`: without its members, as always.
    pub(crate) fn get(&self, id: &str) -> Answer {
        let group = self.directory.group(id).ok_or_else(missing)?;
        Ok((200, Some(resource(group, true))))
    }

    /// `ListGroups`. A member that does not exist is not found, instead of in no group.
    pub(crate) fn list(&self, listing: &Listing, short: bool) -> Answer {
        let filter = listing.filter.as_deref().map(GroupFilter::parse).transpose()?;
        if let Some(GroupFilter::Member(member) | GroupFilter::Holding { member, .. }) = &filter
            && self.directory.user(member).is_none()
        {
            return Err(Refusal::not_found("MEMBER"));
        }
        let wanted = |group: &&Group| filter.as_ref().is_none_or(|filter| fits(group, filter));
        let rows =
            self.directory.groups.iter().filter(wanted).map(|group| (group.place, resource(group, true))).collect();
        Ok((200, Some(listing.answer(rows, "Groups", short)?)))
    }

    /// `PatchGroup`: all of it or nothing; at most 100 changes of membership.
    pub(crate) fn patch(&mut self, id: &str, body: &Value) -> Answer {
        let mut group = self.directory.group(id).ok_or_else(missing)?.clone();
        let steps = steps(body)?;
        if membership_changes(Some(body)) > LIMIT {
            return Err(Refusal::violates());
        }
        for step in steps {
            self.apply(&mut group, step)?;
        }
        self.judge(&group)?;
        group.modified = self.now;
        let kept = self.directory.groups.iter_mut().find(|kept| kept.id == id).ok_or_else(missing)?;
        *kept = group;
        Ok((204, None))
    }

    /// `DeleteGroup`.
    pub(crate) fn delete(&mut self, id: &str) -> Answer {
        if self.directory.remove_group(id) { Ok((204, None)) } else { Err(missing()) }
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
        if !members.iter().all(|id| self.directory.user(id).is_some()) {
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
        let clash = |other: &Group| {
            other.display_name.to_lowercase() == group.display_name.to_lowercase()
                || (group.external_id.is_some() && other.external_id == group.external_id)
        };
        let mut others = self.directory.groups.iter().filter(|other| other.id != group.id);
        if others.any(clash) { Err(Refusal::duplicate()) } else { Ok(()) }
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

fn fits(group: &Group, filter: &GroupFilter) -> bool {
    match filter {
        GroupFilter::DisplayName(name) => group.display_name.to_lowercase() == name.to_lowercase(),
        GroupFilter::ExternalId(id) => group.external_id.as_ref() == Some(id),
        GroupFilter::Id(id) => group.id == *id,
        GroupFilter::Member(member) => group.members.contains(member),
        GroupFilter::Holding { id, member } => group.id == *id && group.members.contains(member),
    }
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
