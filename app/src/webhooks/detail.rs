use domain::Error;
use leptos::prelude::*;

use super::{
    frame::{found, framed},
    test::button,
    words::webhook_path,
};
use crate::{
    drawn::{Asked, Drawing},
    events::{history_of, word},
    ui::{
        Badge, Tone, many,
        plain::{copyable, fact, moment},
    },
};

/// One webhook, and how its messages fare.
pub async fn detail(asked: &Asked) -> Result<Drawing, Error> {
    let detail = found(asked).await?;
    let (webhook, state) = (detail.webhook, detail.state);
    let (tone, on) = if webhook.enabled { (Tone::Good, "on") } else { (Tone::Quiet, "switched off") };
    let kinds: Vec<&str> = webhook.kinds().iter().map(|kind| word(*kind)).collect();
    let kinds = if webhook.events.is_empty() { format!("the alarms: {}", kinds.join(", ")) } else { kinds.join(", ") };
    let waits = (!state.last_error.is_empty()).then(|| {
        let text = format!("A message waits after {}: {}", many(state.attempts, "attempt"), state.last_error);
        view! { <p class="notice bad">{text}</p> }
    });
    let body = view! {
        {waits}
        <dl class="facts">
            {fact("State", view! { <Badge tone text=on /> }.into_any())}
            {fact("Address", copyable("address", &webhook.url))}
            {fact("Told of", kinds)}
            {fact("Messages taken", state.delivered.to_string())}
            {fact("Given up", state.given_up.to_string())}
            {fact("Last taken", state.last_delivered.map_or_else(|| "never".into_any(), |at| moment(&at)))}
        </dl>
        {asked.administers().then(|| button(&webhook.name, "Send a test message"))}
    };
    Ok(framed(asked, &webhook.name, "", "", 200, body.into_any()))
}

/// What happened to a webhook.
pub async fn history(asked: &Asked) -> Result<Drawing, Error> {
    let name = found(asked).await?.webhook.name;
    let body = history_of(asked, &format!("{}/history", webhook_path(&name)), format!("webhook {name}")).await?;
    Ok(framed(asked, &name, "/history", "History", 200, body))
}
