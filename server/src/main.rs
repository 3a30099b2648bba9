//! The binary `rolecall`.
use std::process::ExitCode;

fn main() -> ExitCode {
    server::main()
}
