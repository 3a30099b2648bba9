use model::{Adoption, Deprovision, GroupDeprovision, ScimDialect, ScimProvider};
use scim::{
    dialect::Dialect,
    plan::{self, Adopt, GroupRemoval, PlanOptions, Strangers, Threshold},
    state::Pattern,
    wire::ServiceProviderConfig,
};

use crate::managed;

/// The dialect of a provider. `config` is what a server of RFC 7644 says of itself; AWS is known better than it knows
/// itself.
pub fn dialect(provider: &ScimProvider, config: Option<&ServiceProviderConfig>) -> Dialect {
    let mut dialect = match provider.dialect {
        ScimDialect::Aws => Dialect::aws(),
        ScimDialect::Rfc7644 => Dialect::rfc7644(&config.cloned().unwrap_or_default()),
    };
    if let Some(rate) = provider.writes_per_second {
        dialect.writes_per_second = rate;
        dialect.reads_per_second = dialect.reads_per_second.max(rate);
    }
    dialect
}

/// What a plan of the provider may do at a time in unix seconds.
pub fn options(provider: &ScimProvider, now: i64) -> PlanOptions {
    let grace = provider.deprovision_grace.map_or(0, model::Span::as_seconds);
    PlanOptions {
        now,
        adopt: match provider.adopt {
            // What is decided by hand is taken over by hand.
            Adoption::Never | Adoption::Ask => Adopt::Never,
            Adoption::SameName => Adopt::SameName,
        },
        deprovision: match provider.deprovision {
            Deprovision::Deactivate => plan::Deprovision::Deactivate,
            Deprovision::Delete if grace > 0 => plan::Deprovision::DeleteAfter { grace_seconds: grace },
            Deprovision::Delete => plan::Deprovision::Delete,
        },
        groups: match provider.group_deprovision {
            GroupDeprovision::Empty => GroupRemoval::Empty,
            GroupDeprovision::Delete => GroupRemoval::Delete,
            GroupDeprovision::Keep => GroupRemoval::Keep,
        },
        strangers: Strangers::Keep,
    }
}

pub fn threshold(provider: &ScimProvider) -> Threshold {
    let limits = provider.removal_threshold;
    Threshold {
        count: usize::try_from(limits.count).unwrap_or(usize::MAX),
        share: f64::from(limits.percent) / 100.0,
        floor: usize::try_from(limits.floor).unwrap_or(usize::MAX),
    }
}

pub fn protected(provider: &ScimProvider) -> Vec<Pattern> {
    provider.protected.iter().cloned().map(Pattern).collect()
}

/// The mappings that render users and groups of the provider.
pub fn mappings(provider: &ScimProvider) -> (Vec<String>, Vec<String>) {
    let or_managed = |named: &[String], managed: &str| {
        if named.is_empty() { vec![managed.to_owned()] } else { named.to_vec() }
    };
    (or_managed(&provider.user_mappings, managed::SCIM_USER), or_managed(&provider.group_mappings, managed::SCIM_GROUP))
}
