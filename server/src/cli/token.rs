use domain::Services;
use model::ApiTokenDraft;

use super::failure::Failure;
use crate::config::TokenCommand;

/// Makes, lists and revokes tokens of the API while no server holds the database.
pub async fn token(services: &Services, command: TokenCommand) -> Result<(), Failure> {
    match command {
        TokenCommand::Create { user, label, valid_days } => {
            let draft = ApiTokenDraft { owner: user, label, valid_days };
            println!("{}", services.create_token(&draft, "command line").await?.secret);
        }
        TokenCommand::List => {
            for token in services.tokens().await? {
                let expires = token.expires.as_deref().unwrap_or("does not end");
                let used = token.last_used.as_deref().unwrap_or("never used");
                println!("{}\t{}\t{}\t{}\t{expires}\t{used}", token.prefix, token.owner, token.label, token.created);
            }
        }
        TokenCommand::Revoke { token } => services.revoke_token(&token, "command line").await?,
    }
    Ok(())
}
