use leptos::prelude::*;
use leptos_router::{
    components::A,
    hooks::{use_location, use_params_map},
};
use model::{ListQuery, ScimRun, ScimRunDetail};

use super::{
    api::read_scim_run,
    detail::name,
    words::{object_path, outcome_badge, run_path, scim_path},
};
use crate::{
    list::list_query,
    ui::{Empty, Failure, Heading, Paging, Scroll, SearchBar, Skeleton, Time, retry},
};

const OUTCOMES: [(&str, &str); 4] =
    [("", "every outcome"), ("refused", "refused"), ("open", "tried again"), ("done", "done")];

/// The last runs, each with a link to its results.
pub fn run_table(name: &str, runs: Vec<ScimRun>) -> AnyView {
    if runs.is_empty() {
        return ().into_any();
    }
    let rows = runs.into_iter().map(|run| {
        let outcome = if run.ended.is_none() { "under way".to_owned() } else { run.outcome };
        view! {
            <tr>
                <th scope="row"><A href=run_path(name, run.id)>{format!("Run {}", run.id)}</A></th><td><Time at=run.started /></td>
                <td>{outcome}</td><td>{format!("{} of {}", run.settled, run.steps)}</td><td>{run.requests}</td><td>{run.parked}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <h2>"Runs"</h2>
        <Scroll label="Runs">
            <table>
                <thead><tr>
                    <th scope="col">"Run"</th><th scope="col">"Began"</th><th scope="col">"Outcome"</th><th scope="col">"Steps"</th>
                    <th scope="col">"Requests"</th><th scope="col">"Refused"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </Scroll>
    }
    .into_any()
}

/// One run with what became of each step.
#[component]
pub fn ScimRunPage() -> impl IntoView {
    let (name, params, query, path) = (name(), use_params_map(), list_query(), use_location().pathname);
    let id = Memo::new(move |_| params.with(|p| p.get("run").unwrap_or_default()));
    let found = Resource::new(
        move || (name.get(), id.get(), query.get()),
        // What is no number is the number of no run.
        |(name, id, query)| read_scim_run(name, id.parse().unwrap_or_default(), query),
    );
    let body = move || {
        Suspend::new(async move {
            match found.await {
                Ok(detail) => results(&name.get_untracked(), path.get_untracked(), query.get_untracked(), detail),
                Err(error) => view! { <Failure error retry=retry(found) /> }.into_any(),
            }
        })
    };
    let filters = OUTCOMES.map(|(key, text)| (key.to_owned(), text.to_owned())).to_vec();
    view! {
        <p><a href=move || scim_path(&name.get())>"Back to the SCIM provider"</a></p>
        <Heading title=Signal::derive(move || format!("Run {} of {}", id.get(), name.get())) />
        <SearchBar path query label="Search name or identifier" filters filter_label="Outcome" />
        <Transition fallback=Skeleton>{body}</Transition>
    }
}

fn results(name: &str, path: String, query: ListQuery, detail: ScimRunDetail) -> AnyView {
    let ScimRunDetail { run, results } = detail;
    let ended = match run.ended {
        Some(at) => view! { {run.outcome}", "<Time at /> }.into_any(),
        None => "under way".into_any(),
    };
    let summary = format!(
        "{} of {} steps in {} requests; the service refused {}. ",
        run.settled, run.steps, run.requests, run.parked
    );
    let rows = results.rows.into_iter().map(|row| {
        let href = object_path(name, &row.step.kind, &row.local);
        let details = row.step.details.into_iter().map(|line| view! { <div>{line}</div> }).collect_view();
        view! {
            <tr>
                <th scope="row"><A href=href>{row.step.name}</A></th><td>{row.step.kind}</td><td>{row.step.action}</td>
                <td>{outcome_badge(&row.outcome)}</td><td>{row.words}</td><td>{row.step.why}{details}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let list = if results.total == 0 {
        view! { <Empty text="No result matches." /> }.into_any()
    } else {
        view! {
            <Scroll label="Results">
                <table>
                    <thead><tr>
                        <th scope="col">"Object"</th><th scope="col">"Kind"</th><th scope="col">"Step"</th>
                        <th scope="col">"Outcome"</th><th scope="col">"Answer and what helps"</th><th scope="col">"Why"</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </Scroll>
            <Paging path query total=results.total page_size=results.page_size noun="result" />
        }
        .into_any()
    };
    view! { <p class="lead">"Began "<Time at=run.started />": "{ended}</p><p>{summary}</p>{list} }.into_any()
}
