use leptos::prelude::*;
use model::{ListQuery, ScimAdoptionDecision, ScimAdoptionList, ScimAdoptionRow};

use super::{
    api::{decide_scim_adoption, list_scim_adoption, reread_scim_adoption, verify_scim_provider},
    words::{adoption_path, outcome_words, whose_badge},
};
use crate::{
    error::AppError,
    session::visitor,
    ui::{Deed, DeedButton, Empty, Failure, Scroll, Skeleton, Time, many, retry},
};

/// Objects at the service that have the names of ours, and the decision about each. Nothing is written before.
#[component]
pub fn Undecided(name: String, found: Result<ScimAdoptionList, AppError>, again: Callback<()>) -> impl IntoView {
    let ScimAdoptionList { found: page, read_at, first } = match found {
        Ok(list) => list,
        Err(error) => return view! { <Failure error retry=again /> }.into_any(),
    };
    view! {
        <section class="notice" aria-labelledby="adoption">
            <h2 id="adoption">"Whose are these?"</h2>
            <p>{format!("{} at the service with the name of one of ours. Nothing is written before each is decided.", many(page.total, "user or group"))}</p>
            {as_of(&name, read_at, first, again)}
            {adoption_table("Undecided objects", &name, page.rows, again)}
        </section>
    }
    .into_any()
}

/// What is at the service before the first run, whose it is, and what becomes of it. Looking changes nothing.
#[component]
pub fn FirstLook(
    #[prop(into)] name: Signal<String>,
    /// Grows with every decision, so that what follows from one is read again.
    decided: RwSignal<u32>,
) -> impl IntoView {
    let found =
        Resource::new(move || (name.get(), decided.get()), |(name, _)| list_scim_adoption(name, ListQuery::default()));
    let again = Callback::new(move |()| decided.update(|times| *times += 1));
    let body = move || {
        Suspend::new(async move {
            match found.await {
                Ok(list) => looked(&name.get_untracked(), list, again),
                Err(error) => view! { <Failure error retry=retry(found) /> }.into_any(),
            }
        })
    };
    view! {
        <section aria-labelledby="whose">
            <h2 id="whose">"Whose is what is there"</h2>
            <Transition fallback=Skeleton>{body}</Transition>
        </section>
    }
}

fn looked(name: &str, list: ScimAdoptionList, again: Callback<()>) -> AnyView {
    let ScimAdoptionList { found: page, read_at, first } = list;
    let read = as_of(name, read_at, first, again);
    if page.total == 0 {
        let text = "No user and no group is there yet, so nothing is in the way of ours.";
        return view! { {read}<Empty text /> }.into_any();
    }
    let more = page.total.saturating_sub(page.rows.len() as u64);
    let more = (more > 0).then(|| view! { <p><a href=adoption_path(name)>{format!("and {more} more")}</a></p> });
    view! {
        <p>{format!("There already: {}. Nothing of that is changed before the first run.", many(page.total, "user or group"))}</p>
        {read}
        {adoption_table("There already", name, page.rows, again)}
        {more}
    }
    .into_any()
}

/// When everything that a list shows was last read at the service, and the way to read it again. What provisioning has read
/// is read again by a comparison, which an administrator asks for.
pub fn as_of(provider: &str, read_at: Option<String>, first: bool, then: Callback<()>) -> AnyView {
    let at = read_at.map(|at| view! { <p class="help">"As of "<Time at />"."</p> });
    let button = (first || visitor().administers()).then(|| {
        let name = provider.to_owned();
        let deed = if first {
            Deed::new("It was read again", move || reread_scim_adoption(name.clone()), then)
        } else {
            let asked = "A comparison was asked for; what it finds is here when it is done";
            Deed::new(asked, move || verify_scim_provider(name.clone()), then)
        };
        view! { <div class="actions"><DeedButton deed label="Read again" /></div> }
    });
    view! { {at}{button} }.into_any()
}

/// Whose things at the service are and what becomes of each; where somebody has to decide, with the decision.
pub fn adoption_table(label: &'static str, provider: &str, rows: Vec<ScimAdoptionRow>, then: Callback<()>) -> AnyView {
    let decides = visitor().administers() && rows.iter().any(|row| row.outcome == "wait");
    let decision = decides.then(|| view! { <th scope="col">"Decision"</th> });
    let rows = rows.into_iter().map(|row| table_row(provider, row, decides, then)).collect_view();
    view! {
        <Scroll label>
            <table>
                <thead><tr>
                    <th scope="col">"Object"</th><th scope="col">"Identifier there"</th><th scope="col">"Whose"</th><th scope="col">"What becomes of it"</th>{decision}
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </Scroll>
    }
    .into_any()
}

fn table_row(provider: &str, row: ScimAdoptionRow, decides: bool, then: Callback<()>) -> AnyView {
    let words = outcome_words(&row.state, &row.outcome);
    let whose = whose_badge(&row.state);
    let decision = decides.then(|| {
        let buttons = (row.outcome == "wait").then(|| decision(provider, &row, then));
        view! { <td class="actions">{buttons}</td> }
    });
    let ScimAdoptionRow { kind, name, remote, .. } = row;
    view! { <tr><td>{kind}" "{name}</td><td><code>{remote}</code></td><td>{whose}</td><td>{words}</td>{decision}</tr> }
        .into_any()
}

fn decision(provider: &str, row: &ScimAdoptionRow, then: Callback<()>) -> AnyView {
    let name = &row.name;
    let deed = |adopt: bool, done: String| {
        let provider = provider.to_owned();
        let decision = ScimAdoptionDecision { remote: row.remote.clone(), adopt, name: row.name.clone() };
        let decide = move || decide_scim_adoption(provider.clone(), vec![decision.clone()]);
        Deed::new(done, decide, then)
    };
    let (adopt, leave) = (deed(true, format!("{name} becomes ours")), deed(false, format!("{name} is left alone")));
    view! {
        <DeedButton deed=adopt label=format!("Take over {name}") />
        <DeedButton deed=leave label=format!("Leave {name} alone") />
    }
    .into_any()
}
