use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tests::{Api, Browser, PASSWORD, ended, output, program};

use crate::crash::{Server, sample, start};

pub struct House {
    folder: tempfile::TempDir,
}

impl House {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn run(&self, data: &str, arguments: &[&str], token: Option<&str>) -> (i32, String, String) {
        let mut command = Command::new(program("rolecall"));
        command.args(arguments).arg("--data-dir").arg(self.path(data)).env_remove("ROLECALL_TOKEN");
        if let Some(token) = token {
            command.env("ROLECALL_TOKEN", token);
        }
        let Output { status, stdout, stderr } = output(&mut command, "");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (status.code().unwrap(), text(&stdout), text(&stderr))
    }

    /// An installation with the sample people, and a token of the administrator.
    pub fn furnished(&self) -> String {
        let file = sample(self.folder.path());
        let applied = self.run("one", &["apply", file.to_str().unwrap()], None);
        assert_eq!(applied.0, 0, "{applied:?}");
        self.run("one", &["token", "create", "--user", "root", "--name", "backup"], None).1.trim().to_owned()
    }

    pub fn backup(&self) -> String {
        self.path("b.backup").to_str().unwrap().to_owned()
    }
}

fn stop(mut server: Server) {
    Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap();
    ended(&mut server.child);
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_restores_everything_but_sessions_and_only_under_its_own_master_key() {
    let house = House::new();
    let token = house.furnished();
    let server = start(&house.path("one"), None);
    let browser = Browser::new(&server.url);
    let cookie = browser.sign_in("ada", PASSWORD).await.header("set-cookie").split(';').next().unwrap().to_owned();
    stop(server);
    let (code, said, errors) = house.run("one", &["backup", &house.backup()], None);
    assert!(code == 0 && said.contains("master.key"), "{said}{errors}");
    assert_eq!(mode(Path::new(&house.backup())), 0o600);
    let text = std::fs::read_to_string(house.backup()).unwrap();
    assert!(!text.contains("PRIVATE KEY") && !text.contains(&token), "a secret is open in the backup");
    let before = house.run("one", &["export", "--secrets"], None).1;
    // Elsewhere, without the key, nothing is touched.
    let (code, _, errors) = house.run("two", &["restore", &house.backup()], None);
    assert!(code == 2 && errors.contains("master.key"), "{errors}");
    std::fs::create_dir_all(house.path("two")).unwrap();
    std::fs::copy(house.path("one/master.key"), house.path("two/master.key")).unwrap();
    let (code, said, errors) = house.run("two", &["restore", &house.backup()], None);
    assert_eq!(code, 0, "{said}{errors}");
    assert_eq!(house.run("two", &["export", "--secrets"], None).1, before);
    let server = start(&house.path("two"), None);
    let api = Api::new(&server.url, &token);
    assert_eq!(api.get("/me").await.status, 200, "a token is not restored");
    let events = api.read("/events?filter=restored").await;
    assert_eq!(events["total"], 1);
    assert_eq!(api.read("/events?filter=sign_in").await["total"], 1, "the trail is not restored");
    let again = Browser::new(&server.url).send(reqwest::Method::GET, "/", &[("cookie", &cookie)], None).await;
    assert_eq!(again.status, 303, "a session came back");
    assert_eq!(Browser::new(&server.url).sign_in("ada", PASSWORD).await.status, 303);
    stop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_server_runs_a_backup_is_taken_through_it_with_the_token_of_an_administrator() {
    let house = House::new();
    let token = house.furnished();
    let auditor = house.run("one", &["token", "create", "--user", "audrey", "--name", "x"], None).1.trim().to_owned();
    let server = start(&house.path("one"), None);
    let (code, _, errors) = house.run("one", &["backup", &house.backup()], None);
    assert!(code == 2 && errors.contains("ROLECALL_TOKEN"), "{errors}");
    let (code, _, errors) = house.run("one", &["backup", &house.backup()], Some(&auditor));
    assert!(code == 2 && errors.contains("administrator"), "{errors}");
    assert!(!Path::new(&house.backup()).exists(), "half a backup is there");
    let (code, said, errors) = house.run("one", &["backup", &house.backup()], Some(&token));
    assert_eq!(code, 0, "{said}{errors}");
    let events = Api::new(&server.url, &token).read("/events?filter=backed_up").await;
    assert_eq!((&events["total"], events["rows"][0]["actor"].as_str()), (&1.into(), Some("root")));
    let (code, _, errors) = house.run("one", &["restore", &house.backup(), "--force"], None);
    assert!(
        code == 2 && errors.contains(&server.child.id().to_string()),
        "a running server's store was replaced: {errors}"
    );
    stop(server);
    std::fs::create_dir_all(house.path("two")).unwrap();
    std::fs::copy(house.path("one/master.key"), house.path("two/master.key")).unwrap();
    assert_eq!(house.run("two", &["restore", &house.backup()], None).0, 0);
}

/// The same backup with something else in it, sealed anew.
fn forged(text: &str) -> String {
    let (body, _) = text.trim_end().rsplit_once('\n').unwrap();
    sealed(&format!("{body}\n"))
}

/// A header and rows with the line that seals them.
pub fn sealed(body: &str) -> String {
    let mut sum = Command::new("sha256sum");
    let sha256 = String::from_utf8(output(&mut sum, body).stdout).unwrap()[..64].to_owned();
    format!("{body}{}\n", serde_json::json!({ "rows": body.lines().count() - 1, "sha256": sha256 }))
}

#[test]
fn a_restore_that_fails_however_late_leaves_the_former_database_in_its_place() {
    let house = House::new();
    house.furnished();
    let export = || house.run("one", &["export", "--secrets"], None).1;
    let before = export();
    let key = house.path("one/master.key");
    let old = std::fs::read_to_string(&key).unwrap();
    let new = "ab".repeat(32);
    std::fs::write(&key, format!("{new}\n{old}")).unwrap();
    assert_eq!(house.run("one", &["backup", &house.backup()], None).0, 0);
    // What the newest key has not sealed, it does not open.
    std::fs::write(&key, format!("{new}\n")).unwrap();
    let (code, _, errors) = house.run("one", &["restore", &house.backup(), "--force"], None);
    assert!(code == 2 && errors.contains("master.key") && errors.contains("sealed with"), "{errors}");
    std::fs::write(&key, format!("{new}\n{old}")).unwrap();
    assert!(!house.path("one/db.replaced-1").exists(), "it was touched");
    assert_eq!(export(), before);

    // Whole by its checksum, and with a private key that does not open.
    let text = std::fs::read_to_string(house.backup()).unwrap();
    let line = text.lines().find(|line| line.contains(r#""table":"key""#)).unwrap();
    let cipher = line.split(r#""ciphertext":""#).nth(1).unwrap();
    let other = if cipher.starts_with('A') { "B" } else { "A" };
    let spoilt = line.replace(cipher, &format!("{other}{}", &cipher[1..]));
    let path = house.path("spoilt.backup");
    std::fs::write(&path, forged(&text.replace(line, &spoilt))).unwrap();
    let (code, _, errors) = house.run("one", &["restore", path.to_str().unwrap(), "--force"], None);
    assert!(code == 1 && errors.contains("does not open"), "{errors}");
    assert!(!house.path("one/db.replaced-1").exists(), "the former database is not back");
    assert_eq!(export(), before);
}

#[test]
fn a_store_that_is_not_empty_is_put_aside_only_by_force_and_a_damaged_backup_touches_nothing() {
    let house = House::new();
    house.furnished();
    assert_eq!(house.run("one", &["backup", &house.backup()], None).0, 0);
    let export = || house.run("one", &["export"], None).1;
    let before = export();
    assert_eq!(house.run("one", &["user", "list"], None).1.lines().count(), 5);
    let more = house.path("more.yaml");
    std::fs::write(&more, "version: 1\ngroups: [{ name: later }]\n").unwrap();
    assert_eq!(house.run("one", &["apply", more.to_str().unwrap()], None).0, 0);
    let (code, _, errors) = house.run("one", &["restore", &house.backup()], None);
    assert!(code == 2 && errors.contains("--force"), "{errors}");
    assert!(export().contains("later"));
    let damaged = house.path("damaged.backup");
    let text = std::fs::read_to_string(house.backup()).unwrap();
    std::fs::write(&damaged, text.replacen("Lovelace", "Lovelacf", 1)).unwrap();
    let (code, _, errors) = house.run("one", &["restore", damaged.to_str().unwrap(), "--force"], None);
    assert!(code == 2 && errors.contains("checksum"), "{errors}");
    assert!(export().contains("later"));
    let (code, said, errors) = house.run("one", &["restore", &house.backup(), "--force"], None);
    assert!(code == 0 && said.contains("replaced-1"), "{said}{errors}");
    assert_eq!(export(), before);
    assert!(house.path("one/db.replaced-1").is_dir(), "the former database is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_old_master_key_sealed_is_sealed_anew_so_that_its_line_can_go() {
    let house = House::new();
    let sample = std::fs::read_to_string(sample(house.folder.path())).unwrap();
    let file = house.path("all.yaml");
    let more = "webhooks: [{ name: bell, url: 'https://bell.example/', secret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODk= }]\n\
                scim_providers: [{ name: aws-scim, url: 'https://scim.example/v2', token: one, next_token: two, enabled: false }]\n";
    let keeping = sample.replace(
        "    audience: urn:amazon:webservices\n",
        "    audience: urn:amazon:webservices\n    keep_responses: 3\n",
    );
    assert_ne!(keeping, sample);
    std::fs::write(&file, format!("{keeping}{more}")).unwrap();
    assert_eq!(house.run("one", &["apply", file.to_str().unwrap()], None).0, 0);
    // The one that is kept shows whether it is opened.
    let init = "/application/saml/aws/sso/binding/init/";
    let signed_on = async |username: &str| {
        let server = start(&house.path("one"), None);
        let browser = Browser::new(&server.url);
        assert_eq!(browser.sign_in(username, PASSWORD).await.status, 303);
        let page = browser.get(init).await;
        assert!(page.form().field("SAMLResponse").is_some(), "{}", page.body);
        let root = Browser::new(&server.url);
        assert_eq!(root.sign_in("root", PASSWORD).await.status, 303);
        let rows = crate::responses::rows(&root).await;
        for row in &rows {
            let asked = serde_json::json!({ "name": "aws-iam", "id": row["id"] });
            crate::responses::good(&root, "read_response", asked).await;
        }
        stop(server);
        rows.len()
    };
    assert_eq!(signed_on("ada").await, 1);
    let before = house.run("one", &["export", "--secrets"], None).1;
    let key = house.path("one/master.key");
    let old = std::fs::read_to_string(&key).unwrap();
    let new = "cd".repeat(32);
    std::fs::write(&key, format!("{new}\n{old}")).unwrap();
    let seals = || {
        let said = house.run("one", &["doctor"], None).1;
        said.lines().find(|line| line.contains("secrets by master key")).unwrap_or_else(|| panic!("{said}")).to_owned()
    };
    let told = seals();
    assert!(told.starts_with("warning") && told.contains("seals 0") && told.contains("master-key reseal"), "{told}");
    let reseal = || {
        let (code, said, errors) = house.run("one", &["master-key", "reseal"], None);
        assert_eq!(code, 0, "{said}{errors}");
        said
    };
    let said = reseal();
    assert!(said.contains("4 secrets and 1 kept responses"), "{said}");
    let told = seals();
    assert!(told.starts_with("ok") && told.contains("seals 6") && told.contains("seals 0, so it may go"), "{told}");
    let again = reseal();
    assert!(again.contains("0 secrets and 0 kept responses"), "{again}");

    std::fs::write(&key, format!("{new}\n")).unwrap();
    assert_eq!(house.run("one", &["export", "--secrets"], None).1, before);
    assert_eq!(signed_on("grace").await, 2);
}
