use domain::Services;

use super::failure::Failure;
use crate::config::MasterKeyCommand;

/// Works on what the master keys seal while no server holds the database.
pub async fn master_key(services: &Services, command: MasterKeyCommand) -> Result<(), Failure> {
    match command {
        MasterKeyCommand::Reseal => {
            let done = services.reseal("command line").await?;
            println!("{} secrets and {} kept responses are sealed anew", done.secrets, done.responses);
            if done.closed > 0 {
                println!("{} kept responses do not open; they go by themselves, within two weeks", done.closed);
            }
            println!("master.key needs its first line alone now; `rolecall doctor` says so too");
        }
    }
    Ok(())
}
