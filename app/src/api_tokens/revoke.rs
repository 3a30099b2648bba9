use domain::Error;
use leptos::prelude::*;
use model::ApiToken;

use super::list::PATH;
use crate::{
    drawn::{Asked, Drawing, Reply, Sheet, done},
    ui::plain::{Confirm, confirm},
};

/// What revoking a token brings about.
pub async fn question(asked: &Asked) -> Result<Drawing, Error> {
    let token = found(asked).await?;
    let used = match &token.last_used {
        Some(at) => format!("It was last used at {at}."),
        None => "It was never used.".to_owned(),
    };
    let text =
        format!("The token {} ({}) of {} opens nothing any more, at once.", token.prefix, token.label, token.owner);
    let body = confirm(Confirm {
        action: asked.path.clone(),
        label: format!("Revoke {}", token.label),
        hidden: vec![("version", token.version.to_string())],
        back: PATH.to_owned(),
        body: view! { <p>{text}" "{used}</p> }.into_any(),
        kept: None,
    });
    let up = Some((PATH.to_owned(), "All API tokens"));
    let title = format!("Revoke the token {}?", token.label);
    Ok(Sheet { title, up, body: Some(body), ..Sheet::default() }.drawing())
}

pub async fn revoke(asked: &Asked) -> Result<Reply, Error> {
    asked.caller.admin()?.revoke_api_token(asked.part(1), asked.version()).await?;
    Ok(Reply::To(done(PATH, "revoked")))
}

async fn found(asked: &Asked) -> Result<ApiToken, Error> {
    asked.caller.admin()?.api_token(asked.part(1)).await
}
