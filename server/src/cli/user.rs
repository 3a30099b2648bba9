use domain::Services;

use super::{failure::Failure, standard_input::first_line};
use crate::config::UserCommand;

/// Makes, changes and lists users while no server holds the database.
pub async fn user(services: &Services, command: UserCommand) -> Result<(), Failure> {
    match command {
        UserCommand::Create { username, name, email, administrator } => {
            let draft = domain::NewUser { username, name, email, administrator, password: first_line("password")? };
            services.create_user(draft, "command line").await?;
        }
        UserCommand::SetPassword { username } => {
            services.set_password(&username, first_line("password")?, "command line").await?;
        }
        UserCommand::List => {
            for name in services.usernames().await? {
                println!("{name}");
            }
        }
    }
    Ok(())
}
