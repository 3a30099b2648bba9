use leptos::prelude::*;

use crate::ui::{Icon, Shape, Source};

/// A row of a description list.
pub fn fact(name: &'static str, value: impl IntoView) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value.into_view()}</dd></div> }.into_any()
}

/// A text with a button that copies it; without JavaScript there is no button.
pub fn copyable(what: &'static str, text: &str) -> AnyView {
    let (shown, copied, label) = (text.to_owned(), text.to_owned(), format!("Copy {what}"));
    view! {
        <code>{shown}</code>
        <button type="button" class="icon-button" data-copy=copied data-what=what aria-label=label><Icon shape=Shape::Copy /></button>
    }
    .into_any()
}

/// Text as it is.
pub fn code(label: &'static str, text: &str) -> AnyView {
    let shown = text.to_owned();
    figure(label, text, view! { <code>{shown}</code> }.into_any())
}

/// An expression with these names; see [`Source`].
pub fn python(label: &'static str, text: &str, names: &'static str) -> AnyView {
    figure(label, text, view! { <Source text names /> }.into_any())
}

fn figure(label: &'static str, text: &str, shown: AnyView) -> AnyView {
    let (copied, copy) = (text.to_owned(), format!("Copy {label}"));
    view! {
        <figure class="code">
            <figcaption><span>{label}</span><button type="button" class="icon-button" data-copy=copied data-what=label aria-label=copy><Icon shape=Shape::Copy /></button></figcaption>
            <pre tabindex="0" role="region" aria-label=label>{shown}</pre>
        </figure>
    }
    .into_any()
}

/// A secret that this page is the only one to tell.
pub fn shown_once(what: &'static str, secret: &str, help: &'static str) -> AnyView {
    view! {
        <div class="notice good">
            <p><strong>"This is shown once. "</strong>{help}</p>
            <p>{copyable(what, secret)}</p>
        </div>
    }
    .into_any()
}

/// A moment in UTC. `2026-11-24 15:54 UTC` of `2026-11-24T15:54:04Z`.
pub fn moment(at: &str) -> AnyView {
    let text = match at.split_once('T') {
        Some((day, rest)) if at.ends_with('Z') => format!("{day} {} UTC", rest.get(..5).unwrap_or(rest)),
        _ => at.to_owned(),
    };
    let at = at.to_owned();
    view! { <time datetime=at>{text}</time> }.into_any()
}
