use std::collections::BTreeSet;

use domain::Caller;
use model::{AccessBinding, Application, BindingSubject};

use super::{chance::Chance, town::Town};

impl Town {
    /// The people and groups that there are in the beginning: one group below another, and people in scope who are in
    /// no group at all. The administrator and the group `g0`, for which the application is, are there already.
    pub async fn settle(caller: &Caller, chance: &mut Chance) -> Self {
        let mut town = Self::default();
        let root = caller.admin().unwrap().user("root").await.unwrap().user;
        town.people.insert(0, root);
        town.groups.insert("g0".to_owned(), BTreeSet::new());
        town.bindings.insert(BindingSubject::Group("g0".to_owned()));
        town.founded(caller, &["g0"]).await;
        town.founded(caller, &[]).await;
        for _ in 0..4 {
            town.comes(caller, chance).await;
        }
        for _ in 0..2 {
            let somebody = town.arrives(caller, BTreeSet::new(), true).await;
            town.named(caller, &somebody).await;
        }
        town
    }

    /// Changes something by chance, and tells what.
    pub async fn change(&mut self, caller: &Caller, chance: &mut Chance) -> String {
        loop {
            if let Some(told) = Box::pin(self.attempt(caller, chance)).await {
                return told;
            }
        }
    }

    /// None: there is nobody and nothing that could be changed so.
    async fn attempt(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        match chance.below(19) {
            0 => self.comes(caller, chance).await,
            1..=3 => self.edited(caller, chance).await,
            4 => self.joins(caller, chance, true).await,
            5 => {
                let parents = chance.pick(&self.names()).filter(|_| chance.one_in(2));
                let parents: Vec<&str> = parents.iter().map(String::as_str).collect();
                let name = self.founded(caller, &parents).await;
                Some(format!("the group {name} is made, below {parents:?}"))
            }
            6 => self.group_renamed(caller, chance).await,
            7 => self.user_renamed(caller, chance).await,
            8 => self.returns(caller, chance).await,
            9 | 10 => self.switched(caller, chance).await,
            11 => self.deleted(caller, chance).await,
            12 => self.joins(caller, chance, false).await,
            13 => self.dissolved(caller, chance).await,
            14 => self.nested(caller, chance).await,
            15 | 16 => self.bound(caller, chance).await,
            17 => self.opened(caller, chance).await,
            _ => self.traded(caller, chance).await,
        }
    }

    /// A number that nobody and nothing has.
    pub(super) fn fresh(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    pub(super) async fn bind(&mut self, caller: &Caller, bindings: BTreeSet<BindingSubject>) {
        let admin = caller.admin().unwrap();
        let detail = admin.application("aws").await.unwrap();
        let binding =
            |subject| AccessBinding { subject, negate: false, order: 0, enabled: true, failure_result: false };
        let application =
            Application { bindings: bindings.iter().cloned().map(binding).collect(), ..detail.application };
        admin.update_application("aws", detail.version, application).await.unwrap();
        self.bindings = bindings;
    }

    /// Takes a binding out, where there is one. None: it is the last one, and without any the application would be for
    /// everybody.
    pub(super) async fn unbind(&mut self, caller: &Caller, subject: &BindingSubject) -> Option<()> {
        let mut bindings = self.bindings.clone();
        if bindings.remove(subject) {
            if bindings.is_empty() {
                return None;
            }
            self.bind(caller, bindings).await;
        }
        Some(())
    }

    /// The application is for somebody by name, unless it is for everybody.
    pub(super) async fn named(&mut self, caller: &Caller, username: &str) {
        if !self.bindings.is_empty() {
            let mut bindings = self.bindings.clone();
            bindings.insert(BindingSubject::User(username.to_owned()));
            self.bind(caller, bindings).await;
        }
    }

    /// The application is for one group or person more, or less.
    async fn bound(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let subject = if chance.one_in(2) {
            BindingSubject::Group(chance.pick(&self.names())?)
        } else {
            BindingSubject::User(self.somebody(chance)?.1.username)
        };
        if self.bindings.contains(&subject) {
            self.unbind(caller, &subject).await?;
        } else {
            let mut bindings = self.bindings.clone();
            bindings.insert(subject);
            self.bind(caller, bindings).await;
        }
        Some(format!("the application is for {:?}", self.bindings))
    }

    /// The application is for everybody; where it was, it is for one group.
    async fn opened(&mut self, caller: &Caller, chance: &mut Chance) -> Option<String> {
        let mut bindings = BTreeSet::new();
        if self.bindings.is_empty() {
            bindings.insert(BindingSubject::Group(chance.pick(&self.names())?));
        }
        self.bind(caller, bindings).await;
        Some(format!("the application is for {:?}", self.bindings))
    }
}
