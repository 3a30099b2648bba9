use leptos::prelude::*;
use model::ScimPlanView;

use super::{api::plan_scim, detail::name, words::scim_path};
use crate::ui::{Empty, Failure, Heading, Scroll, Skeleton, many, retry};

/// What a synchronisation would do now. Looking changes nothing.
#[component]
pub fn ScimPlanPage() -> impl IntoView {
    let name = name();
    view! {
        <p><a href=move || scim_path(&name.get())>"Back to the SCIM provider"</a></p>
        <Heading title=Signal::derive(move || format!("Plan for {}", name.get())) />
        <PlanView name=name />
    }
}

/// The plan itself.
#[component]
pub fn PlanView(
    #[prop(into)] name: Signal<String>,
    /// Whatever changes with what the plan depends on: it is made anew then.
    #[prop(optional)]
    decided: Option<RwSignal<u32>>,
) -> impl IntoView {
    let plan = Resource::new(move || (name.get(), decided.map(|decided| decided.get())), |(name, _)| plan_scim(name));
    let body = move || {
        Suspend::new(async move {
            match plan.await {
                Ok(plan) => shown(plan),
                Err(error) => view! { <Failure error retry=retry(plan) /> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=Skeleton>{body}</Transition> }
}

fn shown(plan: ScimPlanView) -> AnyView {
    let duration = plan.duration();
    let hazard = plan.hazard.map(|why| view! { <p class="notice bad">"It would wait for approval: "{why}</p> });
    let problems: Vec<String> =
        plan.refused.into_iter().chain(plan.failed).map(|(name, why)| format!("{name}: {why}")).collect();
    let problems = (!problems.is_empty()).then(|| {
        let lines = problems.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        view! { <h2>"Cannot be sent as they are"</h2><ul>{lines}</ul> }
    });
    let dropped =
        plan.dropped.into_iter().map(|(path, count)| view! { <li>{format!("{path}, {}", many(count, "time"))}</li> });
    let dropped: Vec<_> = dropped.collect();
    let dropped = (!dropped.is_empty())
        .then(|| view! { <h2>"Left out, since the service does not take it"</h2><ul>{dropped}</ul> });
    if plan.total == 0 {
        return view! { <Empty text="Nothing would be done: what is there is what should be there." />{problems}{dropped} }
            .into_any();
    }
    let more = plan.total.saturating_sub(plan.steps.len() as u64);
    let more = (more > 0).then(|| view! { <p>{format!("and {more} more")}</p> });
    let rows = plan.steps.into_iter().map(|step| {
        let details = step.details.into_iter().map(|line| view! { <div>{line}</div> }).collect_view();
        view! { <tr><td>{step.action}</td><td>{step.kind}</td><th scope="row">{step.name}</th><td>{step.why}</td><td>{details}</td></tr> }
    });
    view! {
        {hazard}
        <p>{format!("{}, {}, {duration}. Not ours, and left as it is: {}.", many(plan.total, "step"), many(plan.requests, "request"), many(plan.foreign, "user or group"))}</p>
        <Scroll label="Steps">
            <table>
                <thead><tr>
                    <th scope="col">"Step"</th><th scope="col">"Kind"</th><th scope="col">"Name"</th><th scope="col">"Why"</th><th scope="col">"What"</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </Scroll>
        {more}
        {problems}
        {dropped}
    }
    .into_any()
}
