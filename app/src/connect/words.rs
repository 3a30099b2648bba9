use crate::list::segment;

/// Where connecting begins.
pub const CONNECT: &str = "/admin/connect/identity-center";

/// The steps, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    File,
    Application,
    Exchange,
    Portal,
    NameId,
    Provisioning,
}

impl Step {
    pub const ALL: [Self; 6] =
        [Self::File, Self::Application, Self::Exchange, Self::Portal, Self::NameId, Self::Provisioning];

    pub const fn title(self) -> &'static str {
        match self {
            Self::File => "AWS's metadata",
            Self::Application => "Application and access",
            Self::Exchange => "Our metadata for AWS",
            Self::Portal => "Start address",
            Self::NameId => "NameID check",
            Self::Provisioning => "Provisioning",
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::File => "",
            Self::Application => "/application",
            Self::Exchange => "/exchange",
            Self::Portal => "/portal",
            Self::NameId => "/name-id",
            Self::Provisioning => "/provisioning",
        }
    }

    /// The step after this one.
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().skip_while(|step| *step != self).nth(1)
    }
}

/// The address of a step for a SAML provider.
pub fn step_path(provider: &str, step: Step) -> String {
    format!("{CONNECT}/{}{}", segment(provider), step.code())
}

#[cfg(test)]
mod tests {
    use super::{Step, step_path};

    #[test]
    fn the_steps_follow_each_other_and_each_has_an_address_of_its_own() {
        let mut step = Step::File;
        let mut paths = std::collections::BTreeSet::from([step_path("a b", step)]);
        while let Some(next) = step.next() {
            assert!(paths.insert(step_path("a b", next)));
            step = next;
        }
        assert_eq!((step, paths.len()), (Step::Provisioning, Step::ALL.len()));
        assert!(paths.iter().all(|path| path.starts_with("/admin/connect/identity-center/a%20b")), "{paths:?}");
    }
}
