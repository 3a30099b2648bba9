//! The store itself.

use serde_json::{Value, json};

use super::table::Table;
use super::{Group, User, new_id};

/// Users and groups, in the order of their creation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directory {
    pub(crate) users: Table<User>,
    pub(crate) groups: Table<Group>,
    made: u64,
}

impl Directory {
    /// A place in lists and an id for something new; `store` is the first part of half of the ids.
    pub(crate) fn next(&mut self, store: &str) -> (u64, String) {
        self.made += 1;
        (self.made, new_id(store, self.made))
    }

    /// A user by name, in whatever case.
    pub(crate) fn named(&self, user_name: &str) -> Option<&User> {
        self.users.holder("userName", &user_name.to_lowercase())
    }

    /// A user by the address of the primary email, in whatever case.
    pub(crate) fn addressed(&self, email: &str) -> Option<&User> {
        self.users.holder("email", &email.to_lowercase())
    }

    /// Removes a user and all memberships; whether there was one.
    pub(crate) fn remove_user(&mut self, id: &str) -> bool {
        for group in self.groups.rows_mut() {
            group.members.remove(id);
        }
        self.users.remove(id).is_some()
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
                group.members.iter().filter_map(|id| Some(self.users.get(id)?.text("userName").to_owned())).collect();
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
            "users": self.users.rows().map(user).collect::<Vec<_>>(),
            "groups": self.groups.rows().map(group).collect::<Vec<_>>(),
        })
    }
}
