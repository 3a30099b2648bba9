use leptos::prelude::*;
use model::{AccessTrace, Decision, Preview, PreviewAttribute, Verdict, VerdictStatus};

use super::xml::indented;
use crate::ui::{Badge, CodeBlock, Scroll, Tone};

/// Access, rules of AWS, attributes, and the response itself.
pub fn result(preview: Preview) -> AnyView {
    let errors =
        preview.mapping_errors.into_iter().map(|(mapping, why)| view! { <li><strong>{mapping}</strong>": "{why}</li> });
    let errors: Vec<_> = errors.collect();
    let errors = (!errors.is_empty())
        .then(|| view! { <div class="notice bad"><p>"Property mappings that failed:"</p><ul>{errors}</ul></div> });
    let xml = if preview.xml.is_empty() {
        view! { <p class="notice">"No response can be made; the reasons are above."</p> }.into_any()
    } else {
        view! { <CodeBlock label="response, indented for reading and without the values of its signatures" text=indented(&preview.xml) /> }.into_any()
    };
    view! {
        <h2>{format!("{} as {}", preview.application, preview.username)}</h2>
        {access(preview.access)}
        {errors}
        {verdict_table("What AWS would say", "Rules of AWS", preview.verdicts)}
        <h3>"Attributes"</h3>
        <p>{format!("NameID {} ({})", preview.name_id, preview.name_id_format)}</p>
        {attribute_table(preview.attributes)}
        <h3>"The response"</h3>
        {xml}
    }
    .into_any()
}

fn access(trace: AccessTrace) -> AnyView {
    let (tone, word) = match trace.decision {
        Decision::Granted => (Tone::Good, "granted"),
        Decision::Denied => (Tone::Bad, "denied"),
    };
    let steps = trace.steps.into_iter().map(|step| {
        let (tone, word) = if step.passed { (Tone::Good, "passed") } else { (Tone::Quiet, "did not pass") };
        view! { <li><Badge tone text=word />" "<strong>{step.binding}</strong>": "{step.reason}</li> }
    });
    view! { <h3>"Access"</h3><p><Badge tone text=word />" "{trace.summary}</p><ul class="plain">{steps.collect_view()}</ul> }.into_any()
}

/// One line for each rule; nothing where there is none.
pub fn verdict_table(heading: &'static str, label: &'static str, verdicts: Vec<Verdict>) -> AnyView {
    if verdicts.is_empty() {
        return ().into_any();
    }
    let rows = verdicts.into_iter().map(|verdict| {
        let (tone, word) = match verdict.status {
            VerdictStatus::Passed => (Tone::Good, "passed"),
            VerdictStatus::Warning => (Tone::Caution, "warning"),
            VerdictStatus::Failed => (Tone::Bad, "refused"),
        };
        view! {
            <tr>
                <td><Badge tone text=word /></td><th scope="row">{verdict.rule}</th><td class="long">{verdict.found}</td>
                <td>{verdict.source}</td><td>{verdict.aws_message}</td>
            </tr>
        }
    });
    view! {
        <h3>{heading}</h3>
        <Scroll label>
            <table>
                <thead><tr>
                    <th scope="col">"Verdict"</th><th scope="col">"Rule"</th><th scope="col">"Found"</th>
                    <th scope="col">"Mapping"</th><th scope="col">"AWS's message"</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </Scroll>
    }
    .into_any()
}

/// What a response says, and which mapping gave it.
pub fn attribute_table(attributes: Vec<PreviewAttribute>) -> AnyView {
    let rows = attributes.into_iter().map(|attribute| {
        let values = attribute.values.into_iter().map(|value| view! { <li class="long">{value}</li> }).collect_view();
        view! { <tr><th scope="row" class="long">{attribute.name}</th><td><ul class="plain">{values}</ul></td><td>{attribute.source}</td></tr> }
    });
    view! {
        <Scroll label="Attributes">
            <table>
                <thead><tr><th scope="col">"Name"</th><th scope="col">"Values"</th><th scope="col">"From"</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </Scroll>
    }
    .into_any()
}
