use model::{Application, BindingSubject, FieldError};

use super::{
    Names,
    address::{inline_image, local_path, web_address},
    faults::Faults,
    partition::role_table,
};

pub fn application(application: &Application, names: &Names) -> Vec<FieldError> {
    let mut faults = Faults::default();
    faults.name("name", &application.name);
    if application.description.chars().count() > 1000 {
        faults.add("description", "a description has at most 1000 characters");
    }
    if let Some(url) = &application.launch_url
        && !local_path(url)
        && let Err(why) = web_address(url)
    {
        faults.add("launch_url", why);
    }
    if let Some(icon) = &application.icon
        && !inline_image(icon)
    {
        faults.add(
            "icon",
            "an icon is an image inside the address itself, such as data:image/svg+xml;base64,…, of at most 32 KiB: pages load images from nowhere else",
        );
    }
    if let Some(provider) = &application.saml_provider
        && !names.saml_providers.contains(provider)
    {
        faults.add("saml_provider", format!("there is no SAML provider `{provider}`"));
    }
    for provider in &application.backchannel_providers {
        if !names.scim_providers.contains(provider) {
            faults.add("backchannel_providers", format!("there is no SCIM provider `{provider}`"));
        }
    }
    for (index, binding) in application.bindings.iter().enumerate() {
        let (known, kind, name) = match &binding.subject {
            BindingSubject::Group(name) => (names.groups.contains(name), "group", name),
            BindingSubject::Policy(name) => (names.policies.contains(name), "policy", name),
            BindingSubject::User(name) => (names.users.contains(&name.to_lowercase()), "user", name),
        };
        if !known {
            faults.add(format!("bindings.{index}"), format!("there is no {kind} `{name}`"));
        }
    }
    faults.0.extend(role_table(application, names));
    for (index, row) in application.aws_roles.iter().enumerate() {
        if row.role.account() != row.provider.account() || row.role.partition() != row.provider.partition() {
            faults.add(
                format!("aws_roles.{index}"),
                format!(
                    "{} and {} are of different accounts or partitions; AWS takes a role and a provider of one account",
                    row.role, row.provider
                ),
            );
        }
        for group in row.groups.iter().filter(|g| !names.groups.contains(*g)) {
            faults.add(format!("aws_roles.{index}"), format!("there is no group `{group}`"));
        }
    }
    faults.0
}
