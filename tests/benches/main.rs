//! The measured table: `make bench`. Everything is measured side by side in one run, and what is compared is a ratio, so
//! that another machine gives other seconds and the same picture.
//!
//! `bench provisioning` measures and shows only what is said of provisioning, `bench promptness` how soon a change is there,
//! `bench exchange` signatures and encryption.
//!
//! - `process`    the optimised server as a process: ready time, processor time, memory
//! - `directory`  stores with a given number of people
//! - `exchange`   signed and encrypted responses, and signed requests, in process
//! - `load`       requests of one signed-in person, and their durations
//! - `parts`      where the time of a sign-on goes
//! - `signing`    a bare signature, our response, samael's
//! - `peer`       pysaml2, and the size of the browser's half
//! - `planning`   the cost of a plan, by size, and how soon a change is at the service
//! - `provisioning` requests against the floor, the rate, a storm
//! - `table`      rows, as text and as Markdown
mod directory;
mod exchange;
mod load;
mod parts;
mod peer;
mod planning;
mod process;
mod provisioning;
mod rows;
mod signing;
mod table;

use std::{path::PathBuf, process::ExitCode};

/// What went wrong, in one line: a benchmark has nobody to handle an error but its reader.
pub type Outcome<T> = Result<T, String>;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bench: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

/// `bench [MARKDOWN-FILE | sign-on | exchange | provisioning | promptness | rates]`
async fn run() -> Outcome<()> {
    let mut table = table::Table::default();
    let argument = std::env::args_os().nth(1);
    if argument.as_ref().is_some_and(|a| a == "bare") {
        let calls = std::env::args().nth(2).and_then(|calls| calls.parse().ok()).unwrap_or(1000);
        println!("{:.1}", signing::bare(&signing::key()?, calls)?);
        return Ok(());
    }
    if argument.as_ref().is_some_and(|a| a == "sign-on") {
        parts::parts(&mut table).await?;
        rows::sign_on(&mut table).await?;
        rows::without_long_numbers(&mut table).await?;
        println!("{}", table.text());
        return Ok(());
    }
    if argument.as_ref().is_some_and(|a| a == "exchange") {
        exchange::exchange(&mut table)?;
        println!("{}", table.text());
        return Ok(());
    }
    if argument.as_ref().is_some_and(|a| a == "promptness") {
        planning::from_change_to_answer(&mut table).await?;
        println!("{}", table.text());
        return Ok(());
    }
    if argument.as_ref().is_some_and(|a| a == "rates") {
        provisioning::at_aws_rates(&mut table).await?;
        println!("{}", table.text());
        return Ok(());
    }
    if argument.as_ref().is_some_and(|a| a == "provisioning") {
        provisioning(&mut table).await?;
        println!("{}", table.text());
        return Ok(());
    }
    parts::parts(&mut table).await?;
    rows::sign_on(&mut table).await?;
    rows::without_long_numbers(&mut table).await?;
    exchange::exchange(&mut table)?;
    rows::start_and_memory(&mut table).await?;
    rows::lists(&mut table).await?;
    rows::expressions(&mut table)?;
    provisioning(&mut table).await?;
    rows::browser_half(&mut table);
    println!("{}", table.text());
    if let Some(path) = argument.map(PathBuf::from) {
        std::fs::write(&path, table.markdown()).map_err(|e| format!("{}: {e}", path.display()))?;
        println!("written to {}", path.display());
    }
    Ok(())
}

async fn provisioning(table: &mut table::Table) -> Outcome<()> {
    planning::by_size(table)?;
    planning::from_change_to_answer(table).await?;
    provisioning::at_full_speed(table).await?;
    provisioning::in_a_storm(table).await?;
    provisioning::at_aws_rates(table).await
}
