use super::{Attempt, Throttle, network};

fn by(id: &str, account: &str, address: &str) -> Attempt {
    Attempt::new(account, address).by(Some(id.to_owned()))
}

/// How often somebody gets to guess who tries each second until `end`.
fn guesses(throttle: &Throttle, attempt: &Attempt, begin: i64, end: i64) -> u32 {
    let mut tried = 0;
    for now in begin..end {
        if throttle.wait(attempt, now) == 0 {
            throttle.failed(attempt, now);
            tried += 1;
        }
    }
    tried
}

#[test]
fn guessing_slows_down_while_the_owner_elsewhere_still_gets_in() {
    let throttle = Throttle::default();
    let owner = by("known", "ada", "198.51.100.1");
    throttle.succeeded(&owner, 0);
    let tried = guesses(&throttle, &Attempt::new("ada", "203.0.113.9"), 0, 3_600);
    assert!(tried < 25, "{tried} guesses in an hour");
    for n in 0..300 {
        throttle.failed(&Attempt::new("ada", &format!("203.0.113.{n}")), 3_600);
    }
    assert!(throttle.wait(&Attempt::new("ada", "192.0.2.77"), 3_600) > 0);
    assert_eq!(throttle.wait(&owner, 3_600), 0);
}

#[test]
fn a_day_of_guessing_is_about_a_hundred_guesses() {
    let throttle = Throttle::default();
    let tried = guesses(&throttle, &Attempt::new("ada", "203.0.113.9"), 0, 86_400);
    assert!((50..130).contains(&tried), "{tried} guesses in a day");
}

#[test]
fn an_office_behind_one_address_mistypes_all_day_and_nobody_waits() {
    let throttle = Throttle::default();
    let mut now = 0;
    for n in 0..96 {
        let person = Attempt::new(&format!("person{n}"), "203.0.113.9");
        assert_eq!(throttle.wait(&person, now), 0, "person {n}");
        throttle.failed(&person, now);
        now += 900;
    }
    // In one hour, of people who get in after it.
    for n in 0..200 {
        let person = Attempt::new(&format!("person{n}"), "203.0.113.9");
        assert_eq!(throttle.wait(&person, now), 0, "person {n}");
        throttle.failed(&person, now);
        throttle.succeeded(&person, now);
        now += 18;
    }
}

#[test]
fn an_address_that_everybody_waits_at_is_open_again_while_one_still_mistypes_now_and_then() {
    let throttle = Throttle::default();
    let person = |n: i64| Attempt::new(&format!("person{n}"), "203.0.113.9");
    for n in 0..60 {
        throttle.failed(&person(n), 0);
    }
    assert!(throttle.wait(&person(77), 0) > 200);
    for n in 0..24 {
        throttle.failed(&person(1_000 + n), n * 1_800);
    }
    assert_eq!(throttle.wait(&person(77), 23 * 1_800), 0);
}

#[test]
fn who_signs_in_to_an_account_of_their_own_gets_no_more_guesses_at_those_of_others() {
    let throttle = Throttle::default();
    let own = Attempt::new("mallory", "203.0.113.9");
    let mut tried = 0;
    for n in 0..200 {
        let other = Attempt::new(&format!("person{n}"), "203.0.113.9");
        if throttle.wait(&other, 0) == 0 {
            throttle.failed(&other, 0);
            tried += 1;
        }
        throttle.succeeded(&own, 0);
    }
    assert_eq!(tried, 50);
}

#[test]
fn all_addresses_of_an_ipv6_network_count_as_one() {
    let throttle = Throttle::default();
    for n in 0..5 {
        throttle.failed(&Attempt::new("ada", &format!("2001:db8:1:2::{n}")), 0);
    }
    assert!(throttle.wait(&Attempt::new("ada", "2001:db8:1:2:ffff::1"), 0) > 0);
    assert_eq!(throttle.wait(&Attempt::new("ada", "2001:db8:1:3::1"), 0), 0);
    assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
    assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    assert_eq!(network(""), "");
}

#[test]
fn a_known_browser_waits_for_nobody_else_and_does_not_guess_freely() {
    let throttle = Throttle::default();
    for n in 0..200 {
        throttle.failed(&Attempt::new("ada", &format!("203.0.113.{}", n / 5)), 60);
    }
    let owner = by("known", "ada", "203.0.113.1");
    assert!(throttle.wait(&Attempt::new("ada", "192.0.2.77"), 60) > 0);
    assert_eq!(throttle.wait(&owner, 60), 0);
    // Who steals it has its guesses beside those that anybody has.
    let thief = by("stolen", "grace", "192.0.2.1");
    let tried = guesses(&throttle, &thief, 60, 60 + 86_400);
    assert!((20..200).contains(&tried), "{tried} guesses in a day");
}

#[test]
fn with_what_is_stolen_of_a_browser_an_account_under_attack_is_guessed_at_once_an_hour() {
    let throttle = Throttle::default();
    // So many that for a while nobody else gets to try.
    for n in 0..120 {
        throttle.failed(&Attempt::new("ada", &format!("198.51.100.{n}")), 0);
    }
    let mut tried = 0;
    for now in 0..10_000 {
        if now % 300 == 0 {
            throttle.failed(&Attempt::new("ada", "198.51.100.200"), now);
        }
        let thief = by("stolen", "ada", &format!("192.0.2.{}", now % 250));
        if throttle.wait(&thief, now) == 0 {
            throttle.failed(&thief, now);
            tried += 1;
        }
    }
    assert!(tried < 25, "{tried} guesses");
}

#[test]
fn who_waits_still_does_when_others_have_filled_the_memory() {
    let throttle = Throttle::default();
    let guesser = Attempt::new("ada", "203.0.113.9");
    for _ in 0..17 {
        throttle.failed(&guesser, 0);
    }
    for n in 0..40_000 {
        throttle.failed(&Attempt::new(&format!("person{n}"), &format!("10.{}.{}.1", n / 250, n % 250)), 700);
    }
    assert!(throttle.wait(&guesser, 700) > 0);
    let kept = throttle.state.lock().unwrap().failures.len();
    assert!(kept < 50_000, "{kept} entries");
}

#[test]
fn a_long_name_is_not_kept() {
    let throttle = Throttle::default();
    for n in 0..10 {
        throttle.failed(&Attempt::new(&format!("{n}{}", "a".repeat(200_000)), "203.0.113.9"), 0);
    }
    let state = throttle.state.lock().unwrap();
    let kept: usize = state.failures.keys().map(String::len).sum();
    assert!(kept < 1_000, "{kept} bytes");
}

#[test]
fn of_attempts_that_are_made_together_no_more_begin_than_are_free() {
    let throttle = Throttle::default();
    let guesser = Attempt::new("ada", "203.0.113.9");
    let begun = (0..50).filter(|_| throttle.begin(&guesser, 0).is_ok()).count();
    assert_eq!(begun, 5);
}

#[test]
fn a_right_password_takes_back_its_own_attempt_and_no_failure_of_others() {
    let throttle = Throttle::default();
    for n in 0..49 {
        throttle.failed(&Attempt::new(&format!("person{n}"), "203.0.113.9"), 0);
    }
    let (own, other) = (Attempt::new("mallory", "203.0.113.9"), Attempt::new("ada", "203.0.113.9"));
    let first = throttle.begin(&own, 0).unwrap();
    assert!(throttle.wait(&other, 0) > 0, "it does not count while it is compared");
    throttle.was_right(&first, 0);
    throttle.succeeded(&own, 0);
    assert_eq!(throttle.wait(&other, 0), 0, "a right password counts as a failure");
    // Two at once, of which the first to succeed takes back both.
    let throttle = Throttle::default();
    for n in 0..48 {
        throttle.failed(&Attempt::new(&format!("person{n}"), "203.0.113.9"), 0);
    }
    let both = [throttle.begin(&own, 0).unwrap(), throttle.begin(&own, 0).unwrap()];
    for begun in &both {
        throttle.was_right(begun, 0);
        throttle.succeeded(&own, 0);
    }
    throttle.failed(&other, 0);
    assert_eq!(throttle.wait(&other, 0), 0);
    throttle.failed(&other, 0);
    assert!(throttle.wait(&other, 0) > 0, "failures of others are taken back");
}

#[test]
fn what_others_wait_for_at_a_name_is_the_same_whether_or_not_somebody_signs_in_to_it_beside_them() {
    // The same guesses, at a name whose owner signs in from the same address and at one that nobody has.
    let (owned, nobody) = (Throttle::default(), Throttle::default());
    let guesser = Attempt::new("ada", "203.0.113.9");
    let (new, known) = (Attempt::new("ada", "203.0.113.9"), by("known", "ada", "203.0.113.9"));
    let mut entered = 0;
    for now in 0..20_000 {
        for owner in [&new, &known] {
            if now % 97 == 0
                && let Ok(begun) = owned.begin(owner, now)
            {
                owned.was_right(&begun, now);
                owned.succeeded(owner, now);
                entered += 1;
            }
        }
        if now % 100 == 0 {
            for throttle in [&owned, &nobody] {
                throttle.failed(&Attempt::new("ada", &format!("198.51.100.{}", now / 100 % 250)), now);
            }
        }
        assert_eq!(owned.wait(&guesser, now), nobody.wait(&guesser, now), "after {now} seconds");
        if nobody.wait(&guesser, now) == 0 {
            owned.failed(&guesser, now);
            nobody.failed(&guesser, now);
        }
    }
    assert!(entered > 200, "the owner got in {entered} times");
    assert!(nobody.wait(&guesser, 20_000) > 0, "nobody was slowed");
}

#[test]
fn what_a_success_takes_back_at_an_address_it_takes_back_once() {
    let throttle = Throttle::default();
    let (own, other) = (Attempt::new("mallory", "203.0.113.9"), Attempt::new("person", "203.0.113.9"));
    for n in 0..48 {
        throttle.failed(&Attempt::new(&format!("person{n}"), "203.0.113.9"), 0);
    }
    throttle.failed(&own, 0);
    throttle.failed(&own, 0);
    assert!(throttle.wait(&other, 0) > 0);
    for _ in 0..10 {
        throttle.succeeded(&own, 0);
    }
    throttle.failed(&other, 0);
    assert_eq!(throttle.wait(&other, 0), 0);
    throttle.failed(&other, 0);
    assert!(throttle.wait(&other, 0) > 0, "failures of others are taken back");
}
