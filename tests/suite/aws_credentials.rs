use std::{os::unix::fs::PermissionsExt, path::Path};

use serde_json::Value;
use tests::{World, in_time, program};
use tokio::process::Command;

use crate::aws::{sandbox, trust};

const ENGINEER: &str = "arn:aws:iam::123412341234:role/Engineer";

async fn run(world: &World, home: &Path, token: &str, role: &str, sts: &str) -> (Option<i32>, String, String) {
    let mut command = Command::new(program("rolecall"));
    command
        .args(["aws", "credentials", "--application", "aws", "--role", role, "--sts-endpoint", sts])
        .env("ROLECALL_PUBLIC_URL", &world.url)
        .env("ROLECALL_TOKEN", token)
        .env("XDG_CACHE_HOME", home);
    let output = in_time("credentials", command.output()).await.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_credentials_of_a_role_that_its_owner_is_offered_and_keeps_them() {
    let world = World::new().await;
    let (sandbox, url) = sandbox(&world).await;
    trust(&sandbox, &world).await;
    let home = tempfile::tempdir().unwrap();
    let token = world.token("ada").await;
    let (code, printed, errors) = run(&world, home.path(), &token, ENGINEER, &url).await;
    assert_eq!(code, Some(0), "{errors}");
    let credentials: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(credentials["Version"], 1);
    for part in ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"] {
        assert!(credentials[part].as_str().is_some_and(|text| text.len() > 10), "{part}: {credentials}");
    }
    let issued = || async {
        let root = world.api("root").await;
        root.read("/events?filter=response_issued").await["total"].clone()
    };
    assert_eq!(issued().await, 1);
    assert_eq!(run(&world, home.path(), &token, ENGINEER, &url).await.1, printed, "they are not kept");
    assert_eq!(issued().await, 1, "a response was spent though credentials are kept");
    let folder = home.path().join("rolecall/aws");
    let kept: Vec<_> = std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path()).collect();
    let [file] = kept.as_slice() else { panic!("{kept:?}") };
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(file), mode(&folder)), (0o600, 0o700));
    // Nearly over: not used from here any more.
    let mut old = credentials.clone();
    old["Expiration"] = "2026-01-01T00:00:00Z".into();
    std::fs::write(file, old.to_string()).unwrap();
    assert_eq!(run(&world, home.path(), &token, ENGINEER, &url).await.0, Some(0));
    assert_eq!(issued().await, 2);
    let (code, _, errors) = run(&world, home.path(), &world.token("mallory").await, ENGINEER, &url).await;
    assert!(code == Some(2) && errors.contains("may not open"), "another token was given what is kept: {errors}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_is_not_offered_a_bad_token_and_an_open_network_are_refused() {
    let world = World::new().await;
    let (sandbox, url) = sandbox(&world).await;
    trust(&sandbox, &world).await;
    let home = tempfile::tempdir().unwrap();
    let token = world.token("ada").await;
    let admin = ENGINEER.replace("Engineer", "Admin");
    let (code, _, errors) = run(&world, home.path(), &token, &admin, &url).await;
    assert!(code == Some(2) && errors.contains(ENGINEER), "what is offered is not said: {errors}");
    let (code, _, errors) = run(&world, home.path(), "rolecall_x_y", ENGINEER, &url).await;
    assert!(code == Some(2) && errors.contains("not valid"), "{errors}");
    let (code, _, errors) = run(&world, home.path(), &token, ENGINEER, "http://sts.example.com").await;
    assert!(code == Some(2) && errors.contains("https"), "{errors}");
    sandbox.iam().delete_role("Engineer").unwrap();
    let (code, printed, errors) = run(&world, home.path(), &token, ENGINEER, &url).await;
    assert!(code == Some(2) && printed.is_empty() && errors.contains("STS refused"), "{errors}");
}
