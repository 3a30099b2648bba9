use model::{ScimDrift, ScimHealth, ScimObjectLog, ScimObjectRow, ScimPlanView, ScimRun, ScimRunResult, ScimStepRow};

pub fn steps(steps: &[ScimStepRow]) {
    for step in steps {
        println!("{} {} {}: {}", step.action, step.kind, step.name, step.why);
        for line in &step.details {
            println!("    {line}");
        }
    }
}

/// A plan as it is read.
pub fn plan(plan: &ScimPlanView) {
    steps(&plan.steps);
    let shown = plan.steps.len() as u64;
    if plan.total > shown {
        println!("and {} more", plan.total - shown);
    }
    sum(plan);
}

/// What stands below the steps of a plan.
pub fn sum(plan: &ScimPlanView) {
    for (name, why) in plan.refused.iter().chain(&plan.failed) {
        println!("cannot be sent: {name}: {why}");
    }
    for (path, count) in &plan.dropped {
        println!("left out, since the service does not take it: {path} ({count} times)");
    }
    if plan.foreign > 0 {
        println!("{} users and groups there are not ours and stay as they are", plan.foreign);
    }
    if let Some(why) = &plan.hazard {
        println!("this plan would wait for approval: {why}");
    }
    println!("{} requests, {}", plan.requests, plan.duration());
}

/// How provisioning stands, and what waits for somebody.
pub fn status(provider: &str, health: &ScimHealth) {
    println!("{provider}: {}", health.words);
    println!("there: {} users, {} groups, {} memberships", health.users, health.groups, health.memberships);
    println!("{} steps to go, {} parked", health.queue, health.parked);
    if let Some(at) = &health.last_synced {
        println!("last synchronised: {at}");
    }
    if let Some(at) = &health.unsynced_since {
        println!("oldest change that is not there yet: {at}");
    }
    if let Some(run) = health.runs.first().filter(|run| run.ended.is_none()) {
        let left = run.seconds_left.map(|left| format!(", about {left} s to go")).unwrap_or_default();
        println!("run {}: {} of {} steps, {} a minute{left}", run.id, run.settled, run.steps, run.per_minute);
    }
    if let Some(pending) = &health.pending {
        println!("plan {} waits since {}: {}", pending.id, pending.since, pending.why);
        for line in &pending.taken {
            println!("    {line}");
        }
        let shown = pending.taken.len() as u64;
        if pending.removals > shown {
            println!("    and {} more: rolecall scim plan {provider}", pending.removals - shown);
        }
        println!("    let it go: rolecall scim approve {provider} {}", pending.id);
        println!("    refuse it: rolecall scim cancel {provider}");
    }
    if health.drift > 0 {
        println!("{} differences wait: rolecall scim drift {provider}", health.drift);
    }
    if health.undecided > 0 {
        println!(
            "{} namesakes are not decided: rolecall scim adoption {provider} --filter undecided",
            health.undecided
        );
    }
    for warning in &health.warnings {
        println!("warning: {warning}");
    }
}

/// A run on a line.
pub fn run(run: &ScimRun) {
    let ended = run.ended.as_deref().unwrap_or("under way");
    println!(
        "{}\t{}\t{ended}\t{} of {}\t{}\t{}\t{}",
        run.id, run.started, run.settled, run.steps, run.requests, run.parked, run.outcome
    );
}

/// What became of a step.
pub fn result(row: &ScimRunResult) {
    let step = &row.step;
    let words = if row.words.is_empty() { String::new() } else { format!(": {}", row.words) };
    println!("{}\t{} {} {}{words}", row.outcome, step.action, step.kind, step.name);
}

/// An object on a line.
pub fn object(row: &ScimObjectRow) {
    let remote = if row.remote.is_empty() { "-" } else { &row.remote };
    // A group that was renamed here and is not there yet, or that the service calls otherwise.
    let here = Some(&row.here).filter(|here| !here.is_empty() && **here != row.name);
    let here = here.map(|here| format!(", here {here}")).unwrap_or_default();
    let members = if row.kind == "group" { format!(", {} members", row.members) } else { String::new() };
    let words = if row.words.is_empty() { String::new() } else { format!("\t{}; {}", row.words, row.fix) };
    println!("{}\t{}\t{remote}\t{}{here}{members}{words}", row.kind, row.state, row.name);
}

/// What a comparison found.
pub fn drift(provider: &str, drift: &ScimDrift) {
    for row in &drift.rows {
        let what = if row.path.is_empty() { row.what.clone() } else { format!("{} {}", row.what, row.path) };
        let value = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
        let values = if row.ours.is_empty() && row.theirs.is_empty() {
            String::new()
        } else {
            format!(": {} here, {} there", value(&row.ours), value(&row.theirs))
        };
        println!("{} {}: {what}{values}", row.kind, row.name);
    }
    if drift.total == 0 {
        println!("nothing of ours was changed there by others");
    } else if drift.repaired {
        println!("{} differences, found {}, are put right", drift.total, drift.found);
    } else {
        println!("{} differences, found {}, wait", drift.total, drift.found);
        println!("    put them right: rolecall scim repair {provider} {}", drift.id);
    }
}

/// Every request of a synchronisation of one object.
pub fn log(log: &ScimObjectLog) {
    for line in &log.lines {
        println!("{} {} → {}", line.at, line.request, line.answer);
        for body in [&line.body, &line.answer_body].into_iter().filter(|body| !body.is_empty()) {
            println!("    {body}");
        }
    }
    println!("{}", log.outcome);
}
