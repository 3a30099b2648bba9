use aws_sandbox::Exchange;

use super::{
    hand::Hand,
    town::{Picture, Town},
};

/// What a fault may cost beside the request that it met: its repetition, and the questions that find out what became of
/// it (by name, by identifier, and who is a member).
const COST: usize = 5;
/// Requests that are under way at once, of which one that dies knows nothing.
const WIDTH: usize = 16;

/// What makes requests necessary.
#[derive(Default)]
pub struct Tally {
    /// What the changes take, each by itself.
    changes: usize,
    /// Comparisons that were asked for.
    pub comparisons: usize,
    /// Changes by hand at the service.
    pub acts: usize,
    /// Workers that died.
    pub deaths: usize,
    /// Changes while a round was under way, any of which may break off a comparison.
    pub meanwhile: usize,
}

impl Tally {
    pub fn change(&mut self, before: &Picture, after: &Picture) {
        self.changes += before.distance(after) + COST;
    }

    /// No more was sent than changes, faults, deaths and comparisons explain, and nothing that the service cannot take.
    pub fn check(&self, requests: &[Exchange], town: &Town, hand: &Hand) {
        let bad: Vec<&Exchange> = requests.iter().filter(|request| request.answered == Some(400)).collect();
        assert!(bad.is_empty(), "requests that the service cannot take: {bad:?}");
        let everything = usize::try_from(town.made).unwrap() + 3;
        // Users, groups, and the members of each group.
        let reading = 2 + town.groups.len() + town.left.len();
        let disturbed = count(requests, |request| request.fault.is_some() || request.answered == Some(401));
        let unread = count(requests, |request| request.method == "GET" && request.fault.is_some());
        // Of a refused change of members each one is asked for.
        let refused = count(requests, |request| request.status == Some(400));
        let readings = 1 + self.comparisons + unread + self.deaths + self.meanwhile;
        let most = self.changes
            + COST * disturbed
            + reading * readings
            + everything * refused
            + self.deaths * WIDTH * COST
            + self.acts * (everything + 2 * reading);
        let sent = requests.len() - hand.requests;
        println!("{sent} requests, {most} allowed: {} for the changes, {disturbed} disturbed", self.changes);
        assert!(sent <= most, "{sent} requests, {most} allowed");
    }
}

fn count(requests: &[Exchange], holds: impl Fn(&Exchange) -> bool) -> usize {
    requests.iter().filter(|request| holds(request)).count()
}
