use saml::{KeyKind, SigningKey};
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
        ("version: 1\nusers:\n  - username: x\n    email: nowhere\n", "f.yaml:4: users, `x`: email: ", "an @"),
        ("version: 1\nusers:\n  - username: x\n    name: x\n    family_name: \"a\\ab\"\n", "f.yaml:5", "control"),
        (
            "version: 1\nusers:\n  - { username: bob, email: eve@example.com }\n  - { username: eve, password: short }\n",
            "f.yaml:4: users, `eve`: ",
            "12",
        ),
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

/// A world whose default key is another than the one of the first start, which is gone.
async fn with_another_default_key() -> World {
    let world = World::new().await;
    let key =
        "version: 1\nkeys: [{ name: idp-2026, generate: { algorithm: p-256, common_name: idp, valid_days: 30 } }]";
    world.apply(key).await;
    let root = world.api("root").await;
    assert_eq!(root.send(reqwest::Method::PUT, "/keys/idp-2026/default", None).await.status, 204);
    assert_eq!(root.delete("/keys/rolecall?version=1").await.status, 204);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_default_key_of_another_name_signs_where_an_export_is_applied_and_no_made_one_is_left() {
    let world = with_another_default_key().await;
    let keys = async |world: &World| world.api("root").await.read("/keys").await["rows"].clone();
    for secrets in [true, false] {
        let text = world.services.export(secrets).await.unwrap();
        let other = World::empty().await;
        let plan = other.apply(&text).await.to_string();
        assert!(plan.lines().any(|line| line == "- key rolecall"), "{plan}");
        assert_eq!(other.services.export(secrets).await.unwrap(), text);
        let again = other.apply(&text).await;
        assert_eq!(again.steps, [], "{again}");
        let there = keys(&other).await;
        assert!(there[0]["name"] == "idp-2026" && there[0]["is_default"] == true && there[1].is_null(), "{there}");
        let metadata = "/application/saml/aws/metadata/";
        let certificate = |page: &str| page.split("X509Certificate>").nth(1).unwrap().to_owned();
        let [ours, theirs] = [world.browser().get(metadata).await.body, other.browser().get(metadata).await.body];
        assert_eq!(certificate(&ours) == certificate(&theirs), secrets, "another key signs");
    }
    // A key that may have signed something stays, and a file that says nothing of a default changes none.
    let used = World::new().await;
    used.apply(&world.services.export(false).await.unwrap()).await;
    assert_eq!(keys(&used).await[1]["name"], "rolecall");
    used.apply("version: 1").await;
    assert_eq!(keys(&used).await[0]["is_default"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_names_one_default_key_and_one_that_signs() {
    let world = World::new().await;
    let made = "generate: { algorithm: p-256, common_name: x, valid_days: 30 }";
    let two = format!(
        "version: 1\nkeys:\n  - {{ name: a, default: true, {made} }}\n  - {{ name: b, default: true, {made} }}\n"
    );
    let error = refused(&world, &two).await;
    assert!(error.starts_with("f.yaml:4: keys, `b`: default:"), "{error}");
    let alone = "version: 1\nkeys: [{ name: c, default: true, certificate: x, certificate_only: true }]\n";
    let error = refused(&world, alone).await;
    assert!(error.contains("signs nothing"), "{error}");
    // Who says nothing of a key signs with it from then on.
    let silent = "version: 1\nsaml_providers: [{ name: sp, acs_url: 'https://sp.example/acs', audience: a, signature_algorithm: rsa-sha256 }]";
    world.apply(silent).await;
    let error = refused(&world, &format!("version: 1\nkeys: [{{ name: curve, default: true, {made} }}]")).await;
    assert!(error.contains("`sp`") && error.contains("RSA keys"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_does_not_have_a_key_made_where_a_certificate_alone_is_kept_nor_a_provider_sign_with_it() {
    let world = World::new().await;
    let theirs = SigningKey::generate(KeyKind::Rsa(2048), "theirs", 730, 1_700_000_000).unwrap().certificate_pem;
    let theirs: String = theirs.lines().map(|line| format!("      {line}\n")).collect();
    let alone = "version: 1\nkeys:\n  - name: theirs\n    certificate_only: true\n    certificate: |\n";
    world.apply(&format!("{alone}{theirs}")).await;
    let keys =
        "version: 1\nkeys:\n  - name: theirs\n    generate: { algorithm: rsa-2048, common_name: x, valid_days: 30 }\n";
    let provider = "saml_providers:\n  - name: sp\n    acs_url: https://sp.example/acs\n    audience: a\n    signing_key: theirs\n";
    let made = "f.yaml:4: keys, `theirs`: generate: a certificate alone is kept under this name";
    let error = refused(&world, keys).await;
    assert!(error.contains(made) && error.contains("another name"), "{error}");
    let file = format!("{keys}{provider}");
    let error = refused(&world, &file).await;
    let signs =
        "f.yaml:9: saml_providers, `sp`: signing_key: the key `theirs` is a certificate alone, and signs nothing";
    assert!(error.contains(made) && error.contains(signs), "{error}");
    world.apply(&file.replace("theirs", "ours")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn persistent_name_ids_outlive_an_export_with_secrets_and_the_secret_of_them_stays_once_it_is_used() {
    let known_as = async |world: &World| world.services.preview("aws", "ada", "").await.unwrap().name_id;
    let world = World::new().await;
    let (ours, full) = (known_as(&world).await, world.services.export(true).await.unwrap());
    let elsewhere = World::empty().await;
    elsewhere.apply(&full).await;
    assert_eq!(known_as(&elsewhere).await, ours);
    assert_eq!(elsewhere.apply(&full).await.steps, []);

    let plain = world.services.export(false).await.unwrap();
    assert!(!plain.contains("persistent_name_id_secret") && plain.contains("another persistent NameID"), "{plain}");
    let another = World::empty().await;
    another.apply(&plain).await;
    let theirs = known_as(&another).await;
    assert_ne!(theirs, ours);
    let error = refused(&another, &full).await;
    assert!(error.starts_with("f.yaml:") && error.contains(": persistent_name_id_secret: there are SAML"), "{error}");
    assert_eq!(known_as(&another).await, theirs);
    let error = refused(&World::empty().await, "version: 1\npersistent_name_id_secret: c2hvcnQ=\n").await;
    assert!(error.starts_with("f.yaml:2: persistent_name_id_secret: ") && error.contains("32"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_start_at_once_with_one_file_all_have_it_applied() {
    let world = World::new().await;
    let text = "version: 1\ngroups: [{ name: sea }]\nusers: [{ username: eve, name: Eve, groups: [sea] }]\n\
        keys: [{ name: made, generate: { algorithm: p-256, common_name: x, valid_days: 30 } }]";
    let mut starting = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let server = world.restarted().await;
        let nothing = |_: &_| Err("not here".into());
        starting.spawn(async move {
            server.apply("f.yaml", text, &nothing, "start", false).await.map(|plan| plan.steps.len())
        });
    }
    let made: Vec<usize> = starting.join_all().await.into_iter().map(|steps| steps.unwrap()).collect();
    assert_eq!(made.iter().filter(|steps| **steps > 0).count(), 1, "one does it: {made:?}");
}
