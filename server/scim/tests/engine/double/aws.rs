use super::rules::{check_group, check_user, patch_user};
use scim::wire::{Method, Request};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub type Object = Map<String, Value>;

#[derive(Clone, Default)]
pub struct Aws {
    pub users: BTreeMap<String, Object>,
    pub groups: BTreeMap<String, Object>,
    pub members: BTreeMap<String, BTreeSet<String>>,
    /// Requests that change something, whatever became of them.
    pub writes: usize,
    /// Answers with 400: requests that should never have been sent.
    pub refused: Vec<String>,
    /// Every object that a write was about.
    pub touched: BTreeSet<String>,
    /// A server of RFC 7644 in its place: attributes are free, members are shown, groups may be replaced, a removal
    /// needs a value path and pages are counted.
    pub standard: bool,
    /// So many changes of membership it takes in a request; None: AWS's hundred.
    pub most_changes: Option<usize>,
    next: u32,
}

/// A status with the words of the refusal.
pub type Refusal = (u16, String);

impl Aws {
    pub fn handle(&mut self, request: &Request) -> (u16, Vec<u8>) {
        if request.method != Method::Get {
            self.writes += 1;
        }
        let answer = self.route(request);
        match answer {
            Ok((status, Value::Null)) => (status, Vec::new()),
            Ok((status, body)) => (status, body.to_string().into_bytes()),
            Err((status, words)) => {
                if status == 400 {
                    self.refused.push(format!(
                        "{words}: {} {} {:?}",
                        request.method.as_str(),
                        request.path,
                        request.body
                    ));
                }
                let body = json!({"schema": [], "schemas": [], "detail": words, "status": status.to_string()});
                (status, body.to_string().into_bytes())
            }
        }
    }

    /// Makes an object without the rules of the protocol, as the console does.
    pub fn plant_user(&mut self, resource: Value) -> String {
        let id = self.id();
        self.users.insert(id.clone(), resource.as_object().unwrap().clone());
        id
    }

    pub fn plant_group(&mut self, resource: Value, members: &[String]) -> String {
        let id = self.id();
        self.groups.insert(id.clone(), resource.as_object().unwrap().clone());
        self.members.insert(id.clone(), members.iter().cloned().collect());
        id
    }

    fn id(&mut self) -> String {
        self.next += 1;
        format!("9067729b3d-{:08x}-0000-4000-8000-000000000000", self.next)
    }

    fn route(&mut self, request: &Request) -> Result<(u16, Value), Refusal> {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let parts: Vec<String> = path.trim_start_matches('/').split('/').map(decode).collect();
        let mut body = request.body.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
        match (request.method, parts[0].as_str(), parts.get(1)) {
            (Method::Get, kind, None) => self.list(kind, query),
            (Method::Get, "Users", Some(id)) => Ok((200, self.shown(id, self.users.get(id).ok_or_else(gone)?))),
            (Method::Get, "Groups", Some(id)) => Ok((200, self.shown_group(id, self.groups.get(id).ok_or_else(gone)?))),
            (Method::Post, "Users", None) => {
                let user = self.check_user(body)?;
                unique(&self.users, None, &user, "userName")?;
                let id = self.id();
                self.touched.insert(id.clone());
                self.users.insert(id.clone(), user.clone());
                Ok((201, self.shown(&id, &user)))
            }
            (Method::Put | Method::Patch, "Users", Some(id)) => {
                let before = self.users.get(id).ok_or_else(gone)?;
                self.touched.insert(id.clone());
                let user = if request.method == Method::Put { body } else { patch_user(before, &body, self.standard)? };
                let user = self.check_user(user)?;
                unique(&self.users, Some(id), &user, "userName")?;
                self.users.insert(id.clone(), user.clone());
                Ok((if request.method == Method::Put { 201 } else { 200 }, self.shown(id, &user)))
            }
            (Method::Delete, "Users", Some(id)) => {
                self.users.remove(id).ok_or_else(gone)?;
                self.touched.insert(id.clone());
                self.members.values_mut().for_each(|members| _ = members.remove(id));
                Ok((204, Value::Null))
            }
            (Method::Post, "Groups", None) => {
                let members = self.sent_members(&mut body)?;
                let group = check_group(body)?;
                if !self.standard {
                    unique(&self.groups, None, &group, "displayName")?;
                }
                let id = self.id();
                self.touched.insert(id.clone());
                self.groups.insert(id.clone(), group.clone());
                self.members.insert(id.clone(), members);
                Ok((201, self.shown(&id, &group)))
            }
            (Method::Patch, "Groups", Some(id)) => self.patch_group(id, &body),
            (Method::Put, "Groups", Some(id)) if self.standard => {
                self.groups.get(id).ok_or_else(gone)?;
                let members = self.sent_members(&mut body)?;
                body.remove("id");
                self.touched.insert(id.clone());
                self.groups.insert(id.clone(), check_group(body)?);
                self.members.insert(id.clone(), members);
                Ok((200, json!({"id": id})))
            }
            (Method::Delete, "Groups", Some(id)) => {
                self.groups.remove(id).ok_or_else(gone)?;
                self.touched.insert(id.clone());
                self.members.remove(id);
                Ok((204, Value::Null))
            }
            _ => Err((400, "operation is unsupported".to_owned())),
        }
    }

    fn patch_group(&mut self, id: &String, body: &Object) -> Result<(u16, Value), Refusal> {
        let mut group = self.groups.get(id).ok_or_else(gone)?.clone();
        let mut members = self.members.get(id).cloned().unwrap_or_default();
        self.touched.insert(id.clone());
        let bad = |words: &str| Err((400, words.to_owned()));
        let mut changes = 0;
        for operation in body["Operations"].as_array().unwrap() {
            let (op, path) = (operation["op"].as_str().unwrap(), operation["path"].as_str().unwrap_or_default());
            match (op, path) {
                ("add" | "replace", "displayName" | "externalId") => {
                    group.insert(path.to_owned(), operation["value"].clone());
                }
                ("remove", "externalId") => _ = group.remove(path),
                ("remove", path) if self.standard && path.starts_with("members[value eq \"") => {
                    members.remove(path.split('"').nth(1).unwrap());
                }
                // To the letter of the standard: the values are ignored, everybody goes.
                ("remove", "members") if self.standard => members.clear(),
                ("add" | "remove", "members") => {
                    let Some(values) = operation["value"].as_array().filter(|v| !v.is_empty()) else {
                        return bad("members without values");
                    };
                    changes += values.len();
                    for value in values {
                        let member = value["value"].as_str().unwrap().to_owned();
                        if op == "remove" {
                            members.remove(&member);
                        } else if self.users.contains_key(&member) {
                            members.insert(member);
                        } else {
                            return Err((404, "member not found".to_owned()));
                        }
                    }
                }
                _ => return bad("unsupported PATCH of a group"),
            }
        }
        if changes > self.most_changes.unwrap_or(100) {
            return bad("more membership changes than a request may have");
        }
        let group = check_group(group)?;
        if !self.standard {
            unique(&self.groups, Some(id), &group, "displayName")?;
        }
        self.groups.insert(id.clone(), group);
        self.members.insert(id.clone(), members);
        Ok((204, Value::Null))
    }

    fn check_user(&self, mut user: Object) -> Result<Object, Refusal> {
        if self.standard {
            user.retain(|key, _| key != "schemas" && key != "id");
            return Ok(user);
        }
        check_user(user)
    }

    fn sent_members(&self, body: &mut Object) -> Result<BTreeSet<String>, Refusal> {
        let Some(members) = body.remove("members").filter(|_| self.standard) else { return Ok(BTreeSet::new()) };
        let ids = members.as_array().unwrap().iter().map(|member| member["value"].as_str().unwrap().to_owned());
        let ids: BTreeSet<String> = ids.collect();
        if ids.iter().all(|id| self.users.contains_key(id)) { Ok(ids) } else { Err((404, "no member".to_owned())) }
    }

    /// As AWS shows it: no `profileUrl`, no members.
    fn shown(&self, id: &str, object: &Object) -> Value {
        let mut shown = object.clone();
        if !self.standard {
            shown.remove("profileUrl");
        }
        shown.insert("id".to_owned(), json!(id));
        shown.insert("meta".to_owned(), json!({"resourceType": "x"}));
        Value::Object(shown)
    }

    fn shown_group(&self, id: &str, group: &Object) -> Value {
        let mut shown = self.shown(id, group);
        if self.standard {
            shown["members"] = self.members[id].iter().map(|member| json!({"value": member})).collect();
        }
        shown
    }

    fn list(&self, kind: &str, query: &str) -> Result<(u16, Value), Refusal> {
        let query: BTreeMap<&str, String> = query
            .split('&')
            .filter_map(|part| part.split_once('='))
            .map(|(name, value)| (name, decode(value)))
            .collect();
        let objects = if kind == "Users" { &self.users } else { &self.groups };
        let filter = match query.get("filter") {
            None => None,
            Some(filter) => {
                let (attribute, value) = filter.split_once(" eq ").ok_or((400, "Invalid Filter format".to_owned()))?;
                let value: String =
                    serde_json::from_str(value).map_err(|_| (400, "Invalid Filter format".to_owned()))?;
                Some((attribute.to_owned(), value))
            }
        };
        let wanted = |(id, object): &(&String, &Object)| match &filter {
            None => true,
            Some((attribute, value)) if attribute == "groups.value" => self.members[value].contains(*id),
            Some((attribute, value)) => fold(object.get(attribute)) == Some(value.to_lowercase()),
        };
        let count: usize = query.get("count").map_or(100, |count| count.parse().unwrap());
        if count == 0 || count > 100 {
            return Err((400, "count".to_owned()));
        }
        if self.standard {
            let start: usize = query.get("startIndex").map_or(1, |index| index.parse().unwrap());
            let rows: Vec<Value> = objects.iter().filter(wanted).map(|(id, object)| self.shown(id, object)).collect();
            let page: Vec<&Value> = rows.iter().skip(start - 1).take(count).collect();
            return Ok((200, json!({"totalResults": rows.len(), "startIndex": start, "Resources": page})));
        }
        let from: usize = query.get("cursor").filter(|c| !c.is_empty()).map_or(0, |cursor| cursor.parse().unwrap());
        let rows: Vec<(&String, &Object)> = objects.iter().filter(wanted).collect();
        let page: Vec<Value> = rows.iter().skip(from).take(count).map(|(id, object)| self.shown(id, object)).collect();
        let next = from + page.len();
        let mut body = json!({"itemsPerPage": page.len(), "Resources": page});
        if query.contains_key("cursor") && next < rows.len() {
            body["nextCursor"] = json!(next.to_string());
        }
        Ok((200, body))
    }
}

fn gone() -> Refusal {
    (404, "Resource not found".to_owned())
}

fn unique(objects: &BTreeMap<String, Object>, own: Option<&String>, new: &Object, name: &str) -> Result<(), Refusal> {
    let email = |object: &Object| object.get("emails").and_then(|emails| fold(emails[0].get("value")));
    let free = new.get("emails").is_some_and(|emails| emails[0].get("display").is_some());
    for (_, other) in objects.iter().filter(|(id, _)| Some(*id) != own) {
        let same =
            |attribute: &str| new.contains_key(attribute) && fold(new.get(attribute)) == fold(other.get(attribute));
        if same(name) || same("externalId") || (email(new).is_some() && !free && email(new) == email(other)) {
            return Err((409, "Refused to create a new, duplicate resource.".to_owned()));
        }
    }
    Ok(())
}

fn fold(value: Option<&Value>) -> Option<String> {
    Some(value?.as_str()?.to_lowercase())
}

fn decode(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
