use leptos::prelude::*;
use model::{CertificateLine, SignWhat, SpFacts};

use super::words::logout_word;
use crate::ui::{Badge, Scroll, Time, Tone};

/// What was understood of a service provider's metadata, before anything is saved.
pub fn understood(facts: &SpFacts) -> AnyView {
    let provider = &facts.provider;
    let trust = match provider.imported.as_ref().is_some_and(|i| i.verified) {
        true => view! { <Badge tone=Tone::Good text="signature verified" /> }.into_any(),
        false if facts.signed => view! { <Badge tone=Tone::Caution text="signed, not verified" /> }.into_any(),
        false => view! { <Badge tone=Tone::Caution text="not signed" /> }.into_any(),
    };
    let valid = facts.valid_until.clone().map(|until| view! { <p>"Valid until "<Time at=until />"."</p> });
    let addresses = provider
        .acs_endpoints()
        .enumerate()
        .map(|(place, (url, index))| {
            let word = if place == 0 { "default" } else { "" };
            view! { <tr><td>{index}</td><td><code>{url.to_owned()}</code></td><td>{word}</td></tr> }
        })
        .collect_view();
    let wanted = facts.wanted.iter().map(|attribute| {
        let by = match (attribute.mappings.as_slice(), &attribute.suggestion) {
            ([], None) => "no mapping gives it yet".to_owned(),
            ([], Some(_)) => "none yet; one can be made below".to_owned(),
            (mappings, _) => mappings.join(", "),
        };
        let need = if attribute.required { "required" } else { "optional" };
        view! { <tr><td><code>{attribute.name.clone()}</code></td><td>{need}</td><td>{by}</td></tr> }
    });
    let wanted: Vec<_> = wanted.collect();
    let wanted = (!wanted.is_empty()).then(|| {
        view! {
            <h3>"Attributes it asks for"</h3>
            <Scroll label="Attributes"><table><thead><tr><th scope="col">"Name"</th><th scope="col">"Need"</th><th scope="col">"Property mapping"</th></tr></thead><tbody>{wanted}</tbody></table></Scroll>
        }
    });
    let unsupported = facts.unsupported.iter().map(|(what, why)| view! { <li>{format!("{what}: {why}")}</li> });
    let unsupported: Vec<_> = unsupported.collect();
    let unsupported = (!unsupported.is_empty()).then(|| view! { <h3>"Seen and not used"</h3><ul>{unsupported}</ul> });
    let formats = facts.name_id_formats.iter().map(|format| view! { <li><code>{format.clone()}</code></li> });
    let formats: Vec<_> = formats.collect();
    let formats = (!formats.is_empty()).then(|| view! { <h3>"NameID formats it names"</h3><ul>{formats}</ul> });
    let logout = provider.logout.iter().map(|service| {
        let answers = service.response_url.clone().map(|url| view! { ", answers to "<code>{url}</code> });
        view! { <li>{logout_word(service.binding)}" "<code>{service.url.clone()}</code>{answers}</li> }
    });
    let logout: Vec<_> = logout.collect();
    let logout = if logout.is_empty() {
        view! { <p>"It has no address that logout messages could go to."</p> }.into_any()
    } else {
        view! { <h3>"Logout addresses"</h3><ul>{logout}</ul> }.into_any()
    };
    let wants = match (facts.wants_signed_assertions, provider.sign) {
        (false, _) => "It does not ask for signed assertions (WantAssertionsSigned).",
        (true, SignWhat::Response) => {
            "It wants assertions signed (WantAssertionsSigned), and only the response around them is signed now."
        }
        (true, _) => "It wants assertions signed (WantAssertionsSigned), and they are.",
    };
    let center = provider.is_identity_center().then(|| {
        view! { <p class="notice">"This is IAM Identity Center. It finds a person by the NameID, an email address: the userName that the SCIM provider behind the application pushes, or without one the email address, which must then be the user name there."</p> }
    });
    view! {
        <section class="panel" aria-label="What was understood">
            <h2>"What was understood"</h2>
            <p><code>{facts.entity_id.clone()}</code>" "{trust}</p>
            {center}
            {valid}
            <Scroll label="Addresses"><table><thead><tr><th scope="col">"Index"</th><th scope="col">"ACS address"</th><th scope="col">"Use"</th></tr></thead><tbody>{addresses}</tbody></table></Scroll>
            <p>{if provider.require_signed_requests { "It signs its requests." } else { "It need not sign its requests." }}</p>
            <p>{wants}</p>
            {formats}
            {logout}
            {certificates("Certificates that verify it", &facts.signing)}
            {certificates("Certificates to encrypt to", &facts.encryption)}
            {wanted}
            {unsupported}
        </section>
    }
    .into_any()
}

fn certificates(title: &'static str, lines: &[CertificateLine]) -> AnyView {
    if lines.is_empty() {
        return ().into_any();
    }
    let lines = lines
        .iter()
        .map(|c| view! { <li>{c.subject.clone()}", expires "<Time at=c.not_after.clone() />", SHA-256 "<code>{c.fingerprint.clone()}</code></li> })
        .collect_view();
    view! { <h3>{title}</h3><ul>{lines}</ul> }.into_any()
}
