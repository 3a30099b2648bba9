use aws_sandbox::{FaultPlan, FaultRule, Outcome, When};

use super::chance::Chance;

/// Requests of which the service may do none for a while.
const KINDS: [&str; 7] =
    ["CreateUser", "PatchUser", "DeleteUser", "CreateGroup", "PatchGroup", "ListUsers", "ListGroups"];

fn status(status: u16, applied: bool) -> Outcome {
    Outcome::Status { status, detail: None, body: None, content_type: None, retry_after: None, applied }
}

fn away(seconds: u64) -> Outcome {
    let retry_after = Some(seconds);
    Outcome::Status { status: 429, detail: None, body: None, content_type: None, retry_after, applied: false }
}

/// What a proxy may answer in the place of the service.
fn page(applied: bool) -> Outcome {
    let body = Some("<html>welcome</html>".to_owned());
    Outcome::Status { status: 200, detail: None, body, content_type: None, retry_after: None, applied }
}

fn often(probability: f64, then: Outcome) -> FaultRule {
    FaultRule { when: When { probability: Some(probability), times: Some(6), ..When::default() }, then }
}

fn nth(number: u64, then: Outcome) -> FaultRule {
    FaultRule { when: When { nth: vec![number], ..When::default() }, then }
}

fn of(kind: &str, times: u64, then: Outcome) -> FaultRule {
    FaultRule { when: When { kind: Some(kind.to_owned()), times: Some(times), ..When::default() }, then }
}

/// What goes wrong until the next change, with its name. Nothing of it lasts: what fails for ever is an outage, which
/// has tests of its own.
pub fn weather(chance: &mut Chance) -> (FaultPlan, String) {
    let (seed, applied, soon) = (chance.number(), chance.one_in(2), 1 + chance.below(5));
    let kind = chance.pick(&KINDS).unwrap();
    let (name, mut rules) = match chance.below(13) {
        0..=2 => ("all is well", Vec::new()),
        3 => ("it throttles", vec![often(0.5, status(429, false))]),
        4 => ("it asks for a short pause", vec![nth(soon, away(2)), nth(soon + 3, away(2))]),
        // Longer than anybody waits within a round.
        5 => ("it asks for a long pause", vec![nth(soon, away(100))]),
        6 => ("it fails", vec![often(0.3, status(500, false)), often(0.3, status(502, true))]),
        7 => (
            "it is cut off",
            vec![often(0.3, Outcome::Reset { applied: false }), often(0.3, Outcome::Reset { applied: true })],
        ),
        8 => (kind, vec![of(kind, 8, status(503, false))]),
        9 => (
            "it is away",
            vec![FaultRule { when: When { times: Some(10), ..When::default() }, then: status(503, false) }],
        ),
        10 => ("the token ends", vec![nth(soon, Outcome::ExpireToken)]),
        11 => {
            // The first attempt may be done without a word, and the next is refused.
            let method = if chance.one_in(2) { "POST" } else { "PATCH" };
            let when = |number| When { method: Some(method.to_owned()), nth: vec![number], ..When::default() };
            let first = FaultRule { when: when(1), then: status(500, applied) };
            ("it fails and refuses", vec![first, FaultRule { when: when(2), then: status(400, false) }])
        }
        _ => {
            let storm = vec![
                of("CreateUser", 1, page(applied)),
                of("CreateGroup", 1, page(applied)),
                often(0.2, status(429, false)),
                often(0.15, status(504, true)),
                often(0.1, status(500, false)),
                often(0.1, Outcome::Reset { applied: true }),
                often(0.1, Outcome::Delay { milliseconds: 5 }),
            ];
            ("a storm", storm)
        }
    };
    let dies = chance.one_in(3);
    if dies {
        // The answer never comes, and nobody waits for it: the worker is ended at this moment.
        rules.insert(0, nth(soon, Outcome::Hang { applied }));
    }
    let told = format!("weather: {name}{}", if dies { ", and a death" } else { "" });
    (FaultPlan { seed, rules }, told)
}
