use std::path::PathBuf;

/// A program of the same build as the caller, which lies in `deps`.
pub fn program(name: &str) -> PathBuf {
    let exe = std::env::current_exe().unwrap_or_default();
    let path = exe.ancestors().nth(2).map(|folder| folder.join(name)).unwrap_or_default();
    assert!(path.exists(), "{} is not built: run `cargo build` first", path.display());
    path
}
