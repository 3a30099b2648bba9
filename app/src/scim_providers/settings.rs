use leptos::prelude::*;
use model::ScimProvider;

use super::words::{ADOPTION, DEPROVISION, DIALECTS, DRIFT, GROUP_DEPROVISION, text_of};
use crate::ui::many;

/// What was chosen, as a person reads it.
pub fn settings(provider: &ScimProvider) -> AnyView {
    let listed = |names: &[String], none: &str| if names.is_empty() { none.to_owned() } else { names.join(", ") };
    let threshold = provider.removal_threshold;
    let rows = [
        ("Service", text_of(DIALECTS, provider.dialect)),
        ("Groups", listed(&provider.groups, "all")),
        ("Service accounts", if provider.exclude_service_accounts { "left out" } else { "pushed too" }.to_owned()),
        ("Users rendered by", listed(&provider.user_mappings, "the mapping that comes with Rolecall")),
        ("Groups rendered by", listed(&provider.group_mappings, "the mapping that comes with Rolecall")),
        ("Who leaves", text_of(DEPROVISION, provider.deprovision)),
        ("Deleted after", provider.deprovision_grace.map_or_else(|| "no time".to_owned(), |grace| grace.to_string())),
        ("A group that leaves", text_of(GROUP_DEPROVISION, provider.group_deprovision)),
        ("Same names there", text_of(ADOPTION, provider.adopt)),
        ("Changed there by others", text_of(DRIFT, provider.drift)),
        (
            "Compared every",
            provider.verify_every.map_or_else(|| "only on demand".to_owned(), |every| every.to_string()),
        ),
        ("Never touched", listed(&provider.protected, "nothing by name")),
        ("Waits for approval", format!("beyond {} or {} %", many(threshold.count, "removal"), threshold.percent)),
        (
            "Writes a second",
            provider.writes_per_second.map_or_else(|| "what the service takes".to_owned(), |n| n.to_string()),
        ),
    ];
    let rows = rows.map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> });
    rows.into_iter().collect_view().into_any()
}
