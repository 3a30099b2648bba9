use domain::Error;
use leptos::prelude::*;
use model::{FieldError, Policy, PolicyTrial};

use super::{
    frame::{found, framed},
    words::{NAMES, PATH, policy_path},
};
use crate::{
    conflict::sides,
    drawn::{Asked, Drawing, Reply, Sheet, done, stays},
    ui::{
        Badge, Tone,
        plain::{self, Area, Form, Line, area, line},
    },
};

const HELP: &str = "Python; a true result passes. Names: user (username, name, email, is_active, attributes, groups, group_attributes(), is_member(\"…\")), application, provider, request (client_ip, is_idp_initiated), regex_match.";

/// What a form holds beside the policy itself.
struct Shown {
    policy: Policy,
    /// None: a new one.
    version: Option<u64>,
    conflict: Option<AnyView>,
    trial: Option<AnyView>,
    /// The line at which the trial failed.
    line: Option<u32>,
    status: u16,
}

fn typed(asked: &Asked, name: String) -> Policy {
    // Browsers send line breaks of two characters.
    Policy { name, expression: asked.field("expression").replace("\r\n", "\n") }
}

/// Making a policy.
pub async fn new_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let policy = Policy { name: String::new(), expression: "return user.is_member(\"…\")".to_owned() };
    Ok(page(asked, Shown { policy, version: None, conflict: None, trial: None, line: None, status: 200 }, &[]).await)
}

pub async fn create(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let policy = typed(asked, asked.text("name"));
    if asked.field("act") == "try" {
        return tried(asked, policy, None).await;
    }
    match admin.create_policy(policy.clone()).await {
        Ok(()) => Ok(Reply::To(done(&policy_path(&policy.name), "created"))),
        Err(error) => {
            let shown = Shown { policy, version: None, conflict: None, trial: None, line: None, status: 422 };
            Ok(Reply::Page(page(asked, shown, &stays(error)?).await))
        }
    }
}

/// Changing a policy.
pub async fn edit_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let detail = found(asked).await?;
    let (policy, version) = (detail.policy, Some(detail.version));
    Ok(page(asked, Shown { policy, version, conflict: None, trial: None, line: None, status: 200 }, &[]).await)
}

pub async fn edit(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let before = found(asked).await?;
    let name = before.policy.name.clone();
    let policy = typed(asked, name.clone());
    if asked.field("act") == "try" {
        return tried(asked, policy, Some(asked.version())).await;
    }
    let error = match admin.update_policy(&name, asked.version(), policy.clone()).await {
        Ok(()) => return Ok(Reply::To(done(&policy_path(&name), "saved"))),
        Err(error) => error,
    };
    if matches!(error, Error::Conflict(_)) && before.version != asked.version() {
        let both = sides("policy", &before.policy, Some(&policy), &format!("{}/edit", policy_path(&name)));
        let (version, conflict) = (Some(before.version), Some(both));
        let shown = Shown { policy, version, conflict, trial: None, line: None, status: 409 };
        return Ok(Reply::Page(page(asked, shown, &[]).await));
    }
    let shown = Shown { policy, version: Some(asked.version()), conflict: None, trial: None, line: None, status: 422 };
    Ok(Reply::Page(page(asked, shown, &stays(error)?).await))
}

/// What the policy as it is typed says of somebody; nothing is saved.
async fn tried(asked: &Asked, policy: Policy, version: Option<u64>) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let (user, application) = (asked.text("trial_user"), asked.text("trial_application"));
    let (trial, faults) = match admin.try_policy(policy.expression.clone(), &user, &application).await {
        Ok(trial) => (Some(trial), Vec::new()),
        Err(error) => (None, stays(error)?),
    };
    let line = trial.as_ref().and_then(|trial| match trial {
        PolicyTrial::Failed { line, .. } => *line,
        PolicyTrial::Answered { .. } => None,
    });
    let trial = trial.map(|trial| outcome(&user, trial));
    let status = if faults.is_empty() { 200 } else { 422 };
    let shown = Shown { policy, version, conflict: None, trial, line, status };
    Ok(Reply::Page(page(asked, shown, &faults).await))
}

fn outcome(user: &str, trial: PolicyTrial) -> AnyView {
    let (tone, word, text) = match trial {
        PolicyTrial::Answered { passed: true, json } => (Tone::Good, "passes", format!("{user}: it gave {json}")),
        PolicyTrial::Answered { json, .. } => (Tone::Quiet, "does not pass", format!("{user}: it gave {json}")),
        PolicyTrial::Failed { message, line } => {
            let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
            (Tone::Bad, "failed", format!("{line}{message}"))
        }
    };
    view! { <p class="test" role="status"><Badge tone text=word /><span>{text}</span></p> }.into_any()
}

async fn page(asked: &Asked, shown: Shown, faults: &[FieldError]) -> Drawing {
    let Shown { policy, version, conflict, trial, line: failed, status } = shown;
    let name = Line {
        id: "name",
        label: "Name",
        value: policy.name.clone(),
        help: "Bindings refer to it by this name, so it cannot be changed later.",
        readonly: version.is_some(),
        ..Line::default()
    };
    let expression = Area {
        id: "expression",
        label: "Expression",
        value: policy.expression,
        help: HELP,
        rows: 10,
        names: Some(NAMES),
        line: failed,
    };
    let asked_of = |id: &'static str, label: &'static str, help: &'static str| {
        line(Line { id, label, value: asked.field(id).to_owned(), help, ..Line::default() }, faults)
    };
    let body = view! {
        <fieldset><legend>"Policy"</legend>{line(name, faults)}{area(expression, faults)}</fieldset>
        <fieldset>
            <legend>"Try it"</legend>
            <p class="help">"As it is typed above; nothing is saved."</p>
            {asked_of("trial_user", "User name", "Of whom it is asked.")}
            {asked_of("trial_application", "Application", "A slug; may be empty.")}
            <button type="submit" name="act" value="try">"Try it for this user"</button>
            {trial}
        </fieldset>
    };
    let path = if version.is_some() { policy_path(&policy.name) } else { PATH.to_owned() };
    let form = Form {
        action: if version.is_some() { format!("{path}/edit") } else { format!("{PATH}/-/new") },
        label: match (&version, conflict.is_some()) {
            (_, true) => "Save mine over it",
            (None, _) => "Create the policy",
            _ => "Save",
        },
        version,
        body: body.into_any(),
        other: None,
        guarded: true,
    };
    let body = view! { {conflict}{plain::form(form, faults)} }.into_any();
    if version.is_some() {
        return framed(asked, &policy.name, "/edit", "Edit", status, body);
    }
    let up = Some((PATH.to_owned(), "All policies"));
    Sheet { title: "New policy".to_owned(), up, status: Some(status), body: Some(body), ..Sheet::default() }.drawing()
}
