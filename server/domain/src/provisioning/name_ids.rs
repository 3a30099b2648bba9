use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use model::{Application, NameIdDifference, NameIdReport, SamlProvider, User};
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

/// How many users are looked at: the first so many while somebody waits, and so many at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameLook {
    pub most: u64,
    pub page: u32,
}

impl Default for NameLook {
    fn default() -> Self {
        Self { most: NameIdReport::MOST, page: 1_000 }
    }
}

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
    /// Looks at one person: counted where in scope, active and let in.
    fn look(&self, person: &Person, report: &mut NameIdReport) {
        if !person.user.active || self.scope.covers_by(person, self.application) != Covers::Yes {
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

/// An application whose NameIDs are compared, as of one moment.
#[derive(Clone)]
pub(super) struct Comparison {
    pub snapshot: Arc<Snapshot>,
    pub accounts: Arc<Accounts>,
    pub slug: String,
    pub scim: String,
    follows: bool,
}

impl Comparison {
    /// Nobody was looked at yet.
    pub fn begun(&self) -> NameIdReport {
        let scim_provider = Some(self.scim.clone());
        NameIdReport { scim_provider, follows: self.follows, ..NameIdReport::default() }
    }

    fn look(&self, users: Vec<User>, mut report: NameIdReport, patience: Patience) -> Result<NameIdReport, Error> {
        let application = self.snapshot.application(&self.slug)?;
        let provider = self.snapshot.provider_of(application)?;
        let Some(scim) = behind(&self.snapshot, application, provider) else { return Ok(report) };
        let scope = Scope::new(&self.snapshot, scim).with(patience);
        let (snapshot, accounts) = (&*self.snapshot, &*self.accounts);
        let judge = Judge { snapshot, application, provider, scope, accounts };
        for user in users {
            judge.look(&Person::new(user, snapshot), &mut report);
        }
        Ok(report)
    }
}

impl Services {
    /// Whether Identity Center would find everybody in scope of an application. Of very many users the first are looked
    /// at now, and the report says so, until all of them were in time ([`Services::pass_over_names`]). While nothing
    /// changes, nobody is looked at twice.
    pub async fn name_ids(&self, slug: &str) -> Result<NameIdReport, Error> {
        self.name_ids_within(slug, NameLook::default()).await
    }

    /// The same with another number of those who are looked at now.
    pub async fn name_ids_within(&self, slug: &str, look: NameLook) -> Result<NameIdReport, Error> {
        let Some(comparison) = self.comparison(slug).await? else { return Ok(NameIdReport::default()) };
        let (epoch, generation) = (comparison.snapshot.configuration.epoch, comparison.accounts.generation);
        let report = match self.name_reports().find(slug, epoch, generation) {
            Some(report) => report,
            None => {
                let report = self.compare_first(&comparison, look).await?;
                self.name_reports().keep(&comparison.snapshot, slug, generation, &report);
                report
            }
        };
        // Who of the first differs is known as of now, the others as of when they were looked at.
        if report.all || report.differ > 0 {
            return Ok(report);
        }
        Ok(self.whole_pass(&comparison).await?.unwrap_or(report))
    }

    /// None: nobody is pushed to where the application signs on to.
    pub(super) async fn comparison(&self, slug: &str) -> Result<Option<Comparison>, Error> {
        let snapshot = self.snapshot();
        let application = snapshot.application(slug)?;
        let provider = snapshot.provider_of(application)?;
        let Some(scim) = behind(&snapshot, application, provider) else { return Ok(None) };
        let (scim, follows) = (scim.name.clone(), provider.name_id.mapping.is_none());
        let accounts = self.accounts_behind(slug).await?.unwrap_or_default();
        Ok(Some(Comparison { snapshot, accounts, slug: slug.to_owned(), scim, follows }))
    }

    async fn compare_first(&self, comparison: &Comparison, look: NameLook) -> Result<NameIdReport, Error> {
        let (mut report, patience) = (comparison.begun(), Patience::default());
        let (mut after, mut left) = (String::new(), look.most);
        while !report.all && left > 0 {
            let page = look.page.min(u32::try_from(left).unwrap_or(u32::MAX));
            let (looked, last) = self.compare_page(comparison, &after, page, report, &patience).await?;
            (report, after) = (looked, last.unwrap_or_default());
            left -= u64::from(page);
        }
        report.all = report.all || self.store().users_after(&after, 1).await?.is_empty();
        Ok(report)
    }

    /// Looks at those who come after a username, so many of them; returns the last of them, or none where nobody is left.
    pub(super) async fn compare_page(
        &self,
        comparison: &Comparison,
        after: &str,
        page: u32,
        report: NameIdReport,
        patience: &Patience,
    ) -> Result<(NameIdReport, Option<String>), Error> {
        let batch = self.store().users_after(after, page).await?;
        let Some(last) = batch.last() else { return Ok((NameIdReport { all: true, ..report }, None)) };
        let last = last.value.user.username.to_lowercase();
        let users: Vec<User> = batch.into_iter().map(|record| record.value.user).collect();
        let (comparison, patience) = (comparison.clone(), patience.clone());
        let report = self.busy(move || comparison.look(users, report, patience)).await??;
        Ok((report, Some(last)))
    }
}

impl Auditor<'_> {
    /// Whether Identity Center would find everybody in scope of an application: [`Services::name_ids`].
    pub async fn name_id_report(&self, slug: &str) -> Result<NameIdReport, Error> {
        self.0.services.name_ids(slug).await
    }
}
