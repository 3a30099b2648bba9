use model::{Application, FieldError, Partition, SamlProvider};

use super::{Names, faults::Faults};

/// AWS's partitions know nothing of each other: what goes to an address of one and names another is refused.
pub(super) fn addresses(provider: &SamlProvider, faults: &mut Faults) {
    let Some(audience) = Partition::of_audience(&provider.audience) else { return };
    let further = provider.acs.iter().enumerate().map(|(index, acs)| (format!("acs.{index}"), &acs.url));
    for (field, url) in std::iter::once(("acs_url".to_owned(), &provider.acs_url)).chain(further) {
        let Some(found) = Partition::of_url(url).filter(|found| *found != audience) else { continue };
        faults.add(
            field,
            format!(
                "this is a sign-in address of the partition {}, and the audience is that of {}, whose address is {}",
                found.name(),
                audience.name(),
                audience.acs_url()
            ),
        );
    }
}

/// The rows of the role table that are of another partition than the SAML provider speaks to.
pub fn role_table(application: &Application, names: &Names) -> Vec<FieldError> {
    let Some(provider) = &application.saml_provider else { return Vec::new() };
    let Some(partition) = names.partitions.get(provider) else { return Vec::new() };
    let rows = application.aws_roles.iter().enumerate();
    let others = rows.filter(|(_, row)| row.role.partition() != *partition);
    let faults = others.map(|(index, row)| {
        let why = format!(
            "{} is of the partition {}, and the SAML provider `{provider}` speaks to {}; give it a SAML provider and an application of its own",
            row.role,
            row.role.partition().name(),
            partition.name()
        );
        FieldError::new(format!("aws_roles.{index}"), why)
    });
    faults.collect()
}
