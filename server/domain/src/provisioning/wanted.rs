use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use expression::Context;
use model::{Group, ScimProvider, User};
use scim::{
    id::{Kind, LocalId, Object},
    state::{Desired, DesiredGroup, Observed},
    verify::Claims,
};
use serde_json::{Map, Value, json};

use super::{
    mapping::{self, Rendering},
    people::{Cache, Round},
    scope::Scope,
    settings,
};
use crate::{Error, Services, identifiers, person::Person, snapshot::Snapshot};

/// Users read at a time.
const BATCH: u32 = 1000;

/// An object whose mapping failed, or about which a policy said nothing in time. What of it is there stays as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    pub object: Object,
    pub name: String,
    pub mapping: String,
    pub message: String,
}

/// Somebody in scope, rendered. Of the user no more than what is needed, for it is kept from one round to the next.
struct Member {
    id: LocalId,
    username: String,
    active: bool,
    all_groups: BTreeSet<String>,
    rendering: Arc<Rendering>,
}

/// Where somebody stands.
enum Standing {
    Inside(Member),
    /// Not in scope, with the identifier.
    Outside(String),
}

/// A group in scope, rendered.
pub struct RenderedGroup {
    /// What services know it by, whatever it is called now.
    pub id: String,
    pub rendering: Rendering,
}

/// Everybody and everything in scope, rendered from one snapshot.
#[derive(Default)]
pub struct Wanted {
    /// By username in lower case, in the order in which the store has them.
    people: BTreeMap<String, Standing>,
    groups: BTreeMap<String, RenderedGroup>,
    /// Identifiers of groups that are not pushed.
    other_groups: Vec<String>,
    /// Whether any application uses the provider.
    pub connected: bool,
}

/// What should be there of a user.
pub struct Part<'a> {
    pub id: &'a LocalId,
    /// As it was rendered, or is there.
    rendered: &'a Map<String, Value>,
    pub active: bool,
    /// What made it; None: what is there stays.
    pub made: Option<&'a Arc<Rendering>>,
}

/// What should be there.
#[derive(Default)]
pub struct Parts<'a> {
    pub people: Vec<Part<'a>>,
    pub groups: BTreeMap<LocalId, DesiredGroup>,
    pub failures: Vec<Failure>,
}

impl Part<'_> {
    pub fn resource(&self) -> Map<String, Value> {
        user_resource(self.rendered.clone(), self.active)
    }
}

impl Services {
    /// The users after a name, a thousand at most, and the name moves on to the last of them. None: there are no more.
    pub(super) async fn next_users(&self, after: &mut String) -> Result<Option<Vec<User>>, Error> {
        let batch = self.store().users_after(after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(None) };
        *after = last.value.user.username.to_lowercase();
        Ok(Some(batch.into_iter().map(|record| record.value.user).collect()))
    }

    /// Renders the scope of a provider as of a snapshot. The work is off the threads that serve requests.
    pub(super) async fn wanted(
        &self,
        snapshot: &Arc<Snapshot>,
        provider: &ScimProvider,
        mut cache: Cache,
    ) -> Result<(Wanted, Cache), Error> {
        let round = Arc::new(Round::new(snapshot, provider));
        let mut wanted = Wanted { connected: round.connected, ..Wanted::default() };
        cache.begin(&round);
        let mut after = String::new();
        while let Some(users) = self.next_users(&mut after).await? {
            let round = Arc::clone(&round);
            (wanted, cache) = self
                .busy(move || {
                    round.look(users, &mut wanted, &mut cache);
                    (wanted, cache)
                })
                .await?;
        }
        cache.end();
        let (snapshot, provider) = (Arc::clone(snapshot), provider.clone());
        let wanted = self
            .busy(move || {
                wanted.render_groups(&snapshot, &provider);
                wanted
            })
            .await?;
        Ok((wanted, cache))
    }
}

/// What mappings know of a user. `provider`: none where an expression is tried without one.
pub(crate) fn context(provider: Option<&ScimProvider>, person: &Person) -> Context {
    Context { provider: provider.map(about).unwrap_or_default(), ..person.context_alone("", false) }
}

/// What they know of a group.
pub(crate) fn context_of_group(provider: Option<&ScimProvider>, group: &Group) -> Context {
    let fields = [("name", json!(group.name)), ("attributes", json!(group.attributes))];
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Context { group: Some(fields), provider: provider.map(about).unwrap_or_default(), ..Context::default() }
}

/// The provider as mappings see it.
pub(super) fn about(provider: &ScimProvider) -> Map<String, Value> {
    let dialect = serde_json::to_value(provider.dialect).unwrap_or_default();
    let fields = [("name", json!(provider.name)), ("url", json!(provider.url)), ("dialect", dialect)];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(super) fn rendered_groups(snapshot: &Snapshot, provider: &ScimProvider) -> BTreeMap<String, RenderedGroup> {
    let (_, mappings) = settings::mappings(provider);
    let scope = Scope::new(snapshot, provider);
    let groups = scope.groups().into_iter().filter_map(|name| snapshot.configuration.groups.get(name));
    groups
        .map(|group| {
            let context = context_of_group(Some(provider), &group.value);
            let id = snapshot.group_ids.of(&group.value.name).to_owned();
            let rendering = mapping::render(snapshot, &mappings, &context);
            (group.value.name.clone(), RenderedGroup { id, rendering })
        })
        .collect()
}

/// A user as it should be there: whoever is deactivated here is there too, whatever a mapping says.
pub(super) fn user_resource(mut rendered: Map<String, Value>, active: bool) -> Map<String, Value> {
    if !active {
        rendered.insert("active".to_owned(), Value::Bool(false));
    }
    rendered
}

/// A group as it should be there.
pub(super) fn group_resource(mut rendered: Map<String, Value>, id: &str) -> Map<String, Value> {
    rendered.entry("externalId").or_insert_with(|| json!(anchor(id)));
    rendered
}

/// The anchor of a group: its identifier may hold characters that an `externalId` may not.
pub(super) fn anchor(id: &str) -> String {
    identifiers::sha256(id.as_bytes()).chars().take(32).collect()
}

impl Wanted {
    /// Somebody is in scope.
    pub fn add(&mut self, user: User, all_groups: BTreeSet<String>, rendering: Arc<Rendering>) {
        let (key, id) = (user.username.to_lowercase(), LocalId(user.uid));
        let member = Member { id, username: user.username, active: user.active, all_groups, rendering };
        self.people.insert(key, Standing::Inside(member));
    }

    #[cfg(test)]
    pub fn has(&self, uid: &str) -> bool {
        self.members().any(|member| member.id.as_str() == uid)
    }

    /// Somebody is not in scope.
    pub fn leave_out(&mut self, user: User) {
        self.people.insert(user.username.to_lowercase(), Standing::Outside(user.uid));
    }

    /// Forgets people, by their names in lower case: they are looked at anew, or are no more.
    pub fn forget(&mut self, names: &BTreeSet<String>) {
        for name in names {
            self.people.remove(name);
        }
    }

    /// Names in lower case of those of whom nothing could be made: that may pass without a change.
    pub fn failing(&self) -> Vec<String> {
        let failed = self.people.iter().filter_map(|(name, standing)| match standing {
            Standing::Inside(member) if matches!(*member.rendering, Rendering::Failed { .. }) => Some(name.clone()),
            _ => None,
        });
        failed.collect()
    }

    /// Renders the groups.
    pub fn render_groups(&mut self, snapshot: &Snapshot, provider: &ScimProvider) {
        self.groups = rendered_groups(snapshot, provider);
        let others = snapshot.configuration.groups.keys().filter(|name| !self.groups.contains_key(*name));
        let others = others.map(|name| snapshot.group_ids.of(name).to_owned()).collect();
        self.other_groups = others;
    }

    /// Renders the groups once more where one of them could not be.
    pub fn retry_groups(&mut self, snapshot: &Snapshot, provider: &ScimProvider) {
        if self.groups.values().any(|group| matches!(group.rendering, Rendering::Failed { .. })) {
            self.render_groups(snapshot, provider);
        }
    }

    fn members(&self) -> impl Iterator<Item = &Member> {
        self.people.values().filter_map(|standing| match standing {
            Standing::Inside(member) => Some(member),
            Standing::Outside(_) => None,
        })
    }

    /// What should be there, and what failed. Somebody whose mapping failed keeps what is there, and is switched off
    /// there where deactivated here.
    pub fn desired(&self, observed: &Observed) -> (Desired, Vec<Failure>) {
        let Parts { people, groups, failures } = self.parts(observed);
        let users = people.into_iter().map(|part| (part.id.clone(), part.resource())).collect();
        (Desired { users, groups }, failures)
    }

    /// The same, with nothing made of anybody yet.
    pub fn parts<'a>(&'a self, observed: &'a Observed) -> Parts<'a> {
        let mut parts = Parts::default();
        let mut members: HashMap<&str, BTreeSet<LocalId>> = HashMap::new();
        for Member { id, username, active, all_groups, rendering } in self.members() {
            let held = observed.users.get(id);
            // Somebody deactivated is switched off there, and not made for it.
            if !active && held.is_none() {
                continue;
            }
            let (rendered, made) = match &**rendering {
                Rendering::Made(resource) => (resource, Some(rendering)),
                Rendering::Skipped => continue,
                Rendering::Failed { mapping, message } => {
                    parts.failures.push(Failure {
                        object: Object::user(id),
                        name: username.clone(),
                        mapping: mapping.clone(),
                        message: message.clone(),
                    });
                    let Some(held) = held else { continue };
                    (&held.resource, None)
                }
            };
            parts.people.push(Part { id, rendered, active: *active, made });
            for group in all_groups {
                members.entry(group).or_default().insert(id.clone());
            }
        }
        for (name, RenderedGroup { id, rendering }) in &self.groups {
            let id = LocalId(id.clone());
            let members = members.remove(name.as_str()).unwrap_or_default();
            let resource = match rendering {
                Rendering::Made(resource) => group_resource(resource.clone(), id.as_str()),
                Rendering::Skipped => continue,
                Rendering::Failed { mapping, message } => {
                    parts.failures.push(Failure {
                        object: Object::group(&id),
                        name: name.clone(),
                        mapping: mapping.clone(),
                        message: message.clone(),
                    });
                    let Some(held) = observed.groups.get(&id) else { continue };
                    held.resource.clone()
                }
            };
            parts.groups.insert(id, DesiredGroup { resource, members });
        }
        parts
    }

    /// What ours are known by. Who is not in scope, or deactivated, is recognised by the identifier alone.
    pub fn claims(&self) -> Claims {
        let mut claims = Claims::default();
        for Member { id: LocalId(uid), active, rendering, .. } in self.members() {
            let id = LocalId(uid.clone());
            match &**rendering {
                Rendering::Made(resource) if *active => claims.present(Kind::User, id, resource, uid),
                Rendering::Made(resource) => {
                    let given = resource.get("externalId").and_then(Value::as_str);
                    claims.silent(Kind::User, id, given.unwrap_or(uid).to_owned());
                }
                Rendering::Failed { .. } => claims.silent(Kind::User, id, uid.clone()),
                Rendering::Skipped => claims.departed(Kind::User, id, uid.clone()),
            }
        }
        for RenderedGroup { id, rendering } in self.groups.values() {
            let (id, anchor) = (LocalId(id.clone()), anchor(id));
            match rendering {
                Rendering::Made(resource) => claims.present(Kind::Group, id, resource, &anchor),
                Rendering::Failed { .. } => claims.silent(Kind::Group, id, anchor),
                Rendering::Skipped => claims.departed(Kind::Group, id, anchor),
            }
        }
        for standing in self.people.values() {
            if let Standing::Outside(uid) = standing {
                claims.departed(Kind::User, LocalId(uid.clone()), uid.clone());
            }
        }
        for id in &self.other_groups {
            claims.departed(Kind::Group, LocalId(id.clone()), anchor(id));
        }
        claims
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, sync::Arc};

    use model::User;
    use scim::{
        id::{LocalId, RemoteId},
        state::{Held, Observed, Status},
    };
    use serde_json::json;

    use super::{RenderedGroup, Wanted, anchor};
    use crate::provisioning::mapping::Rendering;

    #[test]
    fn a_group_of_which_nothing_is_made_is_known_by_its_anchor_all_the_same() {
        let failed = Rendering::Failed { mapping: "group".to_owned(), message: "no such key".to_owned() };
        for (rendering, left) in [(failed, false), (Rendering::Skipped, true)] {
            let mut all = Wanted::default();
            all.groups.insert("sea".to_owned(), RenderedGroup { id: "g1".to_owned(), rendering });
            let claims = all.claims();
            let claim = &claims.groups[&LocalId::from("g1")];
            assert_eq!((&claim.external_id, claim.left), (&anchor("g1"), left));
        }
    }

    #[test]
    fn of_somebody_of_whom_nothing_could_be_made_only_the_access_is_taken_and_none_is_given() {
        // Active here, active there; and what is to be there then.
        for (here, there, wanted) in
            [(true, true, true), (false, true, false), (true, false, false), (false, false, false)]
        {
            let resource = json!({ "userName": "ada@example.com", "title": "Countess", "active": there });
            let resource = resource.as_object().unwrap().clone();
            let mut observed = Observed::default();
            let held = Held { remote: RemoteId::from("r"), resource: resource.clone(), status: Status::Active };
            observed.users.insert(LocalId::from("u"), held);
            let user: User = serde_json::from_value(json!({
                "username": "ada", "uid": "u", "name": "Ada", "given_name": "", "family_name": "", "email": "",
                "active": here, "role": "member", "service_account": false, "groups": [], "attributes": {},
            }))
            .unwrap();
            // As of a mapping that raises, and of a policy that said nothing in time.
            let failed = Rendering::Failed { mapping: "policy asked".to_owned(), message: "no time".to_owned() };
            let mut all = Wanted::default();
            all.add(user, BTreeSet::new(), Arc::new(failed));
            let (desired, failures) = all.desired(&observed);
            let mut rest = desired.users[&LocalId::from("u")].clone();
            assert_eq!(rest.insert("active".to_owned(), json!(there)), Some(json!(wanted)), "{here} {there}");
            assert_eq!((rest, failures.len()), (resource, 1), "{here} {there}");
        }
    }
}
