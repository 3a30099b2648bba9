//! SurrealDB's server in memory: `database start --bind 127.0.0.1:8000 --user root --pass root memory`.

use std::process::ExitCode;

fn main() -> ExitCode {
    surrealdb_server::init(surrealdb_server::core::CommunityComposer())
}
