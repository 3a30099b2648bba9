use model::{EventKind, FieldError, ListQuery, MappingDetail, MappingRow, Page, PropertyMapping};

use crate::{
    Admin, Auditor, Error,
    applications::page,
    port::{Document, Expect, Kind, Write},
    snapshot::Snapshot,
    validate,
};

/// Names of the providers that use a mapping: for an attribute, for the NameID, for users or groups.
fn used_by(snapshot: &Snapshot, name: &str) -> Vec<String> {
    let scim = snapshot.configuration.scim_providers.values().map(|p| &p.value.provider);
    let scim =
        scim.filter(|p| p.user_mappings.iter().chain(&p.group_mappings).any(|m| m == name)).map(|p| p.name.clone());
    let providers = snapshot.configuration.saml_providers.values().map(|p| &p.value);
    providers
        .filter(|p| p.property_mappings.iter().any(|m| m == name) || p.name_id.mapping.as_deref() == Some(name))
        .map(|p| p.name.clone())
        .chain(scim)
        .collect()
}

impl Auditor<'_> {
    /// Search in name and SAML name; sort by `name` (default).
    pub async fn property_mappings(&self, query: &ListQuery) -> Result<Page<MappingRow>, Error> {
        let snapshot = self.0.services.snapshot();
        let wanted = query.q.trim().to_lowercase();
        let fits = |m: &&PropertyMapping| {
            m.name.to_lowercase().contains(&wanted)
                || m.saml_name.as_ref().is_some_and(|n| n.to_lowercase().contains(&wanted))
        };
        let mappings = snapshot.configuration.property_mappings.values().map(|m| &m.value);
        let mut rows: Vec<MappingRow> = mappings
            .filter(fits)
            .map(|m| MappingRow {
                name: m.name.clone(),
                kind: m.kind,
                saml_name: m.saml_name.clone(),
                managed: m.managed,
                providers: used_by(&snapshot, &m.name).len().try_into().unwrap_or(u32::MAX),
            })
            .collect();
        // Those of the house first, then the shipped ones.
        rows.sort_by_cached_key(|r| (r.managed, r.name.to_lowercase()));
        if query.sort == "-name" {
            rows.reverse();
        }
        Ok(page(rows, query))
    }

    pub async fn property_mapping(&self, name: &str) -> Result<MappingDetail, Error> {
        let snapshot = self.0.services.snapshot();
        let found = snapshot.configuration.property_mappings.get(name);
        let found = found.ok_or_else(|| Error::missing(Kind::PropertyMapping, name))?;
        let (version, mapping, used_by) = (found.version, found.value.clone(), used_by(&snapshot, name));
        Ok(MappingDetail { version, mapping, used_by, warnings: Vec::new() })
    }
}

impl Admin<'_> {
    pub async fn create_property_mapping(&self, mapping: PropertyMapping) -> Result<(), Error> {
        check(&mapping)?;
        if self.caller().services.snapshot().configuration.property_mappings.contains_key(&mapping.name) {
            return Err(Error::invalid("name", "there is a property mapping of this name already"));
        }
        let (name, event) = (mapping.name.clone(), &mapping);
        let event = self.changed(EventKind::Created, Kind::PropertyMapping, &name, None, Some(event));
        self.write(Write::Put { document: Document::PropertyMapping(mapping), expect: Expect::Absent }, event).await
    }

    /// `version` is the one the change was made from; a newer one in the store is a conflict.
    pub async fn update_property_mapping(
        &self,
        name: &str,
        version: u64,
        mapping: PropertyMapping,
    ) -> Result<(), Error> {
        if mapping.name != name {
            return Err(Error::invalid(
                "name",
                "providers know it by its name, so the name stays; make a copy instead",
            ));
        }
        let before = self.own_mapping(name).await?.mapping;
        check(&mapping)?;
        let event = self.changed(EventKind::Updated, Kind::PropertyMapping, name, Some(&before), Some(&mapping));
        let document = Document::PropertyMapping(mapping);
        self.write(Write::Put { document, expect: Expect::Version(version) }, event).await
    }

    /// Refused while a provider uses it.
    pub async fn delete_property_mapping(&self, name: &str, version: u64) -> Result<(), Error> {
        let MappingDetail { mapping, used_by, .. } = self.own_mapping(name).await?;
        if !used_by.is_empty() {
            let why = format!("these providers use it: {}; take it out there first", used_by.join(", "));
            return Err(Error::Conflict(why));
        }
        let event = self.changed(EventKind::Deleted, Kind::PropertyMapping, name, Some(&mapping), None);
        let expect = Expect::Version(version);
        self.write(Write::Delete { kind: Kind::PropertyMapping, key: name.to_owned(), expect }, event).await
    }

    async fn own_mapping(&self, name: &str) -> Result<MappingDetail, Error> {
        let detail = self.property_mapping(name).await?;
        if detail.mapping.managed {
            return Err(Error::Conflict("this mapping comes with Rolecall; copy it and change the copy".to_owned()));
        }
        Ok(detail)
    }
}

pub(crate) fn check(mapping: &PropertyMapping) -> Result<(), Error> {
    let mut faults: Vec<FieldError> = validate::property_mapping(mapping);
    if mapping.managed {
        faults.push(FieldError::new("managed", "only mappings that come with Rolecall are managed"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}
