use std::sync::Arc;

use domain::{Brought, Entrance, Error, Origin, port::PasswordHasher};
use reqwest::{Method, StatusCode};
use tests::{PASSWORD, World};
use tokio::task::JoinSet;

const NEXT: &str = "difference-engine-1822";

/// Finds out at once what is right, so that many can be wrong.
struct Quick;

impl PasswordHasher for Quick {
    fn matches(&self, _phc: &str, password: &str) -> bool {
        [PASSWORD, NEXT].contains(&password)
    }
}

async fn world() -> World {
    World::with_hasher(Arc::new(Quick)).await
}

async fn enter(
    world: &World,
    username: &str,
    password: &str,
    known: Option<&str>,
    address: &str,
) -> Result<Entrance, Error> {
    let origin = Origin { address: address.to_owned(), ..Origin::default() };
    world.services.enter(username, password, Brought { session: None, known }, &origin).await
}

/// What this person's browser has after a sign-in.
async fn known(world: &World, username: &str) -> String {
    enter(world, username, PASSWORD, None, "198.51.100.1").await.unwrap().known
}

/// So many guesses at Ada's password, from forty addresses, that others wait.
async fn guess(world: &World) {
    for n in 0..200 {
        assert!(enter(world, "ada", "wrong-password-1", None, &format!("203.0.113.{}", n / 5)).await.is_err());
        world.clock.advance(1);
    }
}

fn waits(answer: &Result<Entrance, Error>) -> bool {
    matches!(answer, Err(Error::TooMany { .. }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_the_owner_used_before_gets_in_from_anywhere_during_an_attack() {
    let world = world().await;
    let ada = known(&world, "ada").await;
    guess(&world).await;
    assert!(waits(&enter(&world, "ada", PASSWORD, None, "192.0.2.77").await), "the attack is not slowed");
    let entrance = enter(&world, "ada", PASSWORD, Some(&ada), "192.0.2.77").await.unwrap();
    assert_ne!(entrance.known, ada);
    assert!(enter(&world, "ada", PASSWORD, Some(&entrance.known), "192.0.2.78").await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_a_browser_known_to_one_account_is_worth_nothing_at_another() {
    let world = world().await;
    let grace = known(&world, "grace").await;
    guess(&world).await;
    assert!(waits(&enter(&world, "ada", PASSWORD, Some(&grace), "192.0.2.77").await));
    let made_up = grace.replace('.', "..");
    for nothing in [made_up.as_str(), "", "~~~"] {
        assert!(waits(&enter(&world, "ada", PASSWORD, Some(nothing), "192.0.2.77").await), "{nothing}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_and_ninety_days_end_what_makes_a_browser_known() {
    let world = world().await;
    let ada = known(&world, "ada").await;
    world.clock.advance(domain::KNOWN_BROWSER_LIFE - 3_600);
    guess(&world).await;
    assert!(enter(&world, "ada", PASSWORD, Some(&ada), "192.0.2.77").await.is_ok());
    world.clock.advance(3_600);
    guess(&world).await;
    assert!(waits(&enter(&world, "ada", PASSWORD, Some(&ada), "192.0.2.78").await), "it does not end");

    // Longer than anybody waits.
    world.clock.advance(1_000);
    let ada = known(&world, "ada").await;
    world.services.set_password("ada", NEXT.to_owned(), "root").await.unwrap();
    guess(&world).await;
    assert!(waits(&enter(&world, "ada", NEXT, Some(&ada), "192.0.2.79").await), "it outlives the password");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_steals_what_makes_a_browser_known_has_a_few_guesses_and_no_more() {
    let world = world().await;
    let ada = known(&world, "ada").await;
    guess(&world).await;
    let mut guesses = 0;
    for n in 0..100 {
        let answer = enter(&world, "ada", "wrong-password-1", Some(&ada), &format!("192.0.2.{n}")).await;
        guesses += u32::from(matches!(answer, Err(Error::Unauthenticated)));
    }
    // The clock of the test hardly moves; if it comes to a new second, that is one more.
    assert!((5..=6).contains(&guesses), "{guesses} guesses");
    world.clock.advance(3_600);
    assert!(enter(&world, "ada", PASSWORD, Some(&ada), "192.0.2.77").await.is_ok(), "the owner is locked out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_browser_gets_in_by_the_form_where_its_address_waits_and_its_cookie_opens_nothing() {
    let world = world().await;
    let ada = world.browser();
    let answer = ada.sign_in("ada", PASSWORD).await;
    let cookies = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let cookie = cookies.filter(|value| value.starts_with("known=")).collect::<Vec<_>>().concat();
    for part in ["; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=7776000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("ada"), "it tells whose browser this is: {cookie}");
    let value = cookie.split(';').next().unwrap_or_default();
    let alone = world.browser().send(Method::GET, "/", &[("cookie", value)], None).await;
    assert_eq!(alone.status, StatusCode::SEE_OTHER);
    for n in 0..60 {
        assert!(enter(&world, &format!("person{n}"), "wrong-password-1", None, "127.0.0.1").await.is_err());
        world.clock.advance(1);
    }
    assert_eq!(world.browser().sign_in("ada", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ada.sign_in("ada", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_attempts_at_once_are_not_so_many_guesses() {
    let world = World::new().await;
    let mut attempts = JoinSet::new();
    for _ in 0..200 {
        let services = world.services.clone();
        attempts.spawn(async move { services.sign_in("ada", "wrong-password-1", None, &Origin::default()).await });
    }
    let answers = attempts.join_all().await;
    let guesses = answers.iter().filter(|answer| matches!(answer, Err(Error::Unauthenticated))).count();
    // As many as are free, however many are compared at the same time.
    assert!(guesses <= 6, "{guesses} guesses");
}

/// How long both names have to wait at an address, of which one exists.
async fn waits_of_both(world: &World, address: &str) -> [u64; 2] {
    let mut waits = [0; 2];
    for (name, wait) in BOTH.iter().zip(&mut waits) {
        if let Err(Error::TooMany { seconds }) = enter(world, name, "wrong-password-1", None, address).await {
            *wait = seconds;
        }
    }
    waits
}

/// Somebody, and nobody.
const BOTH: [&str; 2] = ["ada", "nobody-of-that-name"];
/// A network that Ada shares with many others.
const HERE: &str = "198.51.100.1";

fn alike([one, other]: [u64; 2]) -> bool {
    // The clock of the test may come to a new second between the two.
    one > 0 && other > 0 && one.abs_diff(other) <= 1
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shares_a_network_with_the_owner_waits_at_the_name_as_at_one_that_nobody_has() {
    let world = world().await;
    known(&world, "ada").await;
    // From elsewhere, as many guesses at either as make everybody wait.
    for n in 0..120 {
        for name in BOTH {
            assert!(enter(&world, name, "wrong-password-1", None, &format!("203.0.113.{}", n / 4)).await.is_err());
        }
        world.clock.advance(1);
    }
    let waits = waits_of_both(&world, HERE).await;
    assert!(alike(waits), "{BOTH:?} wait {waits:?} seconds in the owner's network");
    let waits = waits_of_both(&world, "192.0.2.77").await;
    assert!(alike(waits), "{BOTH:?} wait {waits:?} seconds elsewhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn that_the_owner_signs_in_meanwhile_is_not_seen_at_the_name_from_the_same_network() {
    let world = world().await;
    let ada = known(&world, "ada").await;
    for n in 0..11 {
        if n > 0 {
            world.clock.advance(60);
        }
        for name in BOTH {
            assert!(enter(&world, name, "wrong-password-1", None, HERE).await.is_err());
        }
    }
    let waits = waits_of_both(&world, HERE).await;
    assert!(alike(waits), "{BOTH:?} wait {waits:?} seconds");
    assert!(enter(&world, "ada", PASSWORD, Some(&ada), HERE).await.is_ok(), "the owner is locked out");
    let waits = waits_of_both(&world, HERE).await;
    assert!(alike(waits), "{BOTH:?} wait {waits:?} seconds after the owner signed in");
}
