use leptos::prelude::*;
use model::{AccessTrace, Verdict, VerdictStatus};

use super::document::document;

/// A page that says what happened and what to do.
#[derive(Debug, Clone, Default)]
pub struct MessagePage {
    pub heading: String,
    pub paragraphs: Vec<String>,
    /// For administrators and auditors.
    pub trace: Option<AccessTrace>,
    pub verdicts: Vec<Verdict>,
    /// Where a service provider asked: the way back to it, which tells it that there will be no sign-in.
    pub back: Option<Back>,
    pub theme: String,
}

/// A response without an assertion, sent only when its person wants to.
#[derive(Debug, Clone, Default)]
pub struct Back {
    pub action_url: String,
    pub saml_response: String,
    pub relay_state: Option<String>,
}

fn way_back(back: Back) -> impl IntoView {
    let relay_state = back.relay_state.map(|state| view! { <input type="hidden" name="RelayState" value=state /> });
    view! {
        <form method="post" action=back.action_url>
            <input type="hidden" name="SAMLResponse" value=back.saml_response />
            {relay_state}
            <button type="submit">"Go back to the service"</button>
        </form>
    }
}

pub fn message(page: MessagePage) -> String {
    let MessagePage { heading, paragraphs, trace, verdicts, back, theme } = page;
    let back = back.map(way_back);
    let title = heading.clone();
    let paragraphs = paragraphs.into_iter().map(|text| view! { <p>{text}</p> }).collect_view();
    let trace = trace.map(|trace| {
        let steps = trace.steps.into_iter().map(|step| {
            let mark = if step.passed { "passed" } else { "did not pass" };
            view! { <li>{format!("{}: {mark}, {}", step.binding, step.reason)}</li> }
        });
        view! { <h2>"Why"</h2><p>{trace.summary}</p><ul>{steps.collect_view()}</ul> }
    });
    let rows = verdicts.into_iter().map(|v| {
        let word = match v.status {
            VerdictStatus::Passed => "passed",
            VerdictStatus::Warning => "warning",
            VerdictStatus::Failed => "refused",
        };
        view! { <tr><th scope="row">{v.rule}</th><td>{word}</td><td>{v.found}</td><td>{v.source}</td><td>{v.aws_message}</td></tr> }
    });
    let rows: Vec<_> = rows.collect();
    let verdicts = (!rows.is_empty()).then(|| {
        view! {
            <h2>"What AWS would say"</h2>
            <div class="scroll" tabindex="0" role="region" aria-label="Rules of AWS">
                <table>
                    <thead><tr><th scope="col">"Rule"</th><th scope="col">"Verdict"</th><th scope="col">"Found"</th><th scope="col">"Mapping"</th><th scope="col">"AWS's message"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    });
    let body = view! {
        <main class="card wide"><h1>{heading}</h1>{paragraphs}{trace}{verdicts}{back}<p><a href="/">"Go to your applications"</a></p></main>
    };
    document(&title, &theme, body.into_any())
}
