use std::process::Command;

use domain::Origin;
use tests::{PASSWORD, World, output, program};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_is_made_once_through_the_one_time_link() {
    let world = World::empty().await;
    let token = world.services.offer_set_up().await.unwrap().unwrap();
    let browser = world.browser();
    let path = format!("/setup?token={token}");
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200);

    let fields = |password: &'static str, again: &'static str| {
        vec![
            ("username", "root"),
            ("name", "Root"),
            ("email", "root@example.com"),
            ("password", password),
            ("password_again", again),
        ]
    };
    let differs = browser.post(&path, &fields(PASSWORD, "another-password-1")).await;
    assert_eq!(differs.status, 422);
    assert!(differs.body.contains("differ"), "{}", differs.body);
    assert!(differs.body.contains("value=\"root\""), "what was typed is lost");
    assert!(!differs.body.contains(PASSWORD), "a password came back");
    assert_eq!(browser.post(&path, &fields("short", "short")).await.status, 422);

    assert_eq!(browser.post(&path, &fields(PASSWORD, PASSWORD)).await.location(), "/login?next=/admin");
    assert_eq!(browser.sign_in("root", PASSWORD).await.status, 303);
    assert_eq!(browser.get("/admin").await.status, 200);

    assert_eq!(browser.get(&path).await.status, 410, "the link works twice");
    assert_eq!(browser.post(&path, &fields(PASSWORD, PASSWORD)).await.status, 410);
    assert_eq!(world.services.offer_set_up().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guessed_set_up_token_is_refused() {
    let world = World::empty().await;
    let _token = world.services.offer_set_up().await.unwrap();
    for guess in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(world.browser().get(&format!("/setup?token={guess}")).await.status, 410);
        let draft =
            domain::FirstAdministrator { username: "m".into(), password: PASSWORD.into(), ..Default::default() };
        assert!(world.services.set_up(guess, draft, &Origin::default()).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_requests_with_one_link_make_one_administrator() {
    let world = World::empty().await;
    let token = world.services.offer_set_up().await.unwrap().unwrap();
    let make = |name: &str| {
        let draft =
            domain::FirstAdministrator { username: name.into(), password: PASSWORD.into(), ..Default::default() };
        let (services, token) = (world.services.clone(), token.clone());
        tokio::spawn(async move { services.set_up(&token, draft, &Origin::default()).await.is_ok() })
    };
    let (one, two) = (make("one"), make("two"));
    assert!(one.await.unwrap() ^ two.await.unwrap(), "both or neither came through");
    assert_eq!(world.services.usernames().await.unwrap().len(), 1);
}

#[test]
fn a_password_of_the_file_of_breached_ones_is_refused_in_any_spelling() {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("breached.txt");
    std::fs::write(&list, "correct-horse-battery\nhunter2hunter2\n").unwrap();
    let create = |username: &str, password: &str| {
        let mut command = Command::new(program("rolecall"));
        command.args(["user", "create", username, "--breached-passwords"]).arg(&list);
        let output = output(command.arg("--data-dir").arg(folder.path().join("data")), &format!("{password}\n"));
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, words) = create("ada", "Correct-Horse-Battery");
    assert!(code == Some(2) && words.contains("breached"), "{code:?} {words}");
    assert_eq!(create("ada", PASSWORD).0, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_makes_no_user_whom_the_console_would_refuse() {
    let world = World::empty().await;
    let user = |name: &str, email: &str| domain::NewUser {
        username: "eve".into(),
        name: name.into(),
        email: email.into(),
        password: PASSWORD.into(),
        ..Default::default()
    };
    for (draft, field) in
        [(user("Eve", "nowhere"), "email"), (user("E\u{7}ve", ""), "name"), (user(&"e".repeat(201), ""), "name")]
    {
        let error = world.services.create_user(draft, "test").await.unwrap_err().to_string();
        assert!(error.starts_with(field), "{error}");
    }
    world.services.create_user(user("Eve", "eve@example.com"), "test").await.unwrap();
}
