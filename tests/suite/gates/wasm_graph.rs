use std::{collections::BTreeSet, process::Command};

/// What must never reach the browser: the database, the runtime of the server, cryptography, the interpreter.
const SERVER_ONLY: [&str; 13] = [
    "domain",
    "store",
    "saml",
    "expression",
    "server",
    "surrealdb",
    "tokio",
    "axum",
    "openssl",
    "samael",
    "monty",
    "argon2",
    "reqwest",
];

#[test]
fn nothing_of_the_server_reaches_the_browser() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let target = "wasm32-unknown-unknown";
    let output = Command::new(cargo)
        .args(["tree", "--locked", "-p", "frontend", "--target", target, "-e", "normal", "--prefix", "none"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    let names: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    for name in ["app", "gloo-net", "model", "wasm-bindgen"] {
        assert!(names.contains(name), "{name} does not reach the browser: this looks at the wrong graph");
    }
    let found: Vec<_> = SERVER_ONLY.iter().filter(|name| names.contains(*name)).collect();
    assert!(found.is_empty(), "these reach the browser: {found:?}");
}
