use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tests::{Provisioned, program};

use crate::provisioning::many;

const PEOPLE: usize = 250;

fn start(data: &Path, apply: Option<&Path>) -> Child {
    let mut command = Command::new(program("rolecall"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data);
    if let Some(file) = apply {
        command.arg("--apply").arg(file);
    }
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let ready = BufReader::new(child.stdout.take().unwrap()).lines().any(|l| l.unwrap().starts_with("listening on"));
    assert!(ready, "the server ended before it listened");
    child
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_of_a_run_it_ends_exact_with_nobody_twice() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let quiet = Provisioned::quiet(&many(1, "")).await;
    let token = quiet.center().tokens()[0].secret.clone();
    let text = many(PEOPLE, "").replace("{scim}", &format!("url: \"{}\", token: \"{token}\"", quiet.endpoint));
    let text = text.replace("writes_per_second: 2000", "writes_per_second: 40");
    let file = folder.path().join("people.yaml");
    std::fs::write(&file, text).unwrap();
    for round in 0..6u64 {
        let mut server = start(&data, (round == 0).then_some(file.as_path()));
        tokio::time::sleep(Duration::from_millis(250 + round * 83)).await;
        // SIGKILL: nothing is tidied up.
        server.kill().unwrap();
        server.wait().unwrap();
    }
    let before = quiet.users().len();
    assert!((1..PEOPLE).contains(&before), "{before} people were there after the kills");
    let mut server = start(&data, None);
    let began = Instant::now();
    let done = |q: &Provisioned| q.groups().first().is_some_and(|(_, members)| members.len() >= PEOPLE);
    while !done(&quiet) {
        assert!(began.elapsed() < Duration::from_secs(60), "{} people after a minute", quiet.users().len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((quiet.users().len(), quiet.groups().len()), (PEOPLE, 1));
    Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    server.wait().unwrap();

    // The commands on the same folder agree: nothing is left to do.
    let run = |arguments: &[&str]| {
        let output = Command::new(program("rolecall")).args(arguments).arg("--data-dir").arg(&data).output().unwrap();
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), text)
    };
    let (code, plan) = run(&["scim", "plan", "aws-scim"]);
    assert!(code == Some(0) && plan.starts_with("0 requests"), "{plan}");
    let (code, synced) = run(&["scim", "sync", "aws-scim"]);
    assert!(code == Some(0) && synced.contains("everything is there"), "{synced}");
    let (code, error) = run(&["scim", "plan", "nope"]);
    assert!(code == Some(2) && error.contains("nope"), "{error}");
}
