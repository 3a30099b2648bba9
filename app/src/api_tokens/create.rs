use domain::Error;
use leptos::prelude::*;
use model::{ApiTokenDraft, FieldError, NewApiToken};

use super::list::PATH;
use crate::{
    drawn::{Asked, Drawing, Reply, Sheet, stays},
    ui::plain::{self, Form, Line, fact, line, moment, shown_once},
};

/// Making a token.
pub async fn new_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    Ok(page(&asked.caller.signed_in().username, "", "90", &[], 200))
}

pub async fn create(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let (owner, label, days) = (asked.text("owner"), asked.text("label"), asked.text("valid_days"));
    let valid_days = match days.as_str() {
        "" => Ok(None),
        text => text.parse::<u32>().map(Some).map_err(|_| {
            Error::invalid("valid_days", "a number of days, such as 90, or nothing for a token without an end")
        }),
    };
    let made = match valid_days {
        Ok(valid_days) => {
            let draft = ApiTokenDraft { owner: owner.clone(), label: label.clone(), valid_days };
            admin.create_api_token(&draft).await
        }
        Err(error) => Err(error),
    };
    Ok(Reply::Page(match made {
        Ok(new) => told(new),
        Err(error) => page(&owner, &label, &days, &stays(error)?, 422),
    }))
}

/// The one page that tells the token.
fn told(new: NewApiToken) -> Drawing {
    let ends = match &new.token.expires {
        Some(at) => moment(at),
        None => "never".into_any(),
    };
    let body = view! {
        {shown_once("API token", &new.secret, "Keep it where secrets are kept: whoever has it acts as its owner.")}
        <dl class="facts">{fact("Label", new.token.label)}{fact("Owner", new.token.owner)}{fact("Ends", ends)}</dl>
        <p>"It is sent along with each request: "<code>"Authorization: Bearer rolecall_…"</code></p>
    };
    sheet("The API token", 200, body.into_any())
}

fn page(owner: &str, label: &str, days: &str, faults: &[FieldError], status: u16) -> Drawing {
    let field = |id: &'static str, label: &'static str, value: &str, help: &'static str| {
        line(Line { id, label, value: value.to_owned(), help, ..Line::default() }, faults)
    };
    let body = view! {
        <fieldset>
            <legend>"API token"</legend>
            {field("label", "Label", label, "What it is for.")}
            {field("owner", "Owner", owner, "The user that it acts as, with that user's role at the time.")}
            {field("valid_days", "Days until it ends", days, "1 to 3650; nothing: it does not end by itself.")}
        </fieldset>
    };
    let form = Form {
        action: format!("{PATH}/-/new"),
        label: "Create the token",
        version: None,
        body: body.into_any(),
        other: None,
        guarded: true,
    };
    sheet("New API token", status, plain::form(form, faults))
}

fn sheet(title: &str, status: u16, body: AnyView) -> Drawing {
    let up = Some((PATH.to_owned(), "All API tokens"));
    Sheet { title: title.to_owned(), up, status: Some(status), body: Some(body), ..Sheet::default() }.drawing()
}
