use std::time::Duration;

use leptos::prelude::*;
use model::{ExpressionTrial, MappingKind, Trial as Outcome};

use super::api::try_expression;
use crate::{
    error::Answer,
    ui::{CodeBlock, TextField, waiting},
};

/// How long nothing is typed before the expression is tried again.
const PAUSE: Duration = Duration::from_millis(500);

/// What an expression gives for a chosen user, without saving anything. Once it was tried for somebody, what is typed is
/// tried for them as well.
#[component]
pub fn Trial(
    #[prop(into)] source: Signal<String>,
    #[prop(into)] kind: Signal<MappingKind>,
    /// The line at which it failed, for the field of the source.
    failing: RwSignal<Option<u32>>,
) -> impl IntoView {
    let (subject, place) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (chosen, turn) = (StoredValue::new((String::new(), String::new())), StoredValue::new(0u32));
    let running = Action::new(move |trial: &ExpressionTrial| try_expression(trial.clone()));
    let ask = move || {
        let (subject, place) = chosen.get_value();
        let (source, kind) = (source.get_untracked(), kind.get_untracked());
        running.dispatch(ExpressionTrial { source, kind, subject, place });
    };
    let run = move || {
        let text = |field: RwSignal<String>| field.get_untracked().trim().to_owned();
        chosen.set_value((text(subject), text(place)));
        ask();
    };
    // What one kind gave says nothing of another.
    Effect::new(move |former: Option<MappingKind>| {
        let kind = kind.get();
        if former.is_some_and(|former| former != kind) {
            running.clear();
        }
        kind
    });
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
            {move || {
                let words = words(kind.get());
                view! {
                    <TextField id="try-user" label=words.subject value=subject on_input=set(subject) error=none help="By name. Nothing is sent or kept." />
                    <TextField id="try-application" label=words.place value=place on_input=set(place) error=none help=words.help />
                }
            }}
            <button type="button" aria-disabled=waiting(running.pending().into()) on:click=move |_| run()>"Try the expression"</button>
            <div role="status">{move || running.value().get().map(outcome)}</div>
        </fieldset>
    }
}

/// What the fields are for.
struct Words {
    subject: &'static str,
    place: &'static str,
    help: &'static str,
}

fn words(kind: MappingKind) -> Words {
    let scim = |subject| Words { subject, place: "At the SCIM provider", help: "Its name; none: provider is empty." };
    match kind {
        MappingKind::Saml => Words {
            subject: "For the user",
            place: "Opening the application",
            help: "Its slug; none: provider and application are empty.",
        },
        MappingKind::ScimUser => scim("For the user"),
        MappingKind::ScimGroup => scim("For the group"),
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
        Ok(Outcome::Part { json }) => view! { <CodeBlock label="result" text=json /> }.into_any(),
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
