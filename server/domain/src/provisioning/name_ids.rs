use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use model::{Application, NameIdDifference, NameIdReport, SamlProvider, ScimProvider};
use saml::aws::USER_NAME;

use super::{
    accounts::Accounts,
    patience::Patience,
    scope::{Covers, Scope},
    user_name::{UserName, behind},
};
use crate::{
    Auditor, Error, Services,
    content::{self, Asked},
    name_identifier::name_id,
    person::Person,
    render::failed,
    snapshot::Snapshot,
};

/// Users read at a time.
const BATCH: u32 = 1_000;
/// So many users are looked at, the first by name: some seconds of a processor. The others are looked at when they sign on,
/// as all are.
const MOST: u64 = 20_000;
/// People who are named.
const SHOWN: usize = 20;

/// What came of looking at everybody last, by application. It is good for as long as nothing changes.
#[derive(Default)]
pub struct NameReports(Mutex<HashMap<String, Kept>>);

struct Kept {
    epoch: u64,
    accounts: u64,
    report: NameIdReport,
}

impl NameReports {
    fn find(&self, slug: &str, epoch: u64, accounts: u64) -> Option<NameIdReport> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(slug).filter(|kept| (kept.epoch, kept.accounts) == (epoch, accounts));
        found.map(|kept| kept.report.clone())
    }

    fn keep(&self, snapshot: &Snapshot, slug: &str, accounts: u64, report: &NameIdReport) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|slug, _| snapshot.configuration.applications.contains_key(slug));
        let new = Kept { epoch: snapshot.configuration.epoch, accounts, report: report.clone() };
        kept.insert(slug.to_owned(), new);
    }
}

/// What everybody is judged by.
struct Judge<'a> {
    snapshot: &'a Snapshot,
    application: &'a Application,
    provider: &'a SamlProvider,
    scope: Scope<'a>,
    accounts: &'a Accounts,
}

impl Judge<'_> {
    /// Looks at one person: counted where in scope, active and let in; None: all is well, or nobody to look at.
    fn look(&self, person: &Person, report: &mut NameIdReport) {
        let open = || self.scope.opens(person).iter().any(|slug| slug == self.application.slug.as_str());
        if !person.user.active || self.scope.covers(person) != Covers::Yes || !open() {
            return;
        }
        report.looked_at += 1;
        let Some(difference) = self.difference(person) else { return };
        report.differ += 1;
        if report.shown.len() < SHOWN {
            report.shown.push(difference);
        }
    }

    fn difference(&self, person: &Person) -> Option<NameIdDifference> {
        let (provider, accounts) = (self.provider, Some(self.accounts));
        let user_name = UserName::of(self.snapshot, self.application, provider, person, accounts)?;
        let context = person.context(self.application, Some(provider), "", true);
        let (how, mut failures) = ((provider.name_id.format, ""), Vec::new());
        let made = name_id(self.snapshot, provider, person, how, &context, Some(&user_name), &mut failures);
        let name_id = made.unwrap_or_default();
        let asked = Asked::at_first(self.snapshot, self.application, provider, "");
        let facts = user_name.facts(&name_id, person, accounts);
        let verdicts = content::lint(provider, &asked, &name_id, Some(facts), &[], &[]);
        let about = [USER_NAME, "NameID", "NameID format"];
        let broken = about.iter().find_map(|rule| verdicts.iter().find(|v| v.rule == *rule && failed(v)));
        let why = match (failures.first(), broken) {
            (Some(failure), _) => format!("the mapping {} fails: {}", failure.mapping, failure.message),
            (None, Some(verdict)) => verdict.found.clone(),
            (None, None) => return None,
        };
        let user_name = user_name.value().to_owned();
        Some(NameIdDifference { username: person.user.username.clone(), name_id, user_name, why })
    }
}

impl Services {
    /// Whether Identity Center would find everybody in scope of an application. Of very many users the first are looked
    /// at, and the report says so. While nothing changes, nobody is looked at twice.
    pub async fn name_ids(&self, slug: &str) -> Result<NameIdReport, Error> {
        let snapshot = self.snapshot();
        let application = snapshot.application(slug)?;
        let provider = snapshot.provider_of(application)?;
        let Some(scim) = behind(&snapshot, application, provider) else { return Ok(NameIdReport::default()) };
        let accounts = self.accounts_behind(slug).await?.unwrap_or_default();
        let (epoch, generation) = (snapshot.configuration.epoch, accounts.generation);
        if let Some(report) = self.name_reports().find(slug, epoch, generation) {
            return Ok(report);
        }
        let mut report = NameIdReport {
            scim_provider: Some(scim.name.clone()),
            follows: provider.name_id.mapping.is_none(),
            ..NameIdReport::default()
        };
        let (patience, mut after, mut read) = (Patience::default(), String::new(), 0);
        loop {
            let batch = self.store().users_after(&after, BATCH).await?;
            let Some(last) = batch.last() else {
                report.all = true;
                break;
            };
            if read >= MOST {
                break;
            }
            read += batch.len() as u64;
            after = last.value.user.username.to_lowercase();
            let (snapshot, accounts, slug) = (Arc::clone(&snapshot), Arc::clone(&accounts), slug.to_owned());
            let patience = patience.clone();
            let work = move || {
                let application = snapshot.application(&slug)?;
                let provider = snapshot.provider_of(application)?;
                let Some(scim) = behind(&snapshot, application, provider) else { return Ok(report) };
                let scope = scope(&snapshot, scim, patience);
                let judge = Judge { snapshot: &snapshot, application, provider, scope, accounts: &accounts };
                for record in batch {
                    judge.look(&Person::new(record.value.user, &snapshot), &mut report);
                }
                Ok::<_, Error>(report)
            };
            report = self.busy(work).await??;
        }
        self.name_reports().keep(&snapshot, slug, generation, &report);
        Ok(report)
    }
}

fn scope<'a>(snapshot: &'a Snapshot, scim: &'a ScimProvider, patience: Patience) -> Scope<'a> {
    Scope::new(snapshot, scim).with(patience)
}

impl Auditor<'_> {
    /// Whether Identity Center would find everybody in scope of an application: [`Services::name_ids`].
    pub async fn name_id_report(&self, slug: &str) -> Result<NameIdReport, Error> {
        self.0.services.name_ids(slug).await
    }
}
