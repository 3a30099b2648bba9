use std::collections::HashSet;

use scim::{
    id::Kind,
    step::{Action, Reason, Step},
};

/// Values that no two objects share: a change of one may have to wait for another.
const UNIQUE: [&str; 4] = ["userName", "displayName", "externalId", "emails"];

/// Kinds of step that may be under way together, as long as they are about different objects.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Create(Kind),
    Members,
    Attributes,
    Deactivate,
    Read,
    /// Everything whose place in the order matters.
    Alone,
}

fn class(step: &Step) -> Class {
    match (&step.action, &step.why) {
        (Action::Create { .. }, Reason::New) => Class::Create(step.object.kind),
        (Action::ChangeMembers { .. }, _) => Class::Members,
        (Action::Change { .. }, Reason::Changed { attributes })
            if !attributes.iter().any(|path| UNIQUE.contains(&path.as_str())) =>
        {
            Class::Attributes
        }
        (Action::Deactivate { .. }, _) => Class::Deactivate,
        (Action::Adopt { .. }, _) => Class::Read,
        _ => Class::Alone,
    }
}

/// How many of the next steps may be under way together: at least one, at most `most`, and none beside the first with which
/// they would change more than `memberships`. Nothing else goes before they are done, so they must not take long.
pub fn together(steps: &[Step], most: usize, memberships: usize) -> usize {
    let Some(first) = steps.first() else { return 0 };
    let wanted = class(first);
    if wanted == Class::Alone {
        return 1;
    }
    let (mut objects, mut changes) = (HashSet::new(), 0_usize);
    let next = steps.iter().take(most.max(1)).take_while(|step| {
        changes = changes.saturating_add(step.membership_changes());
        class(step) == wanted && objects.insert(&step.object) && (objects.len() == 1 || changes <= memberships)
    });
    next.count()
}

#[cfg(test)]
mod tests {
    use scim::{
        id::{LocalId, Object},
        step::{Action, Reason, Step},
    };

    use super::together;

    fn step(group: &str) -> Step {
        filling(group, 0)
    }

    /// A step that lets so many into a group.
    fn filling(group: &str, people: usize) -> Step {
        let add = (0..people).map(|n| LocalId(n.to_string())).collect();
        let action = Action::ChangeMembers { add, remove: Vec::new(), strangers: Vec::new() };
        let object = Object::group(&LocalId::from(group));
        Step { object, name: group.to_owned(), why: Reason::Members, action }
    }

    #[test]
    fn two_requests_about_one_object_are_never_under_way_together() {
        assert_eq!(together(&[step("a"), step("b"), step("a")], 16, 100), 2);
        assert_eq!(together(&[step("a"), step("a")], 16, 100), 1);
        assert_eq!(together(&[step("a"), step("b"), step("c")], 2, 100), 2);
        let gone = Step { action: Action::Delete, why: Reason::LeftScope, ..step("a") };
        assert_eq!(together(&[gone.clone(), gone], 16, 100), 1);
    }

    #[test]
    fn what_is_under_way_together_changes_no_more_memberships_than_the_service_takes_in_a_second() {
        let groups = ["a", "b", "c", "d"].map(|group| filling(group, 40));
        assert_eq!(together(&groups, 16, 100), 2);
        assert_eq!(together(&groups, 16, 120), 3);
        assert_eq!(together(&groups, 16, 2_500), 4);
        // One that is larger goes some time, and alone.
        assert_eq!(together(&groups, 16, 30), 1);
        assert_eq!(together(&[filling("a", 0), filling("b", 100), filling("c", 1)], 16, 100), 2);
    }
}
