use std::{
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::json;
use tests::{Browser, PASSWORD, ended, listening, output, program};

/// The real binary on a real folder.
pub struct Server {
    pub child: Child,
    pub url: String,
    set_up: Option<String>,
}

pub fn start(data: &Path, apply: Option<&Path>) -> Server {
    spawn(Command::new(program("rolecall")), data, apply)
}

pub fn spawn(mut command: Command, data: &Path, apply: Option<&Path>) -> Server {
    command
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    if let Some(file) = apply {
        command.arg("--apply").arg(file);
    }
    let mut child = command.spawn().unwrap();
    let lines = listening(&mut child);
    let url = lines.last().unwrap().trim_start_matches("listening on ").to_owned();
    let offer = lines.iter().find(|line| line.contains("/setup?token="));
    let set_up = offer.map(|line| line[line.find("http://").unwrap()..].to_owned());
    Server { child, url, set_up }
}

pub fn sample(folder: &Path) -> std::path::PathBuf {
    let text = include_str!("../fixtures/sample.yaml")
        .replace("{acs}", "https://signin.aws.amazon.com/saml")
        .replace("{password}", PASSWORD);
    let path = folder.join("sample.yaml");
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed_again_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = sample(folder.path());
    let (mut acknowledged, mut saved) = (0u64, Vec::new());
    let mut cookie: Option<String> = None;
    for round in 0..4u64 {
        let mut server = start(&data, (round == 0).then_some(file.as_path()));
        let browser = Browser::new(&server.url);
        if let Some(cookie) = &cookie {
            let answer = browser.send(reqwest::Method::GET, "/", &[("cookie", cookie)], None).await;
            assert_eq!(answer.status, 200, "round {round}: the session of an acknowledged sign-in is gone");
        }
        let answer = browser.sign_in("ada", PASSWORD).await;
        cookie = Some(answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned());
        let root = Browser::new(&server.url);
        root.sign_in("root", PASSWORD).await;
        let id = server.child.id();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(400 + round * 137));
            Command::new("kill").args(["-9", &id.to_string()]).status().unwrap();
        });
        // Each answered sign-on has left its event on the disk before it answered, and each answered save what was saved.
        loop {
            let answer = browser.get("/application/saml/aws/sso/binding/init/").await;
            if answer.status != 200 {
                break;
            }
            acknowledged += 1;
            // Of this round: the last name of the one before may be taken, though nobody was told.
            let name = format!("kept {round} {acknowledged}");
            let mapping = json!({ "name": name, "kind": "saml", "expression": "return 1" });
            let path = "/fn/app/property_mappings/api/create_mapping";
            if root.post_json(path, &json!({ "mapping": mapping })).await.status != 200 {
                break;
            }
            saved.push(name);
        }
        killer.join().unwrap();
        ended(&mut server.child);
    }
    assert!(acknowledged > 10, "only {acknowledged} sign-ons were answered before the kills");
    let mut server = start(&data, None);
    let browser = Browser::new(&server.url);
    browser.sign_in("root", PASSWORD).await;
    let page = browser.get("/admin/events?filter=response_issued").await;
    let total = total_of(&page.body);
    assert!(total >= acknowledged, "{acknowledged} were acknowledged, {total} events are there");
    assert!(saved.len() > 5, "only {} saves were answered", saved.len());
    for name in saved {
        let read = browser.post_json("/fn/app/property_mappings/api/read_mapping", &json!({ "name": name })).await;
        assert_eq!(read.status, 200, "{name} was saved and is gone: {}", read.body);
    }
    server.child.kill().unwrap();
    ended(&mut server.child);
}

/// The number that the list says it has of all pages: `data-total="…"`.
fn total_of(html: &str) -> u64 {
    let at = html.find("data-total=\"").unwrap_or_else(|| panic!("no total in {html}")) + 12;
    html[at..].split('"').next().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_on_the_store_is_told_who_holds_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = start(&data, None);
    assert!(server.set_up.is_some(), "no set-up link without an administrator");
    let second = output(Command::new(program("rolecall")).args(["export", "--data-dir"]).arg(&data), "");
    let error = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(2), "{error}");
    assert!(
        error.contains(&server.child.id().to_string()) && error.contains(server.url.trim_start_matches("http://")),
        "{error}"
    );
    let id = server.child.id().to_string();
    Command::new("kill").args(["-TERM", &id]).status().unwrap();
    assert_eq!(ended(&mut server.child).code(), Some(0), "SIGTERM does not end well");
    let after = output(Command::new(program("rolecall")).args(["export", "--data-dir"]).arg(&data), "");
    assert!(after.status.success(), "{}", String::from_utf8_lossy(&after.stderr));
}

#[test]
fn bad_usage_ends_with_2_and_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = output(
            Command::new(program("rolecall")).args(arguments).arg("--data-dir").arg(folder.path().join("d")),
            "",
        );
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, error) = run(&["serve", "--listen", "127.0.0.1:0", "--public-url", "http://id.example.com"]);
    assert!(code == Some(2) && error.contains("https"), "{error}");
    let (code, error) = run(&["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!((code, error.lines().count()), (Some(2), 1), "{error}");
    assert!(error.contains("--listen") && error.contains("--public-url") && error.contains("loopback"), "{error}");
    let (code, error) = run(&["apply", "/no/such/file.yaml"]);
    assert!(code == Some(2) && error.contains("/no/such/file.yaml"), "{error}");
    // A path may have a comma; only a variable holds several.
    let (code, error) = run(&["serve", "--listen", "127.0.0.1:0", "--apply", "/no/such,file.yaml"]);
    assert!(code == Some(2) && error.contains("/no/such,file.yaml: "), "{error}");
    let mut serve = Command::new(program("rolecall"));
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(folder.path().join("d"));
    let several = output(serve.env("ROLECALL_APPLY", "/no/such,/nor/this"), "");
    let error = String::from_utf8_lossy(&several.stderr).into_owned();
    assert!(several.status.code() == Some(2) && error.contains("/no/such: "), "{error}");
    for (wrong, named) in [
        (&["frobnicate"][..], "frobnicate"),
        (&["serve", "--lisen", "127.0.0.1:0"], "--lisen"),
        (&["preview", "--application", "aws"], "--user"),
        (&[], "subcommand"),
    ] {
        let (code, error) = run(wrong);
        assert_eq!((code, error.lines().count()), (Some(2), 1), "{wrong:?}: {error}");
        assert!(error.starts_with("rolecall: ") && error.contains(named) && error.contains("--help"), "{error}");
    }
}

#[test]
fn commands_without_the_server_let_the_database_go_and_say_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = sample(folder.path());
    let run = |arguments: &[&str]| {
        let output = output(Command::new(program("rolecall")).args(arguments).arg("--data-dir").arg(&data), "");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (code, plan, errors) = run(&["apply", file.to_str().unwrap()]);
    assert!(code == Some(0) && plan.contains("+ application aws") && errors.is_empty(), "{plan}{errors}");
    let (code, preview, errors) = run(&["preview", "--application", "aws", "--user", "ada"]);
    assert!(code == Some(0) && preview.contains("<samlp:Response") && errors.is_empty(), "{preview}{errors}");
    let (code, _, errors) = run(&["preview", "--application", "aws", "--user", "mallory"]);
    assert!(code == Some(2) && errors.lines().count() == 1 && errors.contains("denied"), "{errors}");
    let (code, names, errors) = run(&["user", "list"]);
    assert!(code == Some(0) && names.lines().any(|n| n == "ada") && errors.is_empty(), "{names}{errors}");
}

/// A shell gives the server a limit on the size of files, as a full disk would: writes fail, and nothing else does.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_is_acknowledged_that_is_not_kept_and_the_server_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = start(&data, Some(&sample(folder.path())));
    Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    ended(&mut server.child);
    let largest = largest_file(&data) / 1024 + 64;
    let mut full = Command::new("bash");
    full.args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"", "-", &largest.to_string()])
        .arg(program("rolecall"));
    let mut server = spawn(full, &data, None);
    let browser = Browser::new(&server.url);
    assert_eq!(browser.sign_in("ada", PASSWORD).await.status, 303);
    let (mut acknowledged, mut refused) = (0u64, None);
    for _ in 0..20_000 {
        let answer = browser.get("/application/saml/aws/sso/binding/init/").await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
        acknowledged += 1;
    }
    let refused = refused.expect("the disk never became full");
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert!(refused.body.contains("Nothing was changed") && !refused.body.contains("SAMLResponse"), "{}", refused.body);
    assert_eq!(browser.get("/health/live").await.status, 200, "the server did not stay up");
    assert_eq!(browser.get("/health/ready").await.status, 503, "it says that it is ready and is not");
    server.child.kill().unwrap();
    ended(&mut server.child);
    let mut server = start(&data, None);
    let browser = Browser::new(&server.url);
    browser.sign_in("root", PASSWORD).await;
    let total = total_of(&browser.get("/admin/events?filter=response_issued").await.body);
    assert!(total >= acknowledged, "{acknowledged} were acknowledged, {total} events are there");
    server.child.kill().unwrap();
    ended(&mut server.child);
}

/// In bytes.
fn largest_file(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .map(|e| if e.path().is_dir() { largest_file(&e.path()) } else { e.metadata().unwrap().len() })
        .max()
        .unwrap_or_default()
}
