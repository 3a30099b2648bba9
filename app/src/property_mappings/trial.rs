use std::time::Duration;

use leptos::prelude::*;
use model::Trial as Outcome;

use super::api::try_expression;
use crate::{
    error::Answer,
    ui::{CodeBlock, TextField},
};

/// How long nothing is typed before the expression is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// What an expression gives for a chosen user, without saving anything. Once it was tried for somebody, what is typed is
/// tried for them as well.
#[component]
pub fn Trial(
    #[prop(into)] source: Signal<String>,
    /// The line at which it failed, for the field of the source.
    failing: RwSignal<Option<u32>>,
) -> impl IntoView {
    let (user, application) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (chosen, turn) = (StoredValue::new((String::new(), String::new())), StoredValue::new(0u32));
    let running = Action::new(move |(source, user, application): &(String, String, String)| {
        try_expression(source.clone(), user.clone(), application.clone())
    });
    let ask = move || {
        let (user, application) = chosen.get_value();
        running.dispatch((source.get_untracked(), user, application));
    };
    let run = move || {
        let text = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        chosen.set_value((text(user), text(application)));
        ask();
    };
    Effect::new(move |_| {
        source.track();
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let again = move || {
            // The page may have gone meanwhile, and somebody who is not there is not asked about again.
            if turn.try_get_value() == Some(mine) && matches!(running.value().get_untracked(), Some(Ok(_))) {
                ask();
            }
        };
        set_timeout(again, PAUSE);
    });
    Effect::new(move |_| {
        failing.set(match running.value().get() {
            Some(Ok(Outcome::Failed { line, .. })) => line,
            _ => None,
        });
    });
    // Enter in these fields tries; it does not save the form around them.
    let on_enter = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            run();
        }
    };
    let set = |signal: RwSignal<String>| Callback::new(move |text| signal.set(text));
    let none = Signal::stored(None::<String>);
    view! {
        <fieldset on:keydown=on_enter>
            <legend>"Try it"</legend>
            <TextField id="try-user" label="For the user" value=user on_input=set(user) error=none help="A user name. Nothing is sent or kept." />
            <TextField id="try-application" label="Opening the application" value=application on_input=set(application) error=none help="Its slug; none: provider and application are empty." />
            <button type="button" aria-disabled=move || running.pending().get().then_some("true") on:click=move |_| run()>"Try the expression"</button>
            <div role="status">{move || running.value().get().map(outcome)}</div>
        </fieldset>
    }
}

fn outcome(answer: Answer<Outcome>) -> AnyView {
    match answer {
        Ok(Outcome::Value { json, values }) => {
            let count = match values.len() {
                0 => "No value: the attribute is left out.".to_owned(),
                1 => "One value:".to_owned(),
                many => format!("{many} values:"),
            };
            let values = values.into_iter().map(|value| view! { <li><code>{value}</code></li> }).collect_view();
            view! { <p>{count}</p><ul>{values}</ul><CodeBlock label="result" text=json /> }.into_any()
        }
        Ok(Outcome::Skipped) => view! { <p>"Left out: the expression raised SkipObject."</p> }.into_any(),
        Ok(Outcome::Failed { message, line, column }) => {
            let place = match (line, column) {
                (Some(line), Some(column)) => format!("line {line}, column {column}: "),
                _ => String::new(),
            };
            view! { <p class="notice bad">{place}{message}</p> }.into_any()
        }
        Err(error) => view! { <p class="notice bad">{error.to_string()}</p> }.into_any(),
    }
}
