use std::process::Command;

use tests::{output, program};

use crate::crash::sample;

#[test]
fn the_doctor_says_what_is_wrong_and_where_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let run = |arguments: &[&str]| {
        let output = output(
            Command::new(program("rolecall"))
                .args(arguments)
                .arg("--data-dir")
                .arg(&data)
                .env("ROLECALL_PUBLIC_URL", "https://id.example.com"),
            "",
        );
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.code(), text)
    };
    let (code, nothing) = run(&["doctor"]);
    assert!(code == Some(1) && nothing.contains("there is no database"), "{nothing}");
    assert!(!data.exists(), "a look made something");
    assert_eq!(run(&["apply", sample(folder.path()).to_str().unwrap()]).0, Some(0));
    let (code, healthy) = run(&["doctor"]);
    assert_eq!(code, Some(0), "{healthy}");
    for place in [
        "public URL",
        "master.key",
        "disk of",
        "store",
        "administrators",
        "clock",
        "key rolecall",
        "SAML provider aws-iam",
        "application aws",
    ] {
        assert!(healthy.lines().any(|l| l.starts_with("ok") && l.contains(place)), "{place} is not in\n{healthy}");
    }
    let file = folder.path().join("soon.yaml");
    let soon = "version: 1\nkeys: [{ name: short, generate: { common_name: x, valid_days: 5, algorithm: p-256 } }]\n\
                users: [{ username: new, administrator: true, name: New }]\n\
                scim_providers: [{ name: gone, url: \"https://scim.example/v2\", token: x, token_expires: \"2020-01-01\" }]";
    std::fs::write(&file, soon).unwrap();
    assert_eq!(run(&["apply", file.to_str().unwrap()]).0, Some(0));
    set_mode(&data.join("master.key"), 0o644);
    let (code, open) = run(&["doctor"]);
    assert!(code == Some(1) && open.contains("chmod 600"), "{open}");
    set_mode(&data.join("master.key"), 0o600);
    set_mode(&data, 0o777);
    let (code, ends) = run(&["doctor"]);
    assert_eq!(code, Some(1), "{ends}");
    for (mark, place, what) in [
        ("warning", "key short", "it ends in"),
        ("FAILED", "token of the SCIM provider gone", "it is over"),
        ("FAILED", data.to_str().unwrap(), "chmod go-w"),
    ] {
        let fits = |line: &str| line.starts_with(mark) && line.contains(place) && line.contains(what);
        assert!(ends.lines().any(fits), "{mark} {place}: {what} is not in\n{ends}");
    }
}

fn set_mode(path: &std::path::Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}
