use leptos::prelude::*;

use super::Drawing;
use crate::list::linked;

/// What every drawn page has: the way up, one heading with what can be done, a word on what was just done, and its content.
#[derive(Default)]
pub struct Sheet {
    pub title: String,
    /// What stands before it in the document's title, such as the name of a tab.
    pub tab: &'static str,
    /// Address and name of the list that this belongs to.
    pub up: Option<(String, &'static str)>,
    /// Beside the heading.
    pub actions: Option<AnyView>,
    /// Code of what was just done; see [`done`].
    pub done: String,
    /// Other than 200.
    pub status: Option<u16>,
    pub body: Option<AnyView>,
}

impl Sheet {
    /// The page of a form that makes something.
    pub fn of_new(title: &str, up: (&str, &'static str), status: u16, form: AnyView) -> Self {
        let up = Some((up.0.to_owned(), up.1));
        Self { title: title.to_owned(), up, status: Some(status), body: Some(form), ..Self::default() }
    }

    pub fn drawing(self) -> Drawing {
        let Self { title, tab, up, actions, done, status, body } = self;
        let document = if tab.is_empty() { title.clone() } else { format!("{tab} · {title}") };
        let up = up.map(|(href, name)| view! { <p><a href=href>{name}</a></p> });
        let done = told(&done).map(|text| view! { <p class="notice good" role="status">{text}</p> });
        let page = view! {
            {up}
            <div class="heading">
                <h1 id="title" tabindex="-1">{title}</h1>
                <div class="actions">{actions}</div>
            </div>
            {done}
            {body}
        };
        Drawing { title: document, html: page.to_html(), status: status.unwrap_or(200) }
    }
}

/// The address to go on to, which says what was done. It holds a code, so that no link can put words into our mouth.
pub fn done(path: &str, code: &str) -> String {
    linked(path, "done", code)
}

fn told(code: &str) -> Option<&'static str> {
    Some(match code {
        "created" => "It was created.",
        "saved" => "The changes were saved.",
        "deleted" => "Deleted.",
        "renamed" => "It has the new name, and all that named it has followed.",
        "password" => "The password was set, and the user was signed out everywhere.",
        "ended" => "The session has ended.",
        "activated" => "They may sign in again.",
        "deactivated" => "They cannot sign in any more, and were signed out everywhere.",
        "let-go" => "The plan was let go.",
        "member" => "The members were changed.",
        "revoked" => "The token was revoked. It opens nothing any more.",
        _ => return None,
    })
}
