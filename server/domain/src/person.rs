use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use expression::{Context, GroupContext, UserContext};
use model::{Application, SamlProvider, User};
use serde_json::{Map, Value, json};

use crate::{
    content::{Asked, Content},
    groups::{all_groups, merged_attributes},
    snapshot::Snapshot,
};

/// A user with what the groups add, as bindings and expressions see them.
pub struct Person {
    pub user: User,
    /// Direct groups and all their ancestors.
    pub all_groups: BTreeSet<String>,
    context: UserContext,
    /// What was asked last of this person at sign-on, the newest at the end.
    contents: Mutex<VecDeque<(Asked, Arc<Content>)>>,
}

/// So many contents are remembered: somebody uses few applications at a time.
const REMEMBERED: usize = 4;

impl Person {
    pub fn new(user: User, snapshot: &Snapshot) -> Self {
        let all_groups = all_groups(&user.groups, &snapshot.ancestry);
        // A BTreeSet gives the names ascending, as the merge rule wants them.
        let groups: Vec<GroupContext> = all_groups
            .iter()
            .filter_map(|name| snapshot.configuration.groups.get(name))
            .map(|g| GroupContext { name: g.value.name.clone(), attributes: g.value.attributes.clone() })
            .collect();
        let layers = groups.iter().map(|g| &g.attributes).chain(std::iter::once(&user.attributes));
        let group_attributes = merged_attributes(layers);
        let context = UserContext {
            username: user.username.clone(),
            name: user.name.clone(),
            given_name: user.given_name.clone(),
            family_name: user.family_name.clone(),
            email: user.email.clone(),
            uid: user.uid.clone(),
            is_active: user.active,
            attributes: user.attributes.clone(),
            groups,
            group_attributes,
        };
        Self { user, all_groups, context, contents: Mutex::default() }
    }

    /// What was worked out before for the same question.
    pub(crate) fn remembered(&self, asked: &Asked) -> Option<Arc<Content>> {
        self.contents().iter().find(|(known, _)| known == asked).map(|(_, content)| Arc::clone(content))
    }

    pub(crate) fn remember(&self, asked: Asked, content: &Arc<Content>) {
        let mut contents = self.contents();
        if contents.len() >= REMEMBERED {
            contents.pop_front();
        }
        contents.push_back((asked, Arc::clone(content)));
    }

    /// Nothing is done under the lock that could leave it half done.
    fn contents(&self) -> MutexGuard<'_, VecDeque<(Asked, Arc<Content>)>> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An attribute of the user or of a group: the user's own first, then that of the last group by name.
    pub fn attribute(&self, name: &str) -> Option<&Value> {
        self.context.group_attributes.get(name)
    }

    /// What an expression about this person may read.
    pub fn context(
        &self,
        application: &Application,
        provider: Option<&SamlProvider>,
        address: &str,
        idp_initiated: bool,
    ) -> Context {
        let provider = provider.map_or_else(Map::new, |p| {
            object(json!({ "name": p.name, "acs_url": p.acs_url, "audience": p.audience, "issuer": p.issuer }))
        });
        Context {
            provider,
            application: object(json!({ "name": application.name, "slug": application.slug })),
            ..self.context_alone(address, idp_initiated)
        }
    }

    /// The same where no application is spoken of.
    pub fn context_alone(&self, address: &str, idp_initiated: bool) -> Context {
        Context {
            user: Some(self.context.clone()),
            request: object(json!({ "client_ip": address, "is_idp_initiated": idp_initiated })),
            ..Context::default()
        }
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
