use std::collections::BTreeMap;

use model::{Event, EventKind, NameIdReport, VerdictStatus};
use serde_json::json;

use super::user_name::behind;
use crate::{
    Error, Finding, Services,
    events::Entry,
    identifiers,
    port::{ChangeSet, Kind},
    snapshot::Snapshot,
};

/// The setting that holds which differences have been told.
const TOLD: &str = "told name ids";

/// The applications for Identity Center that we push users for, and whether a mapping of their own makes the NameID.
pub(super) fn watched(snapshot: &Snapshot) -> Vec<(String, bool)> {
    let applications = snapshot.configuration.applications.values().map(|application| &application.value);
    let watched = applications.filter_map(|application| {
        let provider = snapshot.provider_of(application).ok()?;
        behind(snapshot, application, provider)?;
        Some((application.slug.to_string(), provider.name_id.mapping.is_some()))
    });
    watched.collect()
}

/// The first who differ, in words.
pub(super) fn words(report: &NameIdReport) -> String {
    let first = report.shown.first().map(|one| format!(", such as {}: {}", one.username, one.why));
    format!("{} of {} in scope would not be found{}", report.differ, report.looked_at, first.unwrap_or_default())
}

impl Services {
    /// Tells of people whom Identity Center would not find since something has changed: once for each set of them. Where
    /// the NameID is the userName that is pushed, no change can part the two, and nobody is looked at. Returns how many
    /// events that were. Of several servers one tells.
    pub async fn warn_of_name_ids(&self) -> Result<usize, Error> {
        let snapshot = self.snapshot();
        let told: BTreeMap<String, String> = snapshot.setting(TOLD).unwrap_or_default();
        let (mut now_told, mut events) = (BTreeMap::new(), Vec::new());
        for (slug, _) in watched(&snapshot).into_iter().filter(|(_, own)| *own) {
            let report = self.name_ids(&slug).await?;
            if report.differ == 0 {
                // What was told of those who are looked at anew just now stays told.
                let former = told.get(&slug).filter(|_| !report.all).cloned();
                now_told.extend(former.map(|digest| (slug, digest)));
                continue;
            }
            let who = json!([report.differ, report.shown]).to_string();
            let digest = identifiers::sha256(who.as_bytes());
            if told.get(&slug) != Some(&digest) {
                events.push(self.name_event(&slug, &report));
            }
            now_told.insert(slug, digest);
        }
        if now_told == told {
            return Ok(0);
        }
        let count = events.len();
        let writes = vec![snapshot.put_setting(TOLD.to_owned(), &now_told)?];
        let first = self.commit_if_first(ChangeSet { writes, events, ..ChangeSet::default() }).await?;
        Ok(if first { count } else { 0 })
    }

    fn name_event(&self, slug: &str, report: &NameIdReport) -> Event {
        let scim = report.scim_provider.as_deref().unwrap_or_default();
        self.event(Entry {
            kind: EventKind::NamesDiffer,
            actor: "",
            target: format!("{} {slug}", Kind::Application.word()),
            address: "",
            message: format!(
                "{}; let the NameID be the userName that {scim} pushes, by leaving its mapping out",
                words(report)
            ),
            detail: json!({ "differ": report.differ, "looked_at": report.looked_at, "people": report.shown }),
        })
    }

    /// The same for the operator of the machine.
    pub(crate) async fn examine_name_ids(&self) -> Result<Vec<Finding>, Error> {
        let mut findings = Vec::new();
        for (slug, _) in watched(&self.snapshot()) {
            let report = self.name_ids(&slug).await?;
            let place = format!("NameIDs of the application {slug}");
            findings.push(if report.differ == 0 {
                let rest = if report.all { "" } else { "; the others are looked at when they sign on" };
                Finding::good(place, format!("{} in scope would be found{rest}", report.looked_at))
            } else {
                let fix = "see the NameID check of the application's connection in the console";
                Finding { status: VerdictStatus::Failed, ..Finding::warning(place, words(&report), fix) }
            });
        }
        Ok(findings)
    }
}
