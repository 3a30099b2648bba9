use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Departed, Setup, hand::Hand, town::Town};

/// Objects of ours by kind and `externalId`, with their identifiers there.
pub type Seen = BTreeMap<(String, String), String>;

/// Everything at the service that carries an identifier of ours.
pub fn seen(directory: &Value) -> Seen {
    let mut all = Seen::new();
    for kind in ["users", "groups"] {
        for row in directory[kind].as_array().unwrap() {
            let (Some(external), Some(id)) = (row["externalId"].as_str(), row["id"].as_str()) else { continue };
            let before = all.insert((kind.to_owned(), external.to_owned()), id.to_owned());
            assert_eq!(before, None, "{external} is there twice");
        }
    }
    all
}

/// The service has what the town wants, nothing of it twice, and what is not ours as it was.
pub fn check(directory: &Value, town: &Town, hand: &Hand, setup: Setup, before: &Seen) {
    let (users, groups) = (rows(directory, "users"), rows(directory, "groups"));
    for foreign in &hand.foreign {
        assert!(users.contains(&foreign) || groups.contains(&foreign), "what is not ours was touched: {foreign}");
    }
    let foreign = users.iter().chain(&groups).filter(|row| !row["externalId"].is_string());
    assert_eq!(foreign.count(), hand.foreign.len(), "something is there without an identifier of ours");

    let now = seen(directory);
    let whose: BTreeMap<&str, &str> =
        users.iter().filter_map(|row| Some((row["id"].as_str()?, row["externalId"].as_str()?))).collect();
    let mut picture = town.picture();
    let mut absent = BTreeSet::new();
    let mut left: BTreeMap<&str, &Value> =
        users.iter().filter_map(|row| Some((row["externalId"].as_str()?, *row))).collect();
    for (uid, wanted) in &mut picture.users {
        if let Some(row) = left.remove(uid.as_str()) {
            wanted["id"] = row["id"].clone();
            assert_eq!(*row, *wanted, "somebody is not as wanted");
        } else {
            assert_eq!(wanted["active"], false, "somebody is not there");
            absent.insert(uid.clone());
        }
    }
    assert!(setup.stays || left.is_empty(), "who left is there: {left:?}");
    assert!(left.values().all(|row| row["active"] == false), "who left has access: {left:?}");

    let mut remaining: Vec<&Value> = groups.iter().filter(|row| row["externalId"].is_string()).copied().collect();
    let ours = |row: &Value| -> BTreeSet<String> {
        let members = row["members"].as_array().unwrap().iter().filter_map(|id| whose.get(id.as_str()?));
        members.map(|uid| (*uid).to_owned()).collect()
    };
    for (name, wanted) in &picture.groups {
        let place = remaining.iter().position(|row| row["displayName"] == name.as_str());
        let place = place.unwrap_or_else(|| panic!("the group {name} is not there"));
        let wanted: BTreeSet<String> = wanted.difference(&absent).cloned().collect();
        assert_eq!(ours(remaining.swap_remove(place)), wanted, "members of {name}");
    }
    let most = if setup.groups == Departed::Deleted { 0 } else { town.left.len() };
    assert!(remaining.len() <= most, "groups that nobody wants: {remaining:?}");
    let is_empty = |row: &&Value| ours(row).is_empty();
    assert!(setup.groups != Departed::Emptied || remaining.iter().all(is_empty), "they have members: {remaining:?}");
    for row in groups.iter().filter(|row| hand.guest_in.contains(row["id"].as_str().unwrap_or_default())) {
        let is_in = row["members"].as_array().unwrap().iter().any(|id| *id == hand.stranger.as_str());
        assert!(is_in, "a member who is not ours was taken out: {row}");
    }

    // What is assigned there belongs to the object, so who was there is there still, as the same one.
    let kept = |kind: &str| if kind == "users" { setup.stays } else { setup.groups != Departed::Deleted };
    for (object, id) in before.iter().filter(|((kind, _), _)| kept(kind)) {
        assert_eq!(now.get(object), Some(id), "{object:?} is another one, or gone");
    }
}

fn rows<'a>(directory: &'a Value, kind: &str) -> Vec<&'a Value> {
    directory[kind].as_array().unwrap().iter().collect()
}
