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
        self.refuse_duplicates(&attributes, None)?;
        let (place, id) = self.directory.next(self.store);
        let user = User { id, place, created: self.now, modified: self.now, attributes };
        let answer = resource(&user);
        self.directory.users.push(user);
        Ok((201, Some(answer)))
    }

    /// `GetUser`.
    pub(crate) fn get(&self, id: &str) -> Answer {
        let user = self.directory.user(id).ok_or_else(missing)?;
        Ok((200, Some(resource(user))))
    }

    /// `ListUsers`.
    pub(crate) fn list(&self, listing: &Listing, short: bool) -> Answer {
        let filter = listing.filter.as_deref().map(UserFilter::parse).transpose()?;
        let wanted = |user: &&User| filter.as_ref().is_none_or(|filter| self.fits(user, filter));
        let rows = self.directory.users.iter().filter(wanted).map(|user| (user.place, resource(user))).collect();
        Ok((200, Some(listing.answer(rows, "Users", short)?)))
    }

    /// `PutUser`: what is left out is gone.
    pub(crate) fn put(&mut self, id: &str, body: Value) -> Answer {
        self.directory.user(id).ok_or_else(missing)?;
        let attributes = self.attributes(body, Some(id))?;
        Ok((201, Some(self.replace(id, attributes)?)))
    }

    /// `PatchUser`: all of it or nothing.
    pub(crate) fn patch(&mut self, id: &str, body: &Value) -> Answer {
        let mut attributes = self.directory.user(id).ok_or_else(missing)?.attributes.clone();
        patch(&mut attributes, body)?;
        judge(&attributes, self.guidance)?;
        Ok((200, Some(self.replace(id, attributes)?)))
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

    fn replace(&mut self, id: &str, attributes: Map<String, Value>) -> Result<Value, Refusal> {
        self.refuse_duplicates(&attributes, Some(id))?;
        let user = self.directory.users.iter_mut().find(|user| user.id == id).ok_or_else(missing)?;
        user.attributes = attributes;
        user.modified = self.now;
        Ok(resource(user))
    }

    /// User name, external id and primary address belong to one user each.
    fn refuse_duplicates(&self, attributes: &Map<String, Value>, own: Option<&str>) -> Result<(), Refusal> {
        let new = User { id: String::new(), place: 0, created: 0, modified: 0, attributes: attributes.clone() };
        let folded = |text: &str| text.to_lowercase();
        let clash = |other: &&User| {
            let external = new.text("externalId");
            folded(other.text("userName")) == folded(new.text("userName"))
                || (!external.is_empty() && other.text("externalId") == external)
                || (new.email().is_some() && other.email().map(folded) == new.email().map(folded))
        };
        let others = self.directory.users.iter().filter(|user| own != Some(user.id.as_str()));
        if others.into_iter().any(|other| clash(&other)) { Err(Refusal::duplicate()) } else { Ok(()) }
    }

    fn fits(&self, user: &User, filter: &UserFilter) -> bool {
        match filter {
            // `caseExact` is false in AWS's schema.
            UserFilter::UserName(name) => user.text("userName").to_lowercase() == name.to_lowercase(),
            UserFilter::ExternalId(id) => user.text("externalId") == id,
            UserFilter::Id(id) => user.id == *id,
            UserFilter::Group(id) => self.directory.group(id).is_some_and(|group| group.members.contains(&user.id)),
            UserFilter::Managed { id, manager } => user.id == *id && user.manager() == Some(manager),
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
