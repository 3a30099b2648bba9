use std::collections::BTreeSet;

/// Every arrow between the rooms; another one is a decision that belongs into an ADR first.
const ARROWS: [(&str, &[&str]); 11] = [
    ("model", &[]),
    ("saml", &[]),
    ("scim", &["model"]),
    ("expression", &[]),
    ("domain", &["model", "saml", "scim", "expression"]),
    ("store", &["domain", "model"]),
    ("app", &["model", "domain"]),
    ("frontend", &["app"]),
    ("server", &["app", "domain", "store", "model"]),
    ("aws-sandbox", &[]),
    ("tests", &["app", "aws-sandbox", "domain", "expression", "model", "saml", "scim", "server", "store"]),
];

#[test]
fn no_arrow_exists_between_rooms_that_the_house_does_not_name() {
    let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec().unwrap();
    let rooms: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<&str> = metadata.packages.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(found, rooms, "a room is new or gone");
    for package in &metadata.packages {
        let allowed = ARROWS.iter().find(|(name, _)| *name == package.name.as_str()).unwrap().1;
        for dependency in package.dependencies.iter().filter(|d| d.kind == cargo_metadata::DependencyKind::Normal) {
            if rooms.contains(dependency.name.as_str()) {
                assert!(allowed.contains(&dependency.name.as_str()), "{} → {}", package.name, dependency.name);
            }
        }
    }
}

#[test]
fn only_the_store_knows_the_database_and_only_the_server_side_knows_http() {
    let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec().unwrap();
    let users_of = |name: &str| -> BTreeSet<String> {
        let uses = |p: &&cargo_metadata::Package| {
            p.dependencies.iter().any(|d| d.name == name && d.kind == cargo_metadata::DependencyKind::Normal)
        };
        metadata.packages.iter().filter(uses).map(|p| p.name.to_string()).collect()
    };
    assert_eq!(users_of("surrealdb"), BTreeSet::from(["store".to_owned()]));
    assert_eq!(users_of("monty"), BTreeSet::from(["expression".to_owned()]));
    for sans_io in ["saml", "scim", "expression", "model"] {
        assert!(!users_of("tokio").contains(sans_io), "{sans_io} does I/O");
        assert!(!users_of("axum").contains(sans_io));
    }
    assert!(!users_of("axum").contains("domain"));
}
