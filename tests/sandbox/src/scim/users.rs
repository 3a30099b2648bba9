//! Operations on users.

use serde_json::{Map, Value, json};

use super::filter::UserFilter;
use super::listing::Listing;
use super::patch::patch;
use super::refusal::{Answer, Refusal};
use super::resource::{check_schemas, judge};
use super::schema::{Attribute, ENTERPRISE, Shape, USER, USER_ATTRIBUTES};
use crate::directory::{Directory, User};
use crate::instant::instant;

/// The users of a directory, as the endpoint sees them.
#[derive(Debug)]
pub(crate) struct Users<'a> {
    pub(crate) directory: &'a mut Directory,
    /// The first part of half of the ids.
    pub(crate) store: &'a str,
    /// Whether the rules of AWS's guides count too.
    pub(crate) guidance: bool,
    pub(crate) now: i64,
}

impl Users<'_> {
    /// `CreateUser`.
    pub(crate) fn create(&mut self, body: Value) -> Answer {
        let attributes = self.attributes(body, None)?;
        let (place, id) = self.directory.next(self.store);
        let user = User { id, place, created: self.now, modified: self.now, attributes };
        Ok((201, Some(self.keep(user)?)))
    }

    /// `GetUser`.
    pub(crate) fn get(&self, id: &str) -> Answer {
        let user = self.directory.users.get(id).ok_or_else(missing)?;
        Ok((200, Some(resource(user))))
    }

    /// `ListUsers`.
    pub(crate) fn list(&self, listing: &Listing, short: bool) -> Answer {
        let filter = listing.filter.as_deref().map(UserFilter::parse).transpose()?;
        let rows = self.found(filter.as_ref()).into_iter().map(|user| (user.place, user));
        Ok((200, Some(listing.answer(rows, resource, "Users", short)?)))
    }

    /// `PutUser`: what is left out is gone.
    pub(crate) fn put(&mut self, id: &str, body: Value) -> Answer {
        let present = self.directory.users.get(id).ok_or_else(missing)?.clone();
        let attributes = self.attributes(body, Some(id))?;
        Ok((201, Some(self.keep(User { attributes, modified: self.now, ..present })?)))
    }

    /// `PatchUser`: all of it or nothing.
    pub(crate) fn patch(&mut self, id: &str, body: &Value) -> Answer {
        let mut user = self.directory.users.get(id).ok_or_else(missing)?.clone();
        patch(&mut user.attributes, body)?;
        judge(&user.attributes, self.guidance)?;
        user.modified = self.now;
        Ok((200, Some(self.keep(user)?)))
    }

    /// `DeleteUser`.
    pub(crate) fn delete(&mut self, id: &str) -> Answer {
        if self.directory.remove_user(id) { Ok((204, None)) } else { Err(missing()) }
    }

    /// The attributes of a body, judged. A replacement may repeat the id of the user.
    fn attributes(&self, body: Value, id: Option<&str>) -> Result<Map<String, Value>, Refusal> {
        let Value::Object(mut attributes) = body else { return Err(Refusal::violates()) };
        check_schemas(attributes.get("schemas"), USER, attributes.contains_key(ENTERPRISE))?;
        attributes.shift_remove("schemas");
        if id.is_some_and(|id| attributes.get("id").is_some_and(|sent| sent == id)) {
            attributes.shift_remove("id");
        }
        judge(&attributes, self.guidance)?;
        Ok(attributes)
    }

    /// User name, external id and primary address belong to one user each.
    fn keep(&mut self, user: User) -> Result<Value, Refusal> {
        if self.directory.users.refuses(&user) {
            return Err(Refusal::duplicate());
        }
        let answer = resource(&user);
        self.directory.users.put(user);
        Ok(answer)
    }

    fn found(&self, filter: Option<&UserFilter>) -> Vec<&User> {
        let users = &self.directory.users;
        match filter {
            None => users.rows().collect(),
            // `caseExact` is false in AWS's schema.
            Some(UserFilter::UserName(name)) => self.directory.named(name).into_iter().collect(),
            Some(UserFilter::ExternalId(id)) => users.holder("externalId", id).into_iter().collect(),
            Some(UserFilter::Id(id)) => users.get(id).into_iter().collect(),
            Some(UserFilter::Group(id)) => {
                let group = self.directory.groups.get(id);
                let members = group.into_iter().flat_map(|group| &group.members);
                let mut found: Vec<_> = members.filter_map(|id| users.get(id)).collect();
                found.sort_by_key(|user| user.place);
                found
            }
            Some(UserFilter::Managed { id, manager }) => {
                users.get(id).filter(|user| user.manager() == Some(manager)).into_iter().collect()
            }
        }
    }
}

fn missing() -> Refusal {
    Refusal::not_found("USER")
}

/// A user as answers show it.
fn resource(user: &User) -> Value {
    let mut answer = Map::new();
    answer.insert("id".into(), user.id.clone().into());
    if let Some(external) = user.attributes.get("externalId") {
        answer.insert("externalId".into(), external.clone());
    }
    let meta =
        json!({ "resourceType": "User", "created": instant(user.created), "lastModified": instant(user.modified) });
    answer.insert("meta".into(), meta);
    let mut schemas = vec![USER];
    schemas.extend(user.attributes.contains_key(ENTERPRISE).then_some(ENTERPRISE));
    answer.insert("schemas".into(), schemas.into());
    answer.extend(shown(&user.attributes, USER_ATTRIBUTES));
    answer.insert("active".into(), user.is_active().into());
    Value::Object(answer)
}

fn shown(parts: &Map<String, Value>, table: &'static [Attribute]) -> Map<String, Value> {
    let visible = table.iter().filter(|attribute| attribute.shown);
    let pairs = visible.filter_map(|attribute| {
        let value = match (attribute.shape, parts.get(attribute.name)?) {
            (Shape::Complex(inner), Value::Object(object)) => Value::Object(shown(object, inner)),
            (_, value) => value.clone(),
        };
        Some((attribute.name.to_owned(), value))
    });
    pairs.collect()
}
