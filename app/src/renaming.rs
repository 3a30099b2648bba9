//! The page that gives something another name, on the server alone: what it means first, then the one field.
use domain::Error;
use leptos::prelude::*;
use model::FieldError;

use crate::{
    drawn::stays,
    ui::plain::{Form, Line, form, line},
};

/// What the page says of a thing.
pub struct Renaming {
    /// Where the form is posted to.
    pub action: String,
    /// The version that was looked at.
    pub version: u64,
    /// The new name, as far as it is typed.
    pub field: Line,
    /// What it stays, in a sentence.
    pub stays: &'static str,
    /// What it means, line by line.
    pub meaning: Vec<String>,
    /// Expressions that speak of the old name.
    pub mentioned_in: Vec<String>,
}

pub fn renaming(renaming: Renaming, faults: &[FieldError]) -> AnyView {
    let Renaming { action, version, field, stays, meaning, mentioned_in } = renaming;
    let meaning = meaning.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let form = form(
        Form { action, label: "Rename", version: Some(version), body: line(field, faults), other: None, guarded: true },
        faults,
    );
    view! { <p>{stays}" What it means:"</p><ul>{meaning}</ul>{mentions(mentioned_in)}{form} }.into_any()
}

/// What the page shows where the new name was refused, and its status.
pub fn refused(error: Error) -> Result<(Vec<FieldError>, u16), Error> {
    let status = if matches!(error, Error::Conflict(_)) { 409 } else { 422 };
    Ok((stays(error)?, status))
}

fn mentions(mentioned_in: Vec<String>) -> Option<AnyView> {
    if mentioned_in.is_empty() {
        return None;
    }
    let lines = mentioned_in.into_iter().map(|what| view! { <li>{what}</li> }).collect_view();
    let notice = view! {
        <div class="notice">
            <p>"These speak of the name in quotes. They are code and stay as they are: look at them afterwards."</p>
            <ul>{lines}</ul>
        </div>
    };
    Some(notice.into_any())
}
