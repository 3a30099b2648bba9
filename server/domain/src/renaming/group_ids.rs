use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    identifiers,
    port::{Configuration, Document, Entropy, Setting},
};

/// The setting that keeps them.
const SETTING: &str = "group_ids";

/// What services know a group by, for as long as it lives: the name that it was made with, unless that was another's
/// before. Only what differs from the present name is kept, so an installation in which nothing was ever renamed keeps
/// nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupIds {
    /// By the present name of a renamed group.
    kept: BTreeMap<String, String>,
    /// By a name that a renamed group left behind, for whatever bears it later.
    free: BTreeMap<String, String>,
}

impl GroupIds {
    pub fn of_configuration(configuration: &Configuration) -> Self {
        let setting = configuration.settings.get(SETTING);
        setting.and_then(|s| serde_json::from_value(s.value.value.clone()).ok()).unwrap_or_default()
    }

    pub fn document(&self) -> Document {
        let value = serde_json::to_value(self).unwrap_or_default();
        Document::Setting(Setting { name: SETTING.to_owned(), value })
    }

    /// The identifier of the group of this name.
    pub fn of<'a>(&'a self, name: &'a str) -> &'a str {
        self.kept.get(name).or_else(|| self.free.get(name)).map_or(name, String::as_str)
    }

    /// The name that a renamed group was made with; None where that is its name still.
    pub fn first_name(&self, name: &str) -> Option<&str> {
        self.kept.get(name).map(String::as_str)
    }

    /// Several renames at once, each from a present name: what one leaves behind another may take.
    pub fn rename_all(&mut self, renames: &BTreeMap<String, String>, entropy: &dyn Entropy) {
        let ids: Vec<(&String, String)> = renames.iter().map(|(from, to)| (to, self.of(from).to_owned())).collect();
        for from in renames.keys() {
            self.kept.remove(from);
            self.free.insert(from.clone(), identifiers::hex::<16>(entropy));
        }
        for (to, id) in ids {
            self.kept.remove(to);
            self.free.remove(to);
            if id != *to {
                self.kept.insert(to.clone(), id);
            }
        }
    }

    /// The group `from` is called `to` from now on. Whatever is called `from` later is another group.
    pub fn rename(&mut self, from: &str, to: &str, entropy: &dyn Entropy) {
        self.rename_all(&[(from.to_owned(), to.to_owned())].into(), entropy);
    }
}

#[cfg(test)]
mod tests {
    use super::GroupIds;
    use crate::port::Entropy;

    struct Sevens;

    impl Entropy for Sevens {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn a_group_is_the_same_under_every_name_and_a_name_left_behind_is_nobody_s() {
        let mut ids = GroupIds::default();
        assert_eq!(ids.of("sea"), "sea");
        ids.rename("sea", "ocean", &Sevens);
        assert_eq!((ids.of("ocean"), ids.first_name("ocean")), ("sea", Some("sea")));
        assert_ne!(ids.of("sea"), "sea", "a later group would be taken for the one that was renamed");
        ids.rename("ocean", "water", &Sevens);
        assert_eq!(ids.of("water"), "sea");
        assert!(!["sea", "water"].contains(&ids.of("ocean")));
        ids.rename("water", "sea", &Sevens);
        assert_eq!((ids.of("sea"), ids.first_name("sea")), ("sea", None));
        assert_ne!(ids.of("water"), "sea");
    }
}
