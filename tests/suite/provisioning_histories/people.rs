use std::collections::BTreeSet;

use domain::Caller;
use model::{Attributes, BindingSubject, Role, User};

use super::{chance::Chance, town::Town};

/// The most people at a time.
const MOST: usize = 10;

/// People come, change and go.
impl Town {
    /// Anybody but the administrator.
    pub(super) fn somebody(&self, chance: &mut Chance) -> Option<(u64, User)> {
        let all: Vec<u64> = self.people.keys().copied().filter(|number| *number > 0).collect();
        let number = chance.pick(&all)?;
        Some((number, self.people[&number].clone()))
    }

    pub(super) async fn save(&mut self, caller: &Caller, number: u64, user: User) {
        let admin = caller.admin().unwrap();
        let version = admin.user(&user.username).await.unwrap().version;
        admin.update_user(&user.username, version, user.clone()).await.unwrap();
        self.people.insert(number, user);
    }

    pub(super) async fn comes(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        if self.people.len() > MOST {
            return None;
        }
        let groups: BTreeSet<String> = self.names().into_iter().filter(|_| chance.one_in(3)).collect();
        let told = format!("in {groups:?}");
        let username = self.arrives(caller, groups, !chance.one_in(4)).await;
        if chance.one_in(3) {
            self.named(caller, &username).await;
        }
        Some(format!("{username} comes, {told}"))
    }

    pub(super) async fn arrives(&mut self, caller: &Caller, groups: BTreeSet<String>, has_email: bool) -> String {
        let number = self.fresh();
        let username = format!("u{number}");
        let user = User {
            username: username.clone(),
            uid: String::new(),
            name: format!("Ada Of{number}"),
            given_name: String::new(),
            family_name: String::new(),
            email: if has_email { format!("{username}@example.com") } else { String::new() },
            active: true,
            role: Role::Member,
            service_account: false,
            groups,
            attributes: Attributes::new(),
        };
        let admin = caller.admin().unwrap();
        admin.create_user(user, None).await.unwrap();
        let user = admin.user(&username).await.unwrap().user;
        self.people.insert(number, user);
        username
    }

    pub(super) async fn edited(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let ((number, mut user), now) = (self.somebody(chance)?, self.fresh());
        match chance.below(4) {
            0 => user.name = format!("Grace Of{now}"),
            1 => user.email = format!("e{now}@example.com"),
            2 => user.email = String::new(),
            _ if user.attributes.contains_key("department") && chance.one_in(2) => user.attributes.clear(),
            _ => _ = user.attributes.insert("department".to_owned(), format!("D{now}").into()),
        }
        let told = format!("{} is {}, {:?}, {:?}", user.username, user.name, user.email, user.attributes);
        self.save(caller, number, user).await;
        Some(told)
    }

    /// Somebody gets into a group or out of one.
    pub(super) async fn joins(&mut self, caller: &Caller, chance: &mut Chance, into: bool) -> Option<String> {
        let (number, mut user) = self.somebody(chance)?;
        let groups: Vec<String> = self.names().into_iter().filter(|name| user.groups.contains(name) != into).collect();
        let group = chance.pick(&groups)?;
        let told = format!("{} {} {group}", user.username, if into { "joins" } else { "leaves" });
        if into {
            user.groups.insert(group);
        } else {
            user.groups.remove(&group);
        }
        self.save(caller, number, user).await;
        Some(told)
    }

    /// Somebody is disabled or enabled, or becomes a service account or a person again.
    pub(super) async fn switched(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let (number, mut user) = self.somebody(chance)?;
        if user.service_account || chance.one_in(4) {
            user.service_account = !user.service_account;
        } else {
            user.active = !user.active;
        }
        let told = format!("{}: active {}, service account {}", user.username, user.active, user.service_account);
        self.save(caller, number, user).await;
        Some(told)
    }

    pub(super) async fn deleted(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let (number, user) = self.somebody(chance).filter(|_| self.people.len() > 4)?;
        self.unbind(caller, &BindingSubject::User(user.username.clone())).await?;
        let admin = caller.admin().unwrap();
        let version = admin.user(&user.username).await.unwrap().version;
        admin.delete_user(&user.username, version).await.unwrap();
        self.people.remove(&number);
        Some(format!("{} is deleted", user.username))
    }

    pub(super) async fn user_renamed(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let ((number, user), to) = (self.somebody(chance)?, format!("u{}", self.fresh()));
        caller.admin().unwrap().rename_user(&user.username, None, &to).await.unwrap();
        if self.bindings.remove(&BindingSubject::User(user.username.clone())) {
            self.bindings.insert(BindingSubject::User(to.clone()));
        }
        let told = format!("{} is called {to}", user.username);
        self.people.insert(number, User { username: to, ..user });
        Some(told)
    }

    /// Two people in scope trade their addresses: neither is free for the other before it is given up.
    pub(super) async fn traded(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let picture = self.picture();
        let trades = |user: &User| user.active && !user.email.is_empty() && picture.users.contains_key(&user.uid);
        let ((one, mut first), (other, mut second)) = (self.somebody(chance)?, self.somebody(chance)?);
        if one == other || !trades(&first) || !trades(&second) {
            return None;
        }
        self.trades = true;
        std::mem::swap(&mut first.email, &mut second.email);
        let told = format!("{} and {} trade their addresses", first.username, second.username);
        self.save(caller, one, first).await;
        self.save(caller, other, second).await;
        Some(told)
    }
}
