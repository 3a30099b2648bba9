use std::process::ExitCode;

use clap::Parser;
use domain::{Services, declarative::Apply};

use super::{
    apply, aws, backup, doctor, export, failure::Failure, master_key, offline::Offline, preview, restore, scim, serve,
    token, user,
};
use crate::{
    config::{AwsCommand, Cli, Command},
    telemetry,
};

/// SurrealDB parses and plans on the stack of the thread that asks.
const STACK: usize = 10 * 1024 * 1024;

/// Reads the command line and runs it.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let is_help = error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
            if error.use_stderr() && !is_help {
                return Failure::refused(usage(&error)).report();
            }
            let _ = error.print();
            return ExitCode::from(if is_help { 2 } else { 0 });
        }
    };
    telemetry::start(cli.common.log);
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if !matches!(cli.command, Command::Serve(_)) {
        // A command does one thing. What one thread has freed another does not use again: the more there are, the more is held.
        runtime.worker_threads(1);
    }
    let runtime = match runtime.enable_all().thread_stack_size(STACK).build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::failed(format!("no runtime: {error}")).report(),
    };
    // Spawned, so that it runs on a thread with the large stack.
    let ended = runtime.block_on(async move { tokio::spawn(run(cli)).await });
    // The store closes in a task of its own; it gets a moment to write the last bytes.
    runtime.shutdown_timeout(std::time::Duration::from_secs(3));
    match ended {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => failure.report(),
        Err(error) => Failure::failed(format!("the command broke off: {error}")).report(),
    }
}

/// What is wrong with a command line, on one line: the message without the usage and the hints below it.
fn usage(error: &clap::Error) -> String {
    let text = error.to_string();
    let message = text.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = message.split_whitespace().collect();
    let words = words.join(" ");
    format!("{}; see `rolecall --help`", words.strip_prefix("error: ").unwrap_or(&words))
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let command = match cli.command {
        Command::Serve(options) => return serve::serve(cli.common, options).await,
        Command::Aws(AwsCommand::Credentials(options)) => return aws::credentials(&cli.common, &options).await,
        Command::Scim(command) => return scim::scim(&cli.common, command).await,
        Command::Doctor => return doctor::doctor(&cli.common).await,
        Command::Backup { file } => return backup::backup(&cli.common, &file).await,
        Command::Restore { file, force } => return restore::restore(&cli.common, &file, force).await,
        other => other,
    };
    let offline = Offline::open(&cli.common).await?;
    let done = without_server(&offline.services, command).await;
    offline.close().await;
    done
}

async fn without_server(services: &Services, command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(_)
        | Command::Aws(_)
        | Command::Scim(_)
        | Command::Doctor
        | Command::Backup { .. }
        | Command::Restore { .. } => Err(Failure::failed("this is not a command on an open database")),
        Command::Apply { files, dry_run, prune } => {
            apply::apply(services, &files, Apply { dry_run, prune, keep_unread: false }).await
        }
        Command::Export { secrets } => export::export(services, secrets).await,
        Command::MasterKey(command) => master_key::master_key(services, command).await,
        Command::User(command) => user::user(services, command).await,
        Command::Token(command) => token::token(services, command).await,
        Command::Preview { application, user } => preview::preview(services, &application, &user).await,
    }
}
