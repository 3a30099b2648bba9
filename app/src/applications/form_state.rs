use std::collections::BTreeSet;

use leptos::prelude::*;
use model::FieldError;

use super::draft::{ApplicationDraft, BindingDraft, RoleDraft};
use crate::ui::{Problem, Refusals};

/// What a form holds: the draft, what it was, and what is wrong with it. A handle; copies are the same form.
#[derive(Clone, Copy)]
pub struct FormState {
    pub draft: RwSignal<ApplicationDraft>,
    saved: RwSignal<ApplicationDraft>,
    /// What the server found wrong with the last attempt.
    refused: RwSignal<Option<Refusals>>,
    /// What the browser finds wrong now.
    local: Memo<Vec<FieldError>>,
    /// Fields that were left once, and so may be talked about.
    touched: RwSignal<BTreeSet<String>>,
    /// After an attempt to save, everything may be talked about.
    pub attempted: RwSignal<bool>,
}

impl FormState {
    pub fn new(start: ApplicationDraft) -> Self {
        let draft = RwSignal::new(start.clone());
        Self {
            draft,
            saved: RwSignal::new(start),
            refused: RwSignal::new(None),
            local: Memo::new(move |_| draft.with(|draft| draft.application().err().unwrap_or_default())),
            touched: RwSignal::new(BTreeSet::new()),
            attempted: RwSignal::new(false),
        }
    }

    /// Shows what the server refuses, too.
    pub fn heed(self, refused: Refusals) {
        self.refused.set(Some(refused));
    }

    pub fn dirty(self) -> Signal<bool> {
        Signal::derive(move || self.draft.with(|draft| self.saved.with(|saved| draft != saved)))
    }

    /// Takes another draft as the starting point, such as what somebody else has saved.
    pub fn replace(self, draft: ApplicationDraft) {
        self.saved.set(draft.clone());
        self.draft.set(draft);
        if let Some(refused) = self.refused.get_untracked() {
            refused.clear();
        }
        self.attempted.set(false);
    }

    pub fn touch(self, field: String) -> Callback<()> {
        Callback::new(move |()| {
            self.touched.update(|all| {
                all.insert(field.clone());
            });
        })
    }

    /// What to show at a field now.
    pub fn error(self, field: impl Fn() -> String + Send + Sync + 'static) -> Signal<Option<String>> {
        Signal::derive(move || {
            let field = field();
            let find = |all: &Vec<FieldError>| all.iter().find(|f| f.field == field).map(|f| f.message.clone());
            let shown = self.attempted.get() || self.touched.with(|all| all.contains(&field));
            let refused = || self.refused.get().and_then(|refused| refused.at(&field));
            shown.then(|| self.local.with(find)).flatten().or_else(refused)
        })
    }

    /// What to show in the summary, after an attempt.
    pub fn problems(self) -> Signal<Vec<Problem>> {
        Signal::derive(move || {
            let mut all = if self.attempted.get() { self.local.get() } else { Vec::new() };
            all.extend(self.refused.get().map(Refusals::all).unwrap_or_default());
            all.into_iter().map(|fault| (self.id_of(&fault.field), fault.message)).collect()
        })
    }

    /// The id of the control that a path means: rows are known by their keys, which do not move.
    fn id_of(self, field: &str) -> String {
        let mut parts = field.split('.');
        let (list, index, rest) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let index = index.and_then(|i| i.parse::<usize>().ok());
        self.draft
            .with(|draft| match (list, index) {
                ("bindings", Some(i)) => {
                    draft.bindings.get(i).map(|b| format!("binding-{}-{}", b.key, rest.unwrap_or("name")))
                }
                ("aws_roles", Some(i)) => {
                    draft.aws_roles.get(i).map(|r| format!("role-{}-{}", r.key, rest.unwrap_or("role")))
                }
                _ => Some(list.to_owned()),
            })
            .unwrap_or_default()
    }

    pub fn binding<T: Send + Sync + Clone + 'static>(
        self,
        key: u32,
        read: fn(&BindingDraft) -> T,
        none: T,
    ) -> Signal<T> {
        Signal::derive(move || {
            self.draft.with(|d| d.bindings.iter().find(|b| b.key == key).map(read)).unwrap_or_else(|| none.clone())
        })
    }

    pub fn set_binding<T: 'static>(self, key: u32, write: fn(&mut BindingDraft, T)) -> Callback<T> {
        Callback::new(move |value| {
            self.draft.update(|d| {
                if let Some(row) = d.bindings.iter_mut().find(|b| b.key == key) {
                    write(row, value);
                }
            });
        })
    }

    pub fn binding_path(self, key: u32, rest: &'static str) -> impl Fn() -> String + Send + Sync + 'static {
        move || path("bindings", self.draft.with(|d| d.bindings.iter().position(|b| b.key == key)), rest)
    }

    pub fn role<T: Send + Sync + Clone + Default + 'static>(self, key: u32, read: fn(&RoleDraft) -> T) -> Signal<T> {
        Signal::derive(move || {
            self.draft.with(|d| d.aws_roles.iter().find(|r| r.key == key).map(read)).unwrap_or_default()
        })
    }

    pub fn set_role<T: 'static>(self, key: u32, write: fn(&mut RoleDraft, T)) -> Callback<T> {
        Callback::new(move |value| {
            self.draft.update(|d| {
                if let Some(row) = d.aws_roles.iter_mut().find(|r| r.key == key) {
                    write(row, value);
                }
            });
        })
    }

    pub fn role_path(self, key: u32, rest: &'static str) -> impl Fn() -> String + Send + Sync + 'static {
        move || path("aws_roles", self.draft.with(|d| d.aws_roles.iter().position(|r| r.key == key)), rest)
    }
}

fn path(list: &str, index: Option<usize>, rest: &str) -> String {
    let index = index.map(|i| i.to_string()).unwrap_or_default();
    if rest.is_empty() { format!("{list}.{index}") } else { format!("{list}.{index}.{rest}") }
}
