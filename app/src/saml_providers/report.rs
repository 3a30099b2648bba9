use leptos::prelude::*;
use model::{AwsTrace, EncryptedContent, ResponseReport, VerdictStatus};

use crate::{
    applications::{attribute_table, indented, verdict_table},
    ui::{Badge, CodeBlock, Scroll, Tone},
};

/// A response as it was understood, with every verdict.
pub fn report(report: ResponseReport) -> AnyView {
    let broken =
        report.service.iter().chain(&report.aws).filter(|verdict| verdict.status == VerdictStatus::Failed).count();
    let (tone, word) = match broken {
        0 => (Tone::Good, "no rule is broken".to_owned()),
        1 => (Tone::Bad, "one rule is broken".to_owned()),
        count => (Tone::Bad, format!("{count} rules are broken")),
    };
    let whose = (!report.username.is_empty()).then(|| format!(" {} at {}. ", report.username, report.application));
    let encrypted = report.content.map(|content| view! { <p class="notice">{how_read(content)}</p> });
    let decrypted = (!report.assertion.is_empty()).then(
        || view! { <CodeBlock label="decrypted assertion, indented for reading" text=indented(&report.assertion) /> },
    );
    let xml = (!report.xml.is_empty())
        .then(|| view! { <CodeBlock label="response, indented for reading" text=indented(&report.xml) /> });
    let facts = [("Sent to", report.destination), ("NameID", report.name_id), ("Format", report.name_id_format)];
    let facts = facts.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> }).collect_view();
    view! {
        <h2>"Verdict"</h2>
        <p class="lead"><Badge tone text=word />{whose}</p>
        {encrypted}
        <dl class="facts">{facts}</dl>
        {verdict_table("What a service provider by the book says", "Rules of SAML", report.service)}
        {verdict_table("What AWS would say", "Rules of AWS", report.aws)}
        {traces(report.traces)}
        <h3>"Attributes"</h3>
        {attribute_table(report.attributes)}
        <h3>"The response"</h3>
        {xml}
        {decrypted}
    }
    .into_any()
}

/// How the content of an encrypted assertion came to be read, or why it did not.
fn how_read(content: EncryptedContent) -> &'static str {
    match content {
        EncryptedContent::Closed => {
            "The assertion is encrypted to the service, and only the service has the key. What is inside is neither shown nor judged here."
        }
        EncryptedContent::Kept => {
            "The assertion was encrypted on its way to the service. What is shown and judged is a copy of the response from before that."
        }
        EncryptedContent::Decrypted => {
            "The assertion is encrypted. Only the service has the private key to its certificate, so this response was encrypted in the same way to a key made for this test, then received, decrypted with that key and judged by what was inside. Whether the service has the key to the certificate that is set here shows at a sign-on only."
        }
    }
}

/// Where AWS writes down what came of it.
fn traces(traces: Vec<AwsTrace>) -> Option<AnyView> {
    if traces.is_empty() {
        return None;
    }
    let events = traces.into_iter().map(|trace| {
        let pairs = trace.fields.into_iter().map(|(field, value)| {
            view! { <li><code class="long">{field}</code>": "<span class="long">{value}</span></li> }
        });
        let pairs = pairs.collect_view();
        let messages = messages(&trace.event, trace.messages);
        view! {
            <section class="panel">
                <h4><code>{trace.event}</code></h4>
                <p>{format!("{}, {}.", trace.source, trace.when)}</p>
                <ul>{pairs}</ul>
                {messages}
            </section>
        }
    });
    let events = events.collect_view();
    Some(view! { <h3>"Where to look at AWS"</h3><p class="help">"CloudTrail, Event history. Search for the event's name at the time of the response."</p>{events} }.into_any())
}

fn messages(event: &str, messages: Vec<(String, String)>) -> Option<AnyView> {
    if messages.is_empty() {
        return None;
    }
    let rows = messages.into_iter().map(|(message, meaning)| {
        view! { <tr><th scope="row" class="long">{message}</th><td class="long">{meaning}</td></tr> }
    });
    let (rows, label) = (rows.collect_view(), format!("Messages of {event}"));
    Some(
        view! {
            <Scroll label>
                <table>
                    <thead><tr><th scope="col">"When AWS says"</th><th scope="col">"it means"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </Scroll>
        }
        .into_any(),
    )
}
