//! An expression that is tried before it is saved: run as where a mapping of its kind is used, and nothing is kept.

use std::sync::Arc;

use expression::{Context, Expression, ExpressionError, ExpressionErrorKind, Limits};
use model::{ExpressionTrial, MappingKind, ScimProvider, Trial};
use serde_json::Value;

use crate::{
    Admin, Error, mapped,
    person::Person,
    provisioning::{context, context_of_group, part, strip, unhurried},
    snapshot::Snapshot,
};

impl Admin<'_> {
    /// What an expression gives for somebody, or for a group. Where no place is named, what it asks of one is empty.
    pub async fn try_expression(&self, trial: ExpressionTrial) -> Result<Trial, Error> {
        let caller = self.caller();
        let services = &caller.services;
        let snapshot = services.snapshot();
        let ExpressionTrial { subject, place, .. } = &trial;
        let nobody = || Error::invalid("user", format!("there is no user `{subject}`"));
        let nothing = || Error::invalid("group", format!("there is no group `{subject}`"));
        let context = match trial.kind {
            MappingKind::Saml => {
                let person = services.person(subject).await?.ok_or_else(nobody)?;
                signing_on(&snapshot, place, &person, &caller.origin.address)
            }
            MappingKind::ScimUser => {
                let person = services.person(subject).await?.ok_or_else(nobody)?;
                context(provider(&snapshot, place)?, &person)
            }
            MappingKind::ScimGroup => {
                let group = snapshot.configuration.groups.get(subject).ok_or_else(nothing)?;
                context_of_group(provider(&snapshot, place)?, &group.value)
            }
        };
        services.busy(move || run(&trial, &context)).await
    }
}

fn signing_on(snapshot: &Arc<Snapshot>, slug: &str, person: &Arc<Person>, address: &str) -> Context {
    match snapshot.configuration.applications.get(slug).map(|a| &a.value) {
        Some(application) => person.context(application, snapshot.provider_of(application).ok(), address, true),
        None => person.context_alone(address, true),
    }
}

/// The SCIM provider that is named.
fn provider<'a>(snapshot: &'a Snapshot, name: &str) -> Result<Option<&'a ScimProvider>, Error> {
    if name.is_empty() {
        return Ok(None);
    }
    let found = snapshot.configuration.scim_providers.get(name).map(|record| &record.value.provider);
    found.map(Some).ok_or_else(|| Error::invalid("place", format!("there is no SCIM provider `{name}`")))
}

fn run(trial: &ExpressionTrial, context: &Context) -> Trial {
    let limits = if trial.kind == MappingKind::Saml { Limits::default() } else { unhurried() };
    let given = Expression::compile("trial", &trial.source).and_then(|made| made.evaluate(context, &limits));
    let value = match given {
        Ok(value) => value,
        Err(error) if error.kind == ExpressionErrorKind::Skip => return Trial::Skipped,
        Err(ExpressionError { message, line, column, .. }) => return Trial::Failed { message, line, column },
    };
    let json = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default();
    let made = match trial.kind {
        MappingKind::Saml => mapped::attribute_values(&value).map(|values| Trial::Value { json: json(&value), values }),
        MappingKind::ScimUser | MappingKind::ScimGroup => part(value).map(|mut part| {
            strip(&mut part);
            Trial::Part { json: json(&Value::Object(part)) }
        }),
    };
    made.unwrap_or_else(|message| Trial::Failed { message, line: None, column: None })
}
