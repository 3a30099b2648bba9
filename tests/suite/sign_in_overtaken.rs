use std::sync::{
    Arc, Mutex,
    mpsc::{Receiver, Sender, channel},
};

use domain::{Argon2id, port::PasswordHasher};
use tests::{Browser, PASSWORD, World, in_time};

/// Finds a password right, and goes on when it is told to.
struct Slow {
    compared: Mutex<Sender<()>>,
    go_on: Mutex<Receiver<()>>,
}

impl PasswordHasher for Slow {
    fn matches(&self, phc: &str, password: &str) -> bool {
        let right = Argon2id.matches(phc, password);
        self.compared.lock().unwrap().send(()).unwrap();
        self.go_on.lock().unwrap().recv().unwrap();
        right
    }
}

/// Signs Ada in, and does something while her password has just been found right; how many sessions she has then.
async fn sessions_after(meanwhile: impl AsyncFnOnce(&World)) -> (u16, u64) {
    let ((compared, was_compared), (go_on, goes_on)) = (channel(), channel());
    let hasher = Slow { compared: Mutex::new(compared), go_on: Mutex::new(goes_on) };
    let world = World::with_hasher(Arc::new(hasher)).await;
    let url = world.url.clone();
    let ada = tokio::spawn(async move { Browser::new(&url).sign_in("ada", PASSWORD).await.status.as_u16() });
    in_time("the comparison", tokio::task::spawn_blocking(move || was_compared.recv().unwrap())).await.unwrap();
    meanwhile(&world).await;
    go_on.send(()).unwrap();
    let status = in_time("the sign-in", ada).await.unwrap();
    (status, world.services.metrics().await.unwrap().sessions)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_with_a_password_that_is_changed_meanwhile_leaves_no_session() {
    let set = async |world: &World| {
        world.services.set_password("ada", "difference-engine-1822".to_owned(), "root").await.unwrap();
    };
    assert_eq!(sessions_after(set).await, (401, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_nothing_overtakes_has_one() {
    let (status, sessions) = sessions_after(async |_: &World| {}).await;
    assert!(status < 400 && sessions == 1, "{status}, {sessions}");
}
