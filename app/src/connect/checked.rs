use leptos::prelude::*;
use model::{NameIdCheck, NameIdReport};

use crate::ui::{Badge, Scroll, Tone};

/// What a look at everybody in scope found.
pub fn everybody(report: NameIdReport) -> AnyView {
    let Some(scim) = report.scim_provider else {
        return view! { <p class="notice">"No SCIM provider is behind the application yet. Once one is, the NameID is what it pushes, and everybody in scope is looked at here."</p> }
            .into_any();
    };
    let how = if report.follows {
        format!("One setting makes both: the NameID is the userName that {scim} pushes.")
    } else {
        format!(
            "The SAML provider has a mapping of its own for the NameID; {scim} pushes the userName by another. Without that mapping, one setting makes both."
        )
    };
    let looked_at = report.looked_at;
    let whom = if report.all {
        "in scope".to_owned()
    } else {
        let (thousands, rest) = (NameIdReport::MOST / 1_000, NameIdReport::MOST % 1_000);
        format!(
            "in scope of the first {thousands},{rest:03} users; the others are looked at meanwhile, and when they sign on"
        )
    };
    if report.differ == 0 {
        let found = if looked_at == 0 {
            format!("Nobody is {whom}.")
        } else {
            format!("Identity Center would find all {looked_at} {whom}.")
        };
        return view! { <p>{how}</p><p class="notice">{found}</p> }.into_any();
    }
    let rows = report.shown.into_iter().map(|one| {
        let dash = |text: String| if text.is_empty() { "—".to_owned() } else { text };
        view! { <tr><th scope="row">{one.username}</th><td><code>{dash(one.name_id)}</code></td><td><code>{dash(one.user_name)}</code></td><td class="long">{one.why}</td></tr> }
    });
    let rows = rows.collect_view();
    view! {
        <p>{how}</p>
        <div class="notice bad" role="alert"><p>"Identity Center would not find "{report.differ}" of "{looked_at}" "{whom}"."</p></div>
        <Scroll label="Who would not be found">
            <table>
                <thead><tr><th scope="col">"User"</th><th scope="col">"NameID"</th><th scope="col">"userName"</th><th scope="col">"Why"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </Scroll>
    }
    .into_any()
}

/// What a check found, line by line, and what to do about it.
pub fn result(check: NameIdCheck) -> AnyView {
    let pushed_by = match &check.scim_provider {
        Some(name) => format!("pushed by {name}"),
        None => "as the mapping for AWS that comes with Rolecall would push it".to_owned(),
    };
    let scope = check.in_scope.map(|in_scope| {
        let found = if in_scope { "in scope" } else { "not in scope" };
        line(in_scope, Tone::Caution, "Is pushed", found.to_owned(), String::new())
    });
    let found = if check.may_open { "granted" } else { "denied" };
    let lines = [
        line(check.is_email, Tone::Bad, "The NameID is an email address", check.name_id.clone(), check.format),
        line(check.equal, Tone::Bad, "The userName is the same", check.user_name, pushed_by),
        line(check.may_open, Tone::Caution, "May open the application", found.to_owned(), String::new()),
    ];
    let problems = check.problems.into_iter().map(|problem| view! { <li>{problem}</li> });
    let problems: Vec<_> = problems.collect();
    let verdict = if problems.is_empty() {
        view! { <p class="notice">"Identity Center would find "<strong>{check.username.clone()}</strong>"."</p> }
            .into_any()
    } else {
        view! { <div class="notice bad" role="alert"><p>"Identity Center would not find this person:"</p><ul>{problems}</ul></div> }
            .into_any()
    };
    view! {
        <section aria-label="Check">
            <h2>{check.username}</h2>
            <Scroll label="What was checked">
                <table>
                    <thead><tr><th scope="col">"Verdict"</th><th scope="col">"What"</th><th scope="col">"Found"</th><th scope="col">"How"</th></tr></thead>
                    <tbody>{lines.into_iter().collect_view()}{scope}</tbody>
                </table>
            </Scroll>
            {verdict}
        </section>
    }
    .into_any()
}

fn line(good: bool, otherwise: Tone, what: &'static str, found: String, how: String) -> AnyView {
    let (tone, word) = if good { (Tone::Good, "yes") } else { (otherwise, "no") };
    view! { <tr><td><Badge tone text=word /></td><th scope="row">{what}</th><td><code>{found}</code></td><td class="long">{how}</td></tr> }
        .into_any()
}
