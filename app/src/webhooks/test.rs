use domain::Error;
use leptos::prelude::*;
use model::{WebhookDetail, WebhookTest};

use super::{
    frame::{found, framed},
    words::webhook_path,
};
use crate::{
    drawn::{Asked, Drawing, Reply},
    ui::plain::{copyable, fact},
};

/// Trying whether a receiver takes messages.
pub async fn test_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    Ok(page(asked, &found(asked).await?, None))
}

/// Sends the message; what became of it is the page.
pub async fn test(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let detail = found(asked).await?;
    let tested = admin.test_webhook(&detail.webhook.name).await?;
    Ok(Reply::Page(page(asked, &detail, Some(tested))))
}

/// The button that sends it.
pub fn button(name: &str, label: &'static str) -> AnyView {
    let action = format!("{}/test", webhook_path(name));
    view! { <form method="post" action=action class="actions"><button type="submit">{label}</button></form> }.into_any()
}

fn page(asked: &Asked, detail: &WebhookDetail, tested: Option<WebhookTest>) -> Drawing {
    let webhook = &detail.webhook;
    let off = (!webhook.enabled).then(|| {
        view! { <p class="notice">"The webhook is switched off: nothing is sent to it but a test."</p> }
    });
    let label = if tested.is_some() { "Send another test message" } else { "Send a test message" };
    let body = view! {
        {tested.map(outcome)}
        <p class="help">"One message of the kind webhook_tested is sent now, signed like every other, and not again whatever becomes of it. Messages that wait are not touched."</p>
        <dl class="facts">{fact("Address", copyable("address", &webhook.url))}</dl>
        {off}
        {button(&webhook.name, label)}
    };
    framed(asked, &webhook.name, "/test", "Test", 200, body.into_any())
}

fn outcome(tested: WebhookTest) -> AnyView {
    let WebhookTest { id, taken, words, .. } = tested;
    let (class, text) = if taken {
        ("notice good", format!("The receiver took the test message: {words}."))
    } else {
        ("notice bad", format!("The receiver did not take the test message: {words}."))
    };
    view! {
        <div class=class role="status">
            <p>{text}</p>
            <p>"The receiver knows the message by its webhook-id: "{copyable("webhook-id", &id)}</p>
        </div>
    }
    .into_any()
}
