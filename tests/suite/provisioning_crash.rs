use std::{
    fmt::Write as _,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tests::{Api, Provisioned, ended, in_time, listening, output, program, soak};

use crate::provisioning::many;

const PEOPLE: usize = 120;

/// What should be there after so many rounds: everybody in another department than before, a third in `air`, and some
/// people who are new.
fn declared(round: usize, scim: &str) -> String {
    let mut text = String::from("version: 1\ngroups: [{ name: sea }, { name: air }]\nusers:\n");
    for n in 0..PEOPLE + round {
        let groups = if (n + round).is_multiple_of(3) { "sea, air" } else { "sea" };
        let department = (n + round) % 7;
        let _ = writeln!(
            text,
            "  - {{ username: u{n:04}, email: u{n:04}@example.com, groups: [{groups}], attributes: {{ department: D{department} }} }}"
        );
    }
    let _ = writeln!(text, "scim_providers: [{{ name: aws-scim, {scim}, writes_per_second: 60 }}]");
    text.push_str(
        "applications: [{ slug: aws, name: AWS, backchannel_providers: [aws-scim], bindings: [{ group: sea }] }]\n",
    );
    text
}

fn start(data: &Path, apply: &Path) -> Child {
    begin(data, apply).0
}

/// A server, and where it listens.
fn begin(data: &Path, apply: &Path) -> (Child, String) {
    let mut command = Command::new(program("rolecall"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data).arg("--apply").arg(apply);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let url = listening(&mut child).pop().unwrap_or_default();
    (child, url.trim_start_matches("listening on ").to_owned())
}

/// SIGKILL: nothing is tidied up.
fn kill(mut server: Child) {
    server.kill().unwrap();
    ended(&mut server);
}

/// Whether the service has what round `round` declares, and nothing else.
fn is_exact(quiet: &Provisioned, round: usize) -> bool {
    let directory = quiet.center().directory();
    let users = directory.get("users").and_then(serde_json::Value::as_array).unwrap();
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let people = PEOPLE + round;
    let right = |n: usize| {
        let name = format!("u{n:04}@example.com");
        let mut same = users.iter().filter(|user| user["userName"] == name.as_str());
        let user = same.next();
        same.next().is_none()
            && user.is_some_and(|u| {
                u.get(enterprise).and_then(|e| e.get("department")) == Some(&format!("D{}", (n + round) % 7).into())
            })
    };
    let air: Vec<String> =
        (0..people).filter(|n| (n + round).is_multiple_of(3)).map(|n| format!("u{n:04}@example.com")).collect();
    let mut groups = quiet.groups();
    groups.iter_mut().for_each(|(_, members)| members.sort());
    let all: Vec<String> = (0..people).map(|n| format!("u{n:04}@example.com")).collect();
    users.len() == people && (0..people).all(right) && groups == [("air".to_owned(), air), ("sea".to_owned(), all)]
}

async fn until_exact(provisioned: &Provisioned, round: usize) {
    let began = Instant::now();
    while !is_exact(provisioned, round) {
        let (people, groups) = (provisioned.users().len(), provisioned.groups());
        assert!(began.elapsed() < Duration::from_secs(90), "round {round}: {people} people: {groups:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_of_a_run_it_ends_exact_with_nobody_twice() {
    let kills = soak(6, 200);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let quiet = Provisioned::quiet(&many(1, "")).await;
    let token = quiet.center().tokens()[0].secret.clone();
    let scim = format!("url: \"{}\", token: \"{token}\"", quiet.endpoint);
    let file = folder.path().join("people.yaml");
    let (mut moment, mut interrupted) = (7_u64, 0);
    for round in 0..kills {
        std::fs::write(&file, declared(round, &scim)).unwrap();
        let server = start(&data, &file);
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        tokio::time::sleep(Duration::from_millis(100 + (moment >> 33) % 900)).await;
        kill(server);
        interrupted += usize::from(!is_exact(&quiet, round));
        // What a later change would cover up shows where there is none.
        if round % 10 == 9 {
            let server = start(&data, &file);
            until_exact(&quiet, round).await;
            kill(server);
        }
    }
    assert!(interrupted * 2 > kills, "only {interrupted} of {kills} kills met a run that was not over");
    let last = kills;
    std::fs::write(&file, declared(last, &scim)).unwrap();
    let mut server = start(&data, &file);
    until_exact(&quiet, last).await;
    Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    ended(&mut server);

    // The commands on the same folder agree: nothing is left to do.
    let run = |arguments: &[&str]| {
        let output = output(Command::new(program("rolecall")).args(arguments).arg("--data-dir").arg(&data), "");
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code(), text)
    };
    let (code, synced) = run(&["scim", "sync", "aws-scim"]);
    assert!(code == Some(0) && synced.contains("everything is there"), "{synced}");
    quiet.sandbox.forget_requests();
    let (code, plan) = run(&["scim", "plan", "aws-scim"]);
    assert!(code == Some(0) && plan.starts_with("0 requests"), "{plan}");
    let (code, synced) = run(&["scim", "sync", "aws-scim"]);
    assert!(code == Some(0) && synced.contains("everything is there"), "{synced}");
    assert_eq!(quiet.sandbox.requests().len(), 0, "nothing was left to do");
    assert!(is_exact(&quiet, last));
    let (code, error) = run(&["scim", "plan", "nope"]);
    assert!(code == Some(2) && error.contains("nope"), "{error}");
}

/// Forty people, of whom ten may be taken away unasked, and so many have left.
fn left(people: usize, scim: &str) -> String {
    let mut text = many(40, ", removal_threshold: { count: 10, percent: 100 }").replace("{scim}", scim);
    for n in 0..people {
        let user = format!("username: u{n:04}, email: u{n:04}@example.com, groups: [");
        text = text.replace(&format!("{user}sea]"), &format!("{user}]"));
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_before_the_server_was_killed_counts_for_the_same_day_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("people.yaml"));
    let quiet = Provisioned::quiet(&many(1, "")).await;
    let scim = format!("url: \"{}\", token: \"{}\"", quiet.endpoint, quiet.center().tokens()[0].secret);
    let inactive = |there: &Provisioned| there.users().iter().filter(|(_, active)| !active).count();
    let serve = |people: usize| {
        std::fs::write(&file, left(people, &scim)).unwrap();
        begin(&data, &file)
    };

    let (server, _) = serve(0);
    quiet.until("everybody is there", |there| there.users().len() == 40).await;
    kill(server);
    let mut token = Command::new(program("rolecall"));
    token.args(["token", "create", "--user", "root", "--name", "eye", "--data-dir"]).arg(&data);
    let token = String::from_utf8(output(&mut token, "").stdout).unwrap();

    // Killed in the middle of a step, and at the end of another.
    let (server, _) = serve(4);
    quiet.until("somebody is out", |there| inactive(there) > 0).await;
    kill(server);
    let (server, _) = serve(8);
    quiet.until("eight are out", |there| inactive(there) == 8).await;
    kill(server);

    let (server, url) = serve(12);
    let api = Api::new(&url, token.trim());
    let waits = async {
        loop {
            let health = api.read("/scim-providers/aws-scim/health").await;
            if health["status"] == "waits_for_approval" {
                break health;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    };
    let health = in_time("the step that is too much waits", waits).await;
    let why = health["pending"]["why"].as_str().unwrap_or_default();
    assert!(why.contains("4 of 40 users would lose access now, and 8 have lost it since"), "{health}");
    assert_eq!(inactive(&quiet), 8, "somebody was taken who was to wait");
    kill(server);
}
