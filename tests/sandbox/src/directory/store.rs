//! The store itself.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{User, new_id};

/// A group. Times are unix seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) id: String,
    /// Its place in lists: the order of creation.
    pub(crate) place: u64,
    pub(crate) created: i64,
    pub(crate) modified: i64,
    pub(crate) display_name: String,
    pub(crate) external_id: Option<String>,
    /// Ids of users.
    pub(crate) members: BTreeSet<String>,
}

/// Users and groups, in the order of their creation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directory {
    pub(crate) users: Vec<User>,
    pub(crate) groups: Vec<Group>,
    made: u64,
}

impl Directory {
    /// A place in lists and an id for something new; `store` is the first part of half of the ids.
    pub(crate) fn next(&mut self, store: &str) -> (u64, String) {
        self.made += 1;
        (self.made, new_id(store, self.made))
    }

    /// A user by id.
    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// A group by id.
    pub(crate) fn group(&self, id: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// A user by name, in exactly these letters.
    pub(crate) fn named(&self, user_name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.text("userName") == user_name)
    }

    /// Removes a user and all memberships; whether there was one.
    pub(crate) fn remove_user(&mut self, id: &str) -> bool {
        let before = self.users.len();
        self.users.retain(|user| user.id != id);
        for group in &mut self.groups {
            group.members.remove(id);
        }
        self.users.len() < before
    }

    /// Removes a group; whether there was one.
    pub(crate) fn remove_group(&mut self, id: &str) -> bool {
        let before = self.groups.len();
        self.groups.retain(|group| group.id != id);
        self.groups.len() < before
    }

    /// Everything, for comparison: attributes as they are kept, members by user name.
    pub(crate) fn snapshot(&self) -> Value {
        let user = |user: &User| {
            let mut all = user.attributes.clone();
            all.insert("id".into(), user.id.clone().into());
            Value::Object(all)
        };
        let names = |group: &Group| -> Vec<String> {
            let mut names: Vec<_> =
                group.members.iter().filter_map(|id| Some(self.user(id)?.text("userName").to_owned())).collect();
            names.sort();
            names
        };
        let group = |group: &Group| {
            json!({
                "id": group.id,
                "displayName": group.display_name,
                "externalId": group.external_id,
                "members": group.members,
                "memberNames": names(group),
            })
        };
        json!({
            "users": self.users.iter().map(user).collect::<Vec<_>>(),
            "groups": self.groups.iter().map(group).collect::<Vec<_>>(),
        })
    }
}
