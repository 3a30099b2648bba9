use std::sync::{Arc, Mutex};

use domain::{Argon2id, port::PasswordHasher};
use tests::{PASSWORD, World};

/// Compares as the product does, and writes down at what cost.
#[derive(Default)]
struct Counting(Mutex<Vec<String>>);

impl PasswordHasher for Counting {
    fn matches(&self, phc: &str, password: &str) -> bool {
        // `$argon2id$v=19$m=…,t=…,p=…$salt$hash`: all but what is secret in it is what the work depends on.
        let cost: Vec<&str> = phc.split('$').take(4).collect();
        let length = phc.rsplit('$').next().unwrap_or_default().len();
        self.0.lock().unwrap().push(format!("{} {length} {}", cost.join("$"), password.len()));
        Argon2id.matches(phc, password)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_under_a_name_that_does_not_exist_does_the_work_of_one_with_a_wrong_password() {
    let hasher = Arc::new(Counting::default());
    let world = World::with_hasher(hasher.clone()).await;
    world
        .apply(&format!(
            "version: 1\nusers:\n  - {{ username: gone, name: Gone, active: false, password: '{PASSWORD}' }}\n  - {{ username: robot, name: Robot, service_account: true }}\n"
        ))
        .await;
    let wrong = "x".repeat(PASSWORD.len());
    let mut works = Vec::new();
    for (name, password) in [
        ("grace", wrong.as_str()),
        ("nobody-of-that-name", &wrong),
        ("gone", &wrong),
        ("gone", PASSWORD),
        ("robot", &wrong),
        ("", &wrong),
        (&"n".repeat(600), &wrong),
        ("ada'; --", &wrong),
        ("ada", PASSWORD),
    ] {
        // Nobody has to wait for the failures before.
        world.clock.advance(86_400);
        hasher.0.lock().unwrap().clear();
        let answer = world.browser().sign_in(name, password).await;
        assert_eq!(answer.status == 303, name == "ada", "{name}: {}", answer.status);
        works.push((name.to_owned(), std::mem::take(&mut *hasher.0.lock().unwrap())));
    }
    let (_, known) = works[0].clone();
    assert_eq!(known.len(), 1, "{known:?}");
    assert!(known[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1"), "{known:?}");
    for (name, work) in works {
        assert_eq!(work, known, "{name:?} costs something else than a known name");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_after_a_failed_sign_in_is_the_same_for_known_and_unknown_names() {
    let world = World::new().await;
    let mut pages = Vec::new();
    for name in ["grace", "nobody-of-that-name"] {
        let answer = world.browser().sign_in(name, "not the password").await;
        let nonce = answer.body.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("no nonce");
        pages.push((answer.status, answer.body.replace(nonce, "NONCE").replace(name, "NAME")));
    }
    assert_eq!(pages[0], pages[1]);
}
