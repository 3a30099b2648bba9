use std::process::{Command, Output};

use model::ScimStatus;
use tests::{Provisioned, ended, output, program};

use crate::{
    provisioning::{PEOPLE, many},
    provisioning_adoption::{by_hand, user},
    provisioning_brake::EMPTIED,
};

/// The command line of somebody with a token of a running server.
pub struct Desk {
    url: String,
    token: String,
    folder: tempfile::TempDir,
}

impl Desk {
    pub async fn new(provisioned: &Provisioned, owner: &str) -> Self {
        let token = provisioned.world.token(owner).await;
        Self { url: provisioned.world.url.clone(), token, folder: tempfile::tempdir().unwrap() }
    }

    /// `rolecall scim …`: how it ends, and what it says.
    pub async fn scim(&self, arguments: &[&str]) -> (i32, String) {
        self.told(arguments, "").await
    }

    /// The same with something in standard input.
    pub async fn told(&self, arguments: &[&str], input: &str) -> (i32, String) {
        let (mut command, input) = (Command::new(program("rolecall")), input.to_owned());
        command.arg("scim").args(arguments).args(["--public-url", &self.url]).arg("--data-dir").arg(self.folder.path());
        command.env_remove("ROLECALL_TOKEN_FILE").env("ROLECALL_TOKEN", &self.token);
        let run = move || output(&mut command, &input);
        let Output { status, stdout, stderr } = tokio::task::spawn_blocking(run).await.unwrap();
        (status.code().unwrap(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
    }

    pub async fn good(&self, arguments: &[&str]) -> String {
        let (code, said) = self.scim(arguments).await;
        assert_eq!(code, 0, "{arguments:?}: {said}");
        said
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn namesakes_are_listed_decided_and_what_became_of_everything_is_read_on_the_command_line() {
    let text = PEOPLE.replace("writes_per_second", "adopt: ask, writes_per_second");
    let mut provisioned = Provisioned::quiet(&text).await;
    for name in ["ada@example.com", "grace@example.com"] {
        by_hand(&provisioned, "/Users", user(name)).await;
    }
    let desk = Desk::new(&provisioned, "root").await;
    let again = ["adoption", "aws-scim", "--again"];
    let seen = desk.good(&again).await;
    assert!(seen.contains("ada@example.com") && seen.contains("as it was at the service at 20"), "{seen}");
    provisioned.start();
    provisioned.status(ScimStatus::WaitsForAdoption).await;
    let (code, said) = desk.scim(&again).await;
    assert!(code == 2 && said.contains("ask for a comparison"), "{said}");
    let said = desk.good(&["status", "aws-scim"]).await;
    assert!(said.contains("2 namesakes are not decided: rolecall scim adoption aws-scim"), "{said}");
    let listed = desk.good(&["adoption", "aws-scim", "--filter", "undecided"]).await;
    let remote = |name: &str| {
        let line = listed.lines().find(|line| line.ends_with(name)).unwrap_or_else(|| panic!("no {name} in {listed}"));
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(cells[..3], ["user", "conflict", "-"], "{line}");
        cells[3].to_owned()
    };
    let (ada, grace) = (remote("ada@example.com"), remote("grace@example.com"));
    assert_eq!(desk.scim(&["decide", "aws-scim"]).await.0, 2, "nothing was decided");
    let (code, said) = desk.scim(&["decide", "aws-scim", "--adopt", "nobody"]).await;
    assert!(code == 2 && said.contains("nobody is not there"), "{said}");
    desk.good(&["decide", "aws-scim", "--adopt", &ada, "--leave", &grace]).await;
    provisioned.synced().await;
    let directory = provisioned.center().directory().to_string();
    assert!(directory.contains("Ada Lovelace") && !directory.contains("Grace Hopper"), "{directory}");

    let runs = desk.good(&["runs", "aws-scim"]).await;
    let number = runs.split('\t').next().unwrap();
    let done = desk.good(&["run", "aws-scim", number, "--outcome", "done"]).await;
    assert!(done.contains("done\t") && done.contains("user ada@example.com"), "{done}");
    assert_eq!(desk.scim(&["run", "aws-scim", "99"]).await.0, 2, "there is no such run");

    // One by itself, with every request and never the token.
    let said = desk.good(&["object", "aws-scim", "user", "ada"]).await;
    assert!(said.contains("GET /Users/") && said.contains("it is there as it should be"), "{said}");
    let root = provisioned.root().await;
    root.admin().unwrap().rename_group("engineers", None, "Engine Room").await.unwrap();
    provisioned.synced().await;
    let said = desk.good(&["object", "aws-scim", "group", "Engine Room"]).await;
    assert!(said.contains("GET /Groups/") && said.contains("it is there as it should be"), "{said}");
    let (code, said) = desk.scim(&["object", "aws-scim", "group", "no-such-group"]).await;
    assert!(code == 2 && said.contains("404"), "{said}");
    let token = provisioned.center().tokens().pop().unwrap().secret;
    assert!(!said.contains(&token), "{said}");
    let (code, said) = desk.scim(&["object", "aws-scim", "user", "nobody"]).await;
    assert!(code == 2 && said.contains("404"), "{said}");

    // Somebody who is here no more is there all the same: by the name there, or by what it begins with.
    let admin = root.admin().unwrap();
    let uid = admin.user("ada").await.unwrap().user.uid;
    let version = admin.user("ada").await.unwrap().version;
    admin.delete_user("ada", version).await.unwrap();
    provisioned.synced().await;
    for name in ["ada@example.com", "ada", &uid] {
        let said = desk.good(&["object", "aws-scim", "user", name]).await;
        assert!(said.contains("GET /Users/") && said.contains("as it should be"), "{name}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_synchronisation_by_a_server_that_was_failing_ends_with_what_became_of_itself() {
    let quiet = Provisioned::quiet(&many(1, "")).await;
    let scim = format!("url: \"{}\", token: \"{}\"", quiet.endpoint, quiet.center().tokens()[0].secret);
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("people.yaml"));
    std::fs::write(&file, many(2, "").replace("{scim}", &scim)).unwrap();
    let run = async |arguments: &[&str], token: &str| {
        let mut command = Command::new(program("rolecall"));
        command.args(arguments).arg("--data-dir").arg(&data).env("ROLECALL_TOKEN", token);
        let ended = tokio::task::spawn_blocking(move || output(&mut command, "")).await.unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        (ended.status.code().unwrap(), said)
    };
    let (code, said) = run(&["apply", file.to_str().unwrap()], "").await;
    assert_eq!(code, 0, "{said}");
    let (code, made) = run(&["token", "create", "--user", "root", "--name", "desk"], "").await;
    assert_eq!(code, 0, "{made}");
    let token = made.split_whitespace().last().unwrap().to_owned();
    let rule = |then: &str| format!(r#"{{ "seed": 1, "rules": [{{ "when": {{}}, "then": {then} }}] }}"#);
    let set = |then: &str| quiet.sandbox.set_faults(serde_json::from_str(&rule(then)).unwrap()).unwrap();
    set(r#"{ "do": "status", "status": 500 }"#);
    let place = data.clone();
    let mut server = tokio::task::spawn_blocking(move || crate::crash::start(&place, None)).await.unwrap();
    let (code, said) = run(&["scim", "sync", "aws-scim"], &token).await;
    assert!(code == 1 && said.contains("it is tried again"), "{said}");
    // It answers well now, and slowly: the state of before is there for a while.
    set(r#"{ "do": "delay", "milliseconds": 700 }"#);
    let (code, said) = run(&["scim", "sync", "aws-scim"], &token).await;
    assert!(code == 0 && said.contains("everything is there"), "{said}");
    server.child.kill().unwrap();
    ended(&mut server.child);
}

#[tokio::test(flavor = "multi_thread")]
async fn drift_is_compared_shown_and_repaired_on_the_command_line_and_only_by_administrators() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let desk = Desk::new(&provisioned, "root").await;
    let said = desk.good(&["drift", "aws-scim"]).await;
    assert!(said.contains("nothing of ours was changed"), "{said}");
    let token = provisioned.center().tokens().pop().unwrap().secret;
    let root = provisioned.root().await;
    let rows = root.auditor().unwrap().scim_objects("aws-scim", &model::ListQuery::default()).await.unwrap().rows;
    let engineers = rows.into_iter().find(|row| row.name == "engineers").unwrap().remote;
    let url = format!("{}/Groups/{engineers}", provisioned.endpoint);
    assert!(reqwest::Client::new().delete(url).bearer_auth(token).send().await.unwrap().status().is_success());
    desk.good(&["compare", "aws-scim"]).await;
    provisioned.synced().await;
    let said = desk.good(&["status", "aws-scim"]).await;
    assert!(said.contains("1 differences wait: rolecall scim drift aws-scim"), "{said}");
    let said = desk.good(&["drift", "aws-scim"]).await;
    assert!(said.contains("group engineers: missing"), "{said}");
    let report = said.trim().rsplit(' ').next().unwrap();
    assert_eq!(desk.scim(&["repair", "aws-scim", "another"]).await.0, 2, "a report that there is not");
    desk.good(&["repair", "aws-scim", report]).await;
    provisioned.synced().await;
    assert!(provisioned.groups().iter().any(|(name, _)| name == "engineers"), "{:?}", provisioned.groups());
    let (code, said) = desk.scim(&["cancel", "aws-scim"]).await;
    assert!(code == 2 && said.contains("nothing is under way"), "{said}");

    let member = Desk::new(&provisioned, "ada").await;
    for arguments in [&["status", "aws-scim"][..], &["compare", "aws-scim"], &["cancel", "aws-scim"]] {
        let (code, said) = member.scim(arguments).await;
        assert!(code == 2 && said.contains("403"), "{arguments:?}: {said}");
    }
    let nobody = Desk { token: "rolecall_nothing".to_owned(), ..desk };
    let (code, said) = nobody.scim(&["status", "aws-scim"]).await;
    assert!(code == 2 && said.contains("401"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_kept_shown_whole_let_go_once_and_forgotten_on_the_command_line() {
    let provisioned = Provisioned::new(&many(70, "")).await;
    provisioned.synced().await;
    let desk = Desk::new(&provisioned, "root").await;
    provisioned.world.apply(EMPTIED).await;
    provisioned.status(ScimStatus::WaitsForApproval).await;
    let said = desk.good(&["keep", "aws-scim"]).await;
    let id = said.split('\t').next().unwrap().to_owned();
    // Everybody, the group that they are in, and the one of nobody.
    assert!(said.contains("72 steps") && said.contains(&format!("rolecall scim apply aws-scim {id}")), "{said}");
    let shown = desk.good(&["show", "aws-scim", &id]).await;
    assert_eq!(shown.lines().filter(|line| line.starts_with("deactivate user ")).count(), 70, "{shown}");
    assert!(shown.contains("70 of 70 users"), "{shown}");
    assert!(desk.good(&["plans", "aws-scim"]).await.contains("not let go"));

    let (code, said) = desk.scim(&["apply", "aws-scim", "0123456789abcdef"]).await;
    assert!(code == 2 && said.contains("404"), "{code}: {said}");
    assert!(provisioned.users().iter().all(|(_, active)| *active));
    desk.good(&["apply", "aws-scim", &id]).await;
    provisioned.synced().await;
    assert!(provisioned.users().iter().all(|(_, active)| !active));
    let (code, said) = desk.scim(&["apply", "aws-scim", &id]).await;
    assert!(code == 2 && said.contains("a plan is good for once"), "{code}: {said}");
    desk.good(&["discard", "aws-scim", &id]).await;
    assert_eq!(desk.good(&["plans", "aws-scim"]).await, "");
}
