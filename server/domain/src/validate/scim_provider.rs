use model::{FieldError, MappingKind, ScimDialect, ScimProvider};

use super::{Names, address::web_address, faults::Faults};

pub fn scim_provider(provider: &ScimProvider, names: &Names) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &provider.name);
    faults.0.extend(scim_address(provider));
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
    faults.0.extend(provider.faults());
    faults.0
}

/// What is wrong with the address of a provider: where a token may be sent, whether or not anything is saved.
pub fn scim_address(provider: &ScimProvider) -> Vec<FieldError> {
    let mut faults = Faults::default();
    match web_address(&provider.url) {
        Ok(url) if url.query().is_some() => faults.add("url", "the address of a SCIM endpoint has no query"),
        Ok(_) => {}
        Err(why) => faults.add("url", why),
    }
    if provider.dialect == ScimDialect::Aws && provider.url.contains("/scim/v2/") && !provider.url.ends_with("/v2/") {
        faults.add("url", "the address ends with /scim/v2; what follows it is added to every request");
    }
    faults.0
}
