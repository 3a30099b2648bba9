use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

pub fn rust_files() -> Vec<(PathBuf, String)> {
    let mut open = vec![root().join("app"), root().join("server"), root().join("tests")];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                files.push((path.clone(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files
}

#[test]
fn nothing_is_written_unescaped() {
    for (path, text) in rust_files().iter().filter(|(p, _)| !p.ends_with("gates/sources.rs")) {
        assert!(!text.contains("from_escaped("), "{} writes XML unescaped", path.display());
        let in_kit = path.starts_with(root().join("app/src/ui"));
        if !in_kit {
            assert!(
                !text.contains("<textarea"),
                "{}: the kit's TextArea escapes what the framework does not",
                path.display()
            );
            assert!(!text.contains("inner_html"), "{} writes HTML unescaped", path.display());
        }
    }
}

#[test]
fn a_module_file_holds_no_logic() {
    for (path, text) in
        rust_files().iter().filter(|(p, _)| p.ends_with("mod.rs") && !p.starts_with(root().join("tests")))
    {
        for line in text.lines().map(str::trim) {
            let fits = line.is_empty()
                || ["//", "mod ", "pub mod ", "pub use ", "pub(crate) use ", "use ", "#[", "}", "pub(crate) mod "]
                    .iter()
                    .any(|p| line.starts_with(p))
                || line.ends_with(',')
                || line.ends_with("};");
            assert!(fits, "{}: `{line}`", path.display());
        }
    }
}

/// What makes code depend on when and where it runs. The package `server` has the ports that bring them in.
const OUTSIDE: [&str; 8] = [
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "thread::sleep",
    "time::sleep",
    "getrandom::",
    "rand::",
    "reqwest::",
];

/// Where there is no other way, and why.
const EXCUSED: [(&str, &str); 8] = [
    // The time that an expression may take is measured where it runs.
    ("server/expression/src/engine.rs", "Instant::now"),
    ("server/expression/src/meter.rs", "Instant::now"),
    ("server/expression/src/meter.rs", "thread::sleep"),
    // What waits for the database, and for company on the way to the disk.
    ("server/store/src/open.rs", "time::sleep"),
    ("server/store/src/retry.rs", "time::sleep"),
    ("server/store/src/event_log.rs", "time::sleep"),
    ("server/store/src/journal/mover.rs", "time::sleep"),
    ("server/store/src/journal/writer.rs", "thread::sleep"),
];

#[test]
fn only_the_edge_knows_the_time_chance_and_the_network() {
    let edge = root().join("server/src");
    for (path, text) in rust_files() {
        let place = path.strip_prefix(root()).unwrap();
        let tests = |part: &str| part == "tests" || part.ends_with("tests.rs");
        let is_test = place.components().any(|part| part.as_os_str().to_str().is_some_and(tests));
        if path.starts_with(&edge) || is_test {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for word in OUTSIDE.iter().filter(|word| code.contains(**word)) {
            let excused = EXCUSED.iter().any(|(file, excused)| place == Path::new(file) && excused == word);
            assert!(excused, "{}: `{word}`; take it from a port", place.display());
        }
    }
}
