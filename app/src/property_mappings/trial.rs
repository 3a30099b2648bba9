use leptos::prelude::*;
use model::Trial as Outcome;

use super::api::try_expression;
use crate::{
    error::Answer,
    ui::{CodeBlock, TextField},
};

/// What an expression gives for a chosen user, without saving anything.
#[component]
pub fn Trial(#[prop(into)] source: Signal<String>) -> impl IntoView {
    let (user, application) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let running = Action::new(move |(source, user, application): &(String, String, String)| {
        try_expression(source.clone(), user.clone(), application.clone())
    });
    let run = move || {
        running.dispatch((
            source.get_untracked(),
            user.get_untracked().trim().to_owned(),
            application.get_untracked().trim().to_owned(),
        ));
    };
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
            <button type="button" prop:disabled=move || running.pending().get() on:click=move |_| run()>"Try the expression"</button>
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
