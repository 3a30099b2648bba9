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

/// How many of the next steps may be under way together: at least one, at most `most`.
pub fn together(steps: &[Step], most: usize) -> usize {
    let Some(first) = steps.first() else { return 0 };
    let wanted = class(first);
    if wanted == Class::Alone {
        return 1;
    }
    let mut objects = HashSet::new();
    steps.iter().take(most.max(1)).take_while(|step| class(step) == wanted && objects.insert(&step.object)).count()
}

#[cfg(test)]
mod tests {
    use scim::{
        id::{LocalId, Object},
        step::{Action, Reason, Step},
    };

    use super::together;

    fn step(group: &str) -> Step {
        let action = Action::ChangeMembers { add: Vec::new(), remove: Vec::new(), strangers: Vec::new() };
        let object = Object::group(&LocalId::from(group));
        Step { object, name: group.to_owned(), why: Reason::Members, action }
    }

    #[test]
    fn two_requests_about_one_object_are_never_under_way_together() {
        assert_eq!(together(&[step("a"), step("b"), step("a")], 16), 2);
        assert_eq!(together(&[step("a"), step("a")], 16), 1);
        assert_eq!(together(&[step("a"), step("b"), step("c")], 2), 2);
        let gone = Step { action: Action::Delete, why: Reason::LeftScope, ..step("a") };
        assert_eq!(together(&[gone.clone(), gone], 16), 1);
    }
}
