use leptos::prelude::*;
use model::{ScimProgress, ScimRun, ScimRunResult, ScimStatus};

use super::{
    act::Actions,
    api::read_scim_progress,
    stage::Stage,
    words::{outcome_badge, run_path, scim_path, status_badge, time_left},
};
use crate::{
    session::visitor,
    ui::{listen, many},
};

/// How a provider stands from moment to moment: its state, what can be done about it, and the run under way. What the
/// server rendered is true as well, for browsers without scripts; it only does not move.
#[component]
pub fn Live(
    name: Memo<String>,
    /// The stage that the rest of the page shows, once it was read.
    #[prop(into)]
    shown: Signal<Option<Stage>>,
    /// Called when the stage that is heard of is another one than the one shown.
    again: Callback<()>,
) -> impl IntoView {
    let first = Resource::new(move || name.get(), read_scim_progress);
    let (heard, rendered) = (RwSignal::new(String::new()), RwSignal::new(None::<ScimProgress>));
    listen(Signal::derive(move || format!("{}/progress", scim_path(&name.get()))), "progress", heard);
    let live = Memo::new(move |_| heard.with(|text| serde_json::from_str::<ScimProgress>(text).ok()));
    let stage = Memo::new(move |_| live.get().or_else(|| rendered.get()).map(Stage::from));
    // The two are read apart, so even the first stage that is heard of may be newer than what is shown. An answer may lag
    // behind what is heard: for one stage the page is read again once, or it would be without end.
    Effect::new(move |read: Option<Option<Stage>>| {
        let read = read.flatten();
        let (Some(now), Some(shown)) = (stage.get(), shown.get()) else { return read };
        if now == shown {
            return None;
        }
        if read.as_ref() != Some(&now) {
            again.run(());
        }
        Some(now)
    });
    let body = move || {
        Suspend::new(async move {
            match first.await {
                Ok(now) => {
                    rendered.set(Some(now.clone()));
                    let now = Memo::new(move |_| live.get().unwrap_or_else(|| now.clone()));
                    standing(name, now, again)
                }
                // What is wrong is said once, where the provider itself is read.
                Err(_) => ().into_any(),
            }
        })
    };
    view! { <Transition>{body}</Transition> }
}

fn standing(name: Memo<String>, now: Memo<ScimProgress>, again: Callback<()>) -> AnyView {
    let busy = Memo::new(move |_| now.with(is_busy));
    let actions = visitor().administers().then(|| view! { <Actions name busy again /> });
    let run = move || {
        let ScimProgress { run, recent, .. } = now.get();
        run.map(|run| under_way(&name.get(), run, recent))
    };
    view! {
        <p class="lead" role="status">{move || status_badge(now.with(|now| now.status))}" "{move || now.with(|now| now.words.clone())}</p>
        {actions}
        {run}
    }
    .into_any()
}

/// Whether there is something that can be broken off.
fn is_busy(now: &ScimProgress) -> bool {
    let status = matches!(now.status, ScimStatus::Running | ScimStatus::WaitsForApproval | ScimStatus::Failing);
    status || now.run.is_some()
}

/// The run under way: how far, how fast, how long, and what became of the last steps.
fn under_way(name: &str, run: ScimRun, recent: Vec<ScimRunResult>) -> AnyView {
    let all = run_path(name, run.id);
    let (steps, settled) = (run.steps.max(1).to_string(), run.settled.to_string());
    let rate = if run.per_minute == 0 {
        "not known yet".to_owned()
    } else {
        format!("{} a minute", many(run.per_minute, "step"))
    };
    let rows = [
        ("Steps", format!("{} of {}", run.settled, run.steps)),
        ("Rate", rate),
        ("Time left", run.seconds_left.map_or_else(|| "not known yet".to_owned(), time_left)),
        ("Requests", run.requests.to_string()),
        ("Refused", run.parked.to_string()),
    ];
    let rows = rows.map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> });
    let lines = recent.into_iter().map(|row| {
        let what = format!("{} {} {}", row.step.action, row.step.kind, row.step.name);
        view! { <li>{outcome_badge(&row.outcome)}" "{what}" "{row.words}</li> }
    });
    view! {
        <section class="notice" aria-labelledby="under-way">
            <h2 id="under-way">"Under way"</h2>
            <progress class="gauge" aria-label="Steps done" max=steps value=settled></progress>
            <dl class="facts">{rows.into_iter().collect_view()}</dl>
            <h3>"Last results"</h3>
            <ol class="plain">{lines.collect_view()}</ol>
            <p><a href=all>"Every result of this run"</a></p>
        </section>
    }
    .into_any()
}
