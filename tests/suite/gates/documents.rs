//! What the documents say of tests is so.

use std::collections::HashSet;

use super::sources::rust_files;

#[test]
fn every_test_that_the_list_of_attacks_names_exists() {
    let sources = rust_files();
    let tests: HashSet<&str> = sources
        .iter()
        .flat_map(|(_, text)| text.split("fn ").skip(1))
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
        .collect();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for document in ["server/docs/attacks.md", "server/docs/limits.md"] {
        let text = std::fs::read_to_string(root.join(document)).unwrap();
        let named: Vec<&str> =
            text.split('`').skip(1).step_by(2).filter(|word| word.matches('_').count() >= 4).collect();
        assert!(!named.is_empty(), "{document} names no test");
        for name in named {
            assert!(tests.contains(name), "{document}: there is no test `{name}`");
        }
    }
}
