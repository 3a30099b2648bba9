//! Plans that are kept: looked at, let go as they are, or discarded. Drawn by the server alone.

use domain::Error;
use leptos::prelude::*;
use model::{ListQuery, Page, ScimStepRow, ScimStoredPlan, ScimStoredPlanDetail};

use super::words::scim_path;
use crate::{
    drawn::{Asked, Drawing, Reply, Sheet, done, sentence},
    ui::plain::{self, Confirm, Filter, Head, List, Row, confirm, moment},
};

const ACTIONS: &[&str] = &["create", "change", "replace", "members", "deactivate", "delete", "adopt"];

fn plans_path(name: &str) -> String {
    format!("{}/plans", scim_path(name))
}

fn plan_path(name: &str, id: &str) -> String {
    format!("{}/{}", plans_path(name), crate::list::segment(id))
}

fn button(action: String, label: &'static str) -> AnyView {
    view! { <form method="post" action=action class="actions"><button type="submit">{label}</button></form> }.into_any()
}

/// The plans that are kept of a SCIM provider.
pub async fn plans(asked: &Asked) -> Result<Drawing, Error> {
    let (name, query) = (asked.part(1).to_owned(), asked.list());
    let found = asked.caller.auditor()?.scim_plans(&name, &query).await?;
    let path = plans_path(&name);
    let rows = found.rows.into_iter().map(|ScimStoredPlan { id, made, by, applied, plan }| {
        let state = applied.map_or_else(|| "not let go".into_any(), |at| view! { "let go "{moment(&at)} }.into_any());
        let cells = vec![
            view! { <a href=plan_path(&name, &id)>{moment(&made)}</a> }.into_any(),
            by.into_any(),
            plan.total.into_any(),
            plan.requests.into_any(),
            plan.hazard.unwrap_or_default().into_any(),
            state,
        ];
        Row { key: id, cells }
    });
    let list = plain::list(List {
        path: &path,
        filter: None,
        noun: "plan",
        label: "Plans",
        search: "Search who kept it",
        total: found.total,
        page_size: found.page_size,
        heads: ["Made", "By", "Steps", "Requests", "Takes much away", "State"].map(|head| Head(head, None)).into(),
        rows: rows.collect(),
        acts: Vec::new(),
        all: false,
        empty: view! { <p>"No plan is kept. A kept plan can be looked at in full, by several people, and then let go, as long as it is still what would be done."</p> }.into_any(),
        query,
    });
    let keep = asked.administers().then(|| button(format!("{path}/-/new"), "Plan now and keep it"));
    let sheet = Sheet {
        title: format!("Kept plans of {name}"),
        up: Some((scim_path(&name), "Back to the SCIM provider")),
        actions: keep,
        done: asked.query("done").to_owned(),
        body: Some(list),
        ..Sheet::default()
    };
    Ok(sheet.drawing())
}

/// Plans now and shows the plan that is kept.
pub async fn keep_plan(asked: &Asked) -> Result<Reply, Error> {
    let name = asked.part(1);
    let stored = asked.caller.admin()?.keep_scim_plan(name).await?;
    Ok(Reply::To(done(&plan_path(name, &stored.id), "created")))
}

/// One plan, page by page.
pub async fn kept_plan(asked: &Asked) -> Result<Drawing, Error> {
    let (name, id, query) = (asked.part(1), asked.part(3), asked.list());
    let ScimStoredPlanDetail { stored, steps } = asked.caller.auditor()?.scim_stored_plan(name, id, &query).await?;
    let path = plan_path(name, id);
    let open = asked.administers() && stored.applied.is_none();
    let actions = asked.administers().then(|| {
        let apply = open.then(|| view! { <a class="button primary" href=format!("{path}/apply")>"Let it go …"</a> });
        view! { {apply}<a class="button" href=format!("{path}/discard")>"Discard …"</a> }.into_any()
    });
    let body = view! { {facts(&stored)}{listed(&path, query, steps)} };
    Ok(sheet(name, "", actions, asked, body.into_any()))
}

fn sheet(name: &str, tab: &'static str, actions: Option<AnyView>, asked: &Asked, body: AnyView) -> Drawing {
    Sheet {
        title: format!("Kept plan for {name}"),
        tab,
        up: Some((plans_path(name), "All kept plans")),
        actions,
        done: asked.query("done").to_owned(),
        body: Some(body),
        ..Sheet::default()
    }
    .drawing()
}

fn facts(stored: &ScimStoredPlan) -> AnyView {
    let plan = &stored.plan;
    let sum = format!(
        "{} steps, {} requests, {}. {} users and groups there are not ours and stay as they are.",
        plan.total,
        plan.requests,
        plan.duration(),
        plan.foreign
    );
    let hazard = plan.hazard.clone().map(|why| view! { <p class="notice bad">"It takes much away: "{why}</p> });
    let applied = stored.applied.as_deref().map(|at| view! { <p class="notice">"It was let go "{moment(at)}"; the runs of the provider show what became of each step."</p> });
    let problems =
        plan.refused.iter().chain(&plan.failed).map(|(name, why)| view! { <li>{format!("{name}: {why}")}</li> });
    let problems: Vec<_> = problems.collect();
    let problems = (!problems.is_empty()).then(|| view! { <h2>"Cannot be sent as they are"</h2><ul>{problems}</ul> });
    view! { {applied}{hazard}<p>"Kept "{moment(&stored.made)}" by "{stored.by.clone()}". "{sum}</p>{problems} }
        .into_any()
}

fn listed(path: &str, query: ListQuery, steps: Page<ScimStepRow>) -> AnyView {
    let rows = steps.rows.into_iter().map(|step| {
        let details = step.details.into_iter().map(|line| view! { <div>{line}</div> }).collect_view();
        let cells = [step.name, step.action, step.kind, step.why].map(IntoAny::into_any);
        Row { key: String::new(), cells: cells.into_iter().chain([details.into_any()]).collect() }
    });
    plain::list(List {
        path,
        filter: Some(Filter("Step", "every step", ACTIONS)),
        noun: "step",
        label: "Steps",
        search: "Search name",
        total: steps.total,
        page_size: steps.page_size,
        heads: ["Name", "Step", "Kind", "Why", "What"].map(|head| Head(head, None)).into(),
        rows: rows.collect(),
        acts: Vec::new(),
        all: false,
        empty: view! { <p>"Nothing would be done."</p> }.into_any(),
        query,
    })
}

/// What letting a plan go brings about.
pub async fn apply_question(asked: &Asked) -> Result<Drawing, Error> {
    let (name, stored) = asked_for(asked).await?;
    let text = "It goes with all that it takes away. Where something else would be done by now, nothing is sent, and you are told. What is changed after this moment is followed like any other change.";
    let body = view! { {facts(&stored)}<p>{text}</p> }.into_any();
    Ok(question(asked, name, &stored, "apply", "Let the plan go", body, None))
}

/// Lets a plan go; where it is not what would be done any more, the page says so.
pub async fn apply_plan(asked: &Asked) -> Result<Reply, Error> {
    let (name, stored) = asked_for(asked).await?;
    match asked.caller.admin()?.apply_scim_plan(name, &stored.id).await {
        Ok(()) => Ok(Reply::To(done(&plan_path(name, &stored.id), "let-go"))),
        Err(Error::Conflict(why)) => {
            let body = facts(&stored);
            let mut page = question(asked, name, &stored, "apply", "Let the plan go", body, Some(sentence(&why)));
            page.status = 409;
            Ok(Reply::Page(page))
        }
        Err(error) => Err(error),
    }
}

/// What discarding a plan brings about.
pub async fn discard_question(asked: &Asked) -> Result<Drawing, Error> {
    let (name, stored) = asked_for(asked).await?;
    let body = view! { <p>"The plan is forgotten. Nothing is sent or taken back by that."</p> }.into_any();
    Ok(question(asked, name, &stored, "discard", "Discard the plan", body, None))
}

pub async fn discard_plan(asked: &Asked) -> Result<Reply, Error> {
    let name = asked.part(1);
    asked.caller.admin()?.discard_scim_plan(name, asked.part(3)).await?;
    Ok(Reply::To(done(&plans_path(name), "deleted")))
}

/// The plan of a form, for administrators.
async fn asked_for(asked: &Asked) -> Result<(&str, ScimStoredPlan), Error> {
    let (name, id) = (asked.part(1), asked.part(3));
    let plan = asked.caller.admin()?.scim_stored_plan(name, id, &ListQuery::default()).await?;
    Ok((name, plan.stored))
}

fn question(
    asked: &Asked,
    name: &str,
    stored: &ScimStoredPlan,
    end: &str,
    label: &'static str,
    body: AnyView,
    kept: Option<String>,
) -> Drawing {
    let back = plan_path(name, &stored.id);
    let action = format!("{back}/{end}");
    let body = confirm(Confirm { action, label: label.to_owned(), hidden: Vec::new(), back, body, kept });
    sheet(name, label, None, asked, body)
}
