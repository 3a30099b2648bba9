use model::{FieldError, MappingKind, ScimDialect, ScimProvider};

use super::{Names, address::web_address, faults::Faults};

pub fn scim_provider(provider: &ScimProvider, names: &Names) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &provider.name);
    match web_address(&provider.url) {
        Ok(url) if url.query().is_some() => faults.add("url", "the address of a SCIM endpoint has no query"),
        Ok(_) => {}
        Err(why) => faults.add("url", why),
    }
    for (field, named, kind) in [
        ("user_mappings", &provider.user_mappings, MappingKind::ScimUser),
        ("group_mappings", &provider.group_mappings, MappingKind::ScimGroup),
    ] {
        for name in named {
            match names.mappings.get(name) {
                None => faults.add(field, format!("there is no property mapping `{name}`")),
                Some((found, _)) if *found == kind => {}
                Some(_) => faults.add(field, format!("the mapping `{name}` is of another kind")),
            }
        }
    }
    for group in provider.groups.iter().filter(|g| !names.groups.contains(*g)) {
        faults.add("groups", format!("there is no group `{group}`"));
    }
    if provider.deprovision_grace.is_some_and(|grace| grace.as_seconds() < 0) {
        faults.add("deprovision_grace", "this is zero or positive, such as 30d");
    }
    if provider.removal_threshold.percent > 100 {
        faults.add("removal_threshold.percent", "this is 0 to 100");
    }
    if provider.writes_per_second.is_some_and(|rate| rate == 0 || rate > 10_000) {
        faults.add("writes_per_second", "this is 1 to 10000");
    }
    if provider.verify_every.is_some_and(|every| every.as_seconds() < 300) {
        faults.add(
            "verify_every",
            "a comparison reads everything: leave at least 5m between two, or write null for none",
        );
    }
    if provider.dialect == ScimDialect::Aws && provider.url.contains("/scim/v2/") && !provider.url.ends_with("/v2/") {
        faults.add("url", "the address ends with /scim/v2; what follows it is added to every request");
    }
    faults.0
}
