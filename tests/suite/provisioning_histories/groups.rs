use std::collections::BTreeSet;

use domain::Caller;
use model::{Attributes, BindingSubject, Group};

use super::{chance::Chance, town::Town};

/// Groups come, change and go.
impl Town {
    pub(super) fn names(&self) -> Vec<String> {
        self.groups.keys().cloned().collect()
    }

    /// A new group; its name.
    pub(super) async fn founded(&mut self, caller: &Caller, parents: &[&str]) -> String {
        let name = format!("g{}", self.fresh());
        let parents: BTreeSet<String> = parents.iter().map(|parent| (*parent).to_owned()).collect();
        let group = Group { name: name.clone(), attributes: Attributes::new(), parents: parents.clone() };
        caller.admin().unwrap().create_group(group).await.unwrap();
        self.groups.insert(name.clone(), parents);
        name
    }

    /// A group that was deleted is made again, under the same name.
    pub(super) async fn returns(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let name = chance.pick(&self.left)?;
        let group = Group { name: name.clone(), attributes: Attributes::new(), parents: BTreeSet::new() };
        caller.admin().unwrap().create_group(group).await.unwrap();
        self.left.retain(|left| *left != name);
        self.groups.insert(name.clone(), BTreeSet::new());
        Some(format!("the group {name} returns"))
    }

    pub(super) async fn group_renamed(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let (name, to) = (chance.pick(&self.names())?, format!("g{}", self.fresh()));
        caller.admin().unwrap().rename_group(&name, None, &to).await.unwrap();
        let follow = |groups: &mut BTreeSet<String>| {
            if groups.remove(&name) {
                groups.insert(to.clone());
            }
        };
        self.people.values_mut().for_each(|user| follow(&mut user.groups));
        self.groups.values_mut().for_each(follow);
        if let Some(parents) = self.groups.remove(&name) {
            self.groups.insert(to.clone(), parents);
        }
        if self.bindings.remove(&BindingSubject::Group(name.clone())) {
            self.bindings.insert(BindingSubject::Group(to.clone()));
        }
        Some(format!("the group {name} is called {to}"))
    }

    pub(super) async fn dissolved(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let name = chance.pick(&self.names()).filter(|_| self.groups.len() > 2)?;
        self.unbind(caller, &BindingSubject::Group(name.clone())).await?;
        let admin = caller.admin().unwrap();
        let version = admin.group(&name).await.unwrap().version;
        admin.delete_group(&name, version).await.unwrap();
        self.people.values_mut().for_each(|user| _ = user.groups.remove(&name));
        self.groups.values_mut().for_each(|parents| _ = parents.remove(&name));
        self.groups.remove(&name);
        self.left.push(name.clone());
        Some(format!("the group {name} is deleted"))
    }

    /// A group gets below another one, or out from under it.
    pub(super) async fn nested(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let (child, parent) = (chance.pick(&self.names())?, chance.pick(&self.names())?);
        let mut parents = self.groups[&child].clone();
        if !parents.remove(&parent) {
            if self.above(&parent).contains(&child) {
                return None;
            }
            parents.insert(parent);
        }
        let admin = caller.admin().unwrap();
        let detail = admin.group(&child).await.unwrap();
        let group = Group { parents: parents.clone(), ..detail.group };
        admin.update_group(&child, detail.version, group).await.unwrap();
        let told = format!("the group {child} is below {parents:?}");
        self.groups.insert(child, parents);
        Some(told)
    }
}
