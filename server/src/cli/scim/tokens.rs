use model::{Day, ScimDialect, ScimTokens};
use serde_json::json;

use crate::cli::{failure::Failure, remote::Remote, standard_input::first_line};

async fn slots(remote: &Remote, path: &str) -> Result<ScimTokens, Failure> {
    remote.read(&format!("{path}/tokens")).await
}

/// Prints which slots hold a token, and when each ends.
pub async fn list(remote: &Remote, path: &str) -> Result<(), Failure> {
    for token in slots(remote, path).await?.tokens {
        let ends = match (&token.expires, token.days_left) {
            (Some(at), Some(days)) if token.warning == Some(0) => format!("ended {at}\t{days} days"),
            (Some(at), Some(days)) => format!("ends {at}\t{days} days"),
            _ => "its end is not known\t-".to_owned(),
        };
        println!("{}\t{ends}", token.slot);
    }
    Ok(())
}

/// Puts the token of standard input into a slot.
pub async fn set(remote: &Remote, path: &str, slot: u8, expires: Option<Day>) -> Result<(), Failure> {
    let body = json!({ "token": first_line("token")?, "expires": expires.map(Day::unix_seconds) });
    let version = slots(remote, path).await?.version;
    remote.put_json(&format!("{path}/tokens/{slot}?version={version}"), &body).await?;
    println!("the token is in slot {slot}");
    Ok(())
}

pub async fn test(remote: &Remote, path: &str, slot: u8) -> Result<(), Failure> {
    remote.post(&format!("{path}/tokens/{slot}/test")).await?;
    println!("the service accepts the token in slot {slot}");
    Ok(())
}

pub async fn switch(remote: &Remote, path: &str) -> Result<(), Failure> {
    let version = slots(remote, path).await?.version;
    remote.post(&format!("{path}/switch-token?version={version}")).await?;
    println!("the token of slot 2 is the one in use, in slot 1; the former one can be deleted at the service");
    Ok(())
}

pub async fn remove(remote: &Remote, path: &str, slot: u8) -> Result<(), Failure> {
    let version = slots(remote, path).await?.version;
    remote.delete(&format!("{path}/tokens/{slot}?version={version}")).await?;
    println!("the token of slot {slot} is taken out");
    Ok(())
}

/// Tries an address with the token of standard input; nothing is saved.
pub async fn connection(remote: &Remote, url: &str, dialect: ScimDialect) -> Result<(), Failure> {
    let body = json!({ "url": url, "dialect": dialect, "token": first_line("token")? });
    remote.post_json("/scim-connection-tests", &body).await?;
    println!("connected: address and token are good");
    Ok(())
}
