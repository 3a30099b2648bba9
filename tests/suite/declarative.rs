use tests::{PASSWORD, World};

async fn refused(world: &World, text: &str) -> String {
    let before = world.services.export(true).await.unwrap();
    let result = world.services.apply("f.yaml", text, &|_| Err("not here".into()), "test", false).await;
    let error = result.err().unwrap_or_else(|| panic!("accepted: {text}")).to_string();
    assert_eq!(world.services.export(true).await.unwrap(), before, "something of a refused file was applied");
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn export_applied_to_an_empty_store_exports_the_same_bytes() {
    let world = World::new().await;
    for secrets in [false, true] {
        let first = world.services.export(secrets).await.unwrap();
        let other = World::empty().await;
        other.apply(&first).await;
        assert_eq!(other.services.export(secrets).await.unwrap(), first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_secrets_only_when_asked() {
    let world = World::new().await;
    let plain = world.services.export(false).await.unwrap();
    assert!(!plain.contains("PRIVATE KEY") && !plain.contains("$argon2id") && !plain.contains(PASSWORD));
    let full = world.services.export(true).await.unwrap();
    assert!(full.contains("PRIVATE KEY") && full.contains("$argon2id"));
    let other = World::empty().await;
    other.apply(&full).await;
    assert_eq!(other.browser().sign_in("ada", PASSWORD).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_applied_twice_changes_nothing() {
    let world = World::new().await;
    let text = world.services.export(false).await.unwrap();
    let plan = world.apply(&text).await;
    assert_eq!(plan.steps, [], "{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_in_a_file_is_named_with_its_line_and_nothing_is_applied() {
    let world = World::new().await;
    let cases = [
        ("version: 1\ngroups:\n  - { name: a, colour: red }\n", "f.yaml:3", "colour"),
        ("version: 1\nusers:\n  - username: x\n    groups: [a,\n      nowhere]\n", "f.yaml:5", "nowhere"),
        ("version: 1\napplications:\n  - slug: Not A Slug\n    name: X\n", "f.yaml:3", "slug"),
        ("version: 2\n", "f.yaml", "version"),
        (
            "version: 1\nkeys:\n  - { name: '..', generate: { algorithm: p-256, common_name: c, valid_days: 9 } }\n",
            "f.yaml:3",
            "folder",
        ),
        ("version: 1\nusers:\n  - { username: '.' }\n", "f.yaml:3", "folder"),
        ("version: 1\ngroups:\n  - { name: a, parents: [b] }\n  - { name: b, parents: [a] }\n", "f.yaml:3", "ring"),
        ("version: 1\npolicies:\n  - name: p\n    expression: 'return ('\n", "f.yaml:3", "expression"),
        ("version: 1\ngroups:\n  - { name: a }\n  - { name: a }\n", "f.yaml:3", "twice"),
        ("version: 1\nusers:\n  - { username: x, password: short }\n", "f.yaml:3", "12"),
        ("version: 1\nusers:\n  - { username: x, password: { env: NOWHERE } }\n", "f.yaml:3", "not here"),
        (
            "version: 1\nsaml_providers:\n  - { name: p, acs_url: 'javascript:alert(1)', audience: a }\n",
            "f.yaml:3",
            "acs_url",
        ),
        ("version: 1\napplications:\n  - { slug: s, name: S, saml_provider: nope }\n", "f.yaml:3", "nope"),
        ("version: 1\nusers:\n  - { username: root, administrator: false }\n", "", "last active administrator"),
    ];
    for (text, place, word) in cases {
        let error = refused(&world, text).await;
        assert!(error.contains(place) && error.contains(word), "{text}\n→ {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_and_does_not_do() {
    let world = World::new().await;
    let text = "version: 1\ngroups: [{ name: new }]\n";
    let plan = world.services.apply("f.yaml", text, &|_| Err(String::new()), "test", true).await.unwrap();
    assert!(plan.to_string().contains("+ group new"), "{plan}");
    assert!(!world.services.export(false).await.unwrap().contains("name: new"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_cannot_be_taken_away_together_but_one_may_replace_the_other() {
    let world = World::new().await;
    let second = "version: 1\nusers:\n  - { username: second, administrator: true }\n";
    world.apply(second).await;
    let both =
        "version: 1\nusers:\n  - { username: second }\n  - { username: root, active: false, administrator: true }\n";
    let error = refused(&world, both).await;
    assert!(
        error.contains("last active administrator") && error.contains("second") && error.contains("root"),
        "{error}"
    );
    world.apply("version: 1\nusers:\n  - { username: second }\n  - { username: third, administrator: true }\n  - { username: root }\n").await;
}
