use std::collections::BTreeMap;

use model::{Application, BindingSubject, Group, ScimProvider, User};

use crate::port::ApiTokenRecord;

/// Which names change into which. Each method puts the new names into a thing and tells whether it held any of the old.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// From the present name to the next.
    pub groups: BTreeMap<String, String>,
    /// From the present user name, in lower case, to the next as it is written.
    pub users: BTreeMap<String, String>,
    /// Groups that are made with the identity of another name, as when they move here from another installation: by the
    /// name that they get, the name that services know them by.
    pub made: BTreeMap<String, String>,
}

impl Renames {
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.users.is_empty() && self.made.is_empty()
    }

    pub fn group_name(&self, name: &mut String) -> bool {
        self.groups.get(name).map(|next| next.clone_into(name)).is_some()
    }

    pub fn username(&self, name: &mut String) -> bool {
        self.users.get(&name.to_lowercase()).map(|next| next.clone_into(name)).is_some()
    }

    /// The groups that a user is in. The user's own name is no reference.
    pub fn user(&self, user: &mut User) -> bool {
        let old: Vec<String> = user.groups.iter().filter(|name| self.groups.contains_key(*name)).cloned().collect();
        let next: Vec<String> = old.iter().filter_map(|name| self.groups.get(name)).cloned().collect();
        user.groups.retain(|name| !old.contains(name));
        user.groups.extend(next);
        !old.is_empty()
    }

    /// The parents of a group. The group's own name is no reference.
    pub fn group(&self, group: &mut Group) -> bool {
        let old: Vec<String> = group.parents.iter().filter(|name| self.groups.contains_key(*name)).cloned().collect();
        let next: Vec<String> = old.iter().filter_map(|name| self.groups.get(name)).cloned().collect();
        group.parents.retain(|name| !old.contains(name));
        group.parents.extend(next);
        !old.is_empty()
    }

    /// The bindings and the role table of an application.
    pub fn application(&self, application: &mut Application) -> bool {
        let mut changed = false;
        for binding in &mut application.bindings {
            changed |= match &mut binding.subject {
                BindingSubject::Group(name) => self.group_name(name),
                BindingSubject::User(name) => self.username(name),
                BindingSubject::Policy(_) => false,
            };
        }
        for name in application.aws_roles.iter_mut().flat_map(|role| &mut role.groups) {
            changed |= self.group_name(name);
        }
        changed
    }

    /// The groups that a provider pushes.
    pub fn scim_provider(&self, provider: &mut ScimProvider) -> bool {
        let mut changed = false;
        for name in &mut provider.groups {
            changed |= self.group_name(name);
        }
        changed
    }

    /// The owner of a token.
    pub fn token(&self, token: &mut ApiTokenRecord) -> bool {
        self.username(&mut token.owner)
    }
}
