use std::io::Read;

use domain::Services;

use super::failure::Failure;
use crate::config::UserCommand;

/// Makes, changes and lists users while no server holds the database.
pub async fn user(services: &Services, command: UserCommand) -> Result<(), Failure> {
    match command {
        UserCommand::Create { username, name, email, administrator } => {
            let draft = domain::NewUser { username, name, email, administrator, password: read_password()? };
            services.create_user(draft, "command line").await?;
        }
        UserCommand::SetPassword { username } => {
            services.set_password(&username, read_password()?, "command line").await?
        }
        UserCommand::List => {
            for name in services.usernames().await? {
                println!("{name}");
            }
        }
    }
    Ok(())
}

/// The first line of standard input.
fn read_password() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut text)
        .map_err(|e| Failure::refused(format!("standard input: {e}")))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(Failure::refused("standard input holds no password; pipe it in, for example from a file")),
    }
}
