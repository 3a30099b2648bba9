use std::fmt::Write;

use domain::{Metrics, ScimMetrics};
use model::{EventKind, ScimStatus};

/// A family: its name, its type and what it is.
type Family = (&'static str, &'static str, &'static str);

const BUILD: Family = ("rolecall_build_info", "gauge", "The version that runs; always 1");
const SIGN_ONS: Family = ("rolecall_sign_ons_total", "counter", "Sign-ons to applications, by outcome");
const SIGN_INS: Family = ("rolecall_sign_ins_total", "counter", "Sign-ins with a password, by outcome");
const EVENTS: Family =
    ("rolecall_events_total", "counter", "Events of the audit trail that this process wrote, by kind");
const SESSIONS: Family = ("rolecall_sessions", "gauge", "Sessions that are live");
const WAITING: Family = ("rolecall_events_waiting", "gauge", "Events that wait to be written to the store");
const KEYS: Family =
    ("rolecall_key_not_after_timestamp_seconds", "gauge", "When the certificate of a key ends, in unix time");
const KEY_ROLES: Family = (
    "rolecall_saml_key_not_after_timestamp_seconds",
    "gauge",
    "When the certificate of a key ends, in unix time, by what it does for a SAML provider",
);
const SERVICE_ENDS: Family = (
    "rolecall_saml_service_not_after_timestamp_seconds",
    "gauge",
    "When what the service of a SAML provider gave ends, in unix time: the certificate that lasts longest, the metadata",
);
const QUEUE: Family = ("rolecall_scim_queue_steps", "gauge", "Steps that are not done yet at a SCIM service");
const UNSYNCED: Family =
    ("rolecall_scim_unsynced_seconds", "gauge", "Age of the oldest change that is not at a SCIM service; 0: all are");
const PARKED: Family = (
    "rolecall_scim_parked_objects",
    "gauge",
    "Objects that a SCIM service refused or cannot take, or for which a mapping or a policy fails",
);
const SUCCESS: Family =
    ("rolecall_scim_last_success_timestamp_seconds", "gauge", "When both sides were last the same, in unix time");
const REQUESTS: Family =
    ("rolecall_scim_requests_total", "counter", "Requests of this process to a SCIM service, by class of the answer");
const DRIFT: Family = (
    "rolecall_scim_drift_differences",
    "gauge",
    "Differences that others made at a SCIM service and that wait for an administrator",
);
const UNDECIDED: Family = (
    "rolecall_scim_undecided_objects",
    "gauge",
    "Objects at a SCIM service with the names of ours about which nobody has decided",
);
const RUNS: Family = ("rolecall_scim_runs_total", "counter", "Runs over plans for a SCIM service, by how they ended");
const ALARMS: Family = ("rolecall_scim_alarm", "gauge", "1 while a SCIM provider needs somebody, by reason");
const TOKENS: Family =
    ("rolecall_scim_token_not_after_timestamp_seconds", "gauge", "When a SCIM token ends, in unix time, by slot");
const OBJECTS: Family = ("rolecall_scim_objects", "gauge", "Objects at a SCIM service that are ours, by kind");

/// The text format of Prometheus, version 0.0.4.
pub fn exposition(metrics: &Metrics) -> String {
    let mut text = Text(String::new());
    text.family(BUILD, [(vec![("version", env!("CARGO_PKG_VERSION"))], 1)]);
    let count = |kind| metrics.events.iter().find(|(known, _)| *known == kind).map_or(0, |(_, count)| *count);
    let outcomes = [
        ("issued", EventKind::ResponseIssued),
        ("denied", EventKind::AccessDenied),
        ("withheld", EventKind::SignOnRefused),
        ("refused", EventKind::RequestRefused),
    ];
    text.family(SIGN_ONS, outcomes.map(|(outcome, kind)| (vec![("outcome", outcome)], count(kind))));
    let outcomes = [("succeeded", EventKind::SignIn), ("failed", EventKind::SignInFailed)];
    text.family(SIGN_INS, outcomes.map(|(outcome, kind)| (vec![("outcome", outcome)], count(kind))));
    text.family(EVENTS, metrics.events.iter().map(|(kind, count)| (vec![("kind", kind.code())], *count)));
    text.family(SESSIONS, [(Vec::new(), metrics.sessions)]);
    text.family(WAITING, [(Vec::new(), metrics.waiting_events)]);
    text.family(KEYS, metrics.keys.iter().map(|key| (vec![("key", key.name.as_str())], key.not_after)));
    text.family(
        KEY_ROLES,
        metrics.key_roles.iter().map(|key| {
            let labels = [("provider", key.provider.as_str()), ("key", key.key.as_str()), ("role", key.role)];
            (labels.to_vec(), key.not_after)
        }),
    );
    text.family(
        SERVICE_ENDS,
        metrics
            .service_ends
            .iter()
            .map(|end| (vec![("provider", end.provider.as_str()), ("what", end.what.code())], end.not_after)),
    );
    scim(&mut text, &metrics.scim);
    text.0
}

fn scim(text: &mut Text, providers: &[ScimMetrics]) {
    fn of(provider: &ScimMetrics) -> (&'static str, &str) {
        ("provider", &provider.provider)
    }
    text.family(QUEUE, providers.iter().map(|p| (vec![of(p)], p.health.queue)));
    text.family(UNSYNCED, providers.iter().map(|p| (vec![of(p)], p.unsynced_seconds)));
    text.family(PARKED, providers.iter().map(|p| (vec![of(p)], p.health.parked)));
    text.family(DRIFT, providers.iter().map(|p| (vec![of(p)], p.health.drift)));
    text.family(UNDECIDED, providers.iter().map(|p| (vec![of(p)], p.health.undecided)));
    text.family(
        RUNS,
        providers
            .iter()
            .flat_map(|p| p.runs.iter().map(|(outcome, count)| (vec![of(p), ("outcome", outcome.as_str())], *count))),
    );
    text.family(SUCCESS, providers.iter().filter_map(|p| Some((vec![of(p)], p.last_success?))));
    text.family(
        REQUESTS,
        providers
            .iter()
            .flat_map(|p| p.requests.iter().map(|(class, count)| (vec![of(p), ("status", *class)], *count))),
    );
    text.family(
        ALARMS,
        providers.iter().flat_map(|p| alarms(p).map(|(reason, on)| (vec![of(p), ("reason", reason)], u8::from(on)))),
    );
    text.family(
        TOKENS,
        providers.iter().flat_map(|p| p.token_ends.iter().map(|(slot, end)| (vec![of(p), ("slot", *slot)], *end))),
    );
    text.family(
        OBJECTS,
        providers.iter().flat_map(|p| {
            let health = &p.health;
            [("user", health.users), ("group", health.groups), ("membership", health.memberships)]
                .map(|(kind, count)| (vec![of(p), ("kind", kind)], count))
        }),
    );
}

/// What needs somebody.
fn alarms(provider: &ScimMetrics) -> [(&'static str, bool); 8] {
    let is = |status| provider.health.status == status;
    [
        ("token_refused", is(ScimStatus::Stopped)),
        ("waits_for_approval", is(ScimStatus::WaitsForApproval)),
        ("waits_for_adoption", is(ScimStatus::WaitsForAdoption)),
        ("cancelled", is(ScimStatus::Cancelled)),
        ("outage", is(ScimStatus::Failing)),
        ("parked", provider.health.parked > 0),
        ("drift", provider.health.drift > 0),
        ("token_expires", !provider.health.warnings.is_empty()),
    ]
}

struct Text(String);

impl Text {
    /// A family without a sample is left out.
    fn family<'a, N: std::fmt::Display>(
        &mut self,
        (name, kind, help): Family,
        samples: impl IntoIterator<Item = (Vec<(&'static str, &'a str)>, N)>,
    ) {
        let mut head = Some(format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
        for (labels, value) in samples {
            self.0.extend(head.take());
            let labels: Vec<String> =
                labels.into_iter().map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            // Writing to a String does not fail.
            let _ = writeln!(self.0, "{name}{labels} {value}");
        }
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::{Text, escaped};

    #[test]
    fn a_label_cannot_end_its_line_or_its_quotes() {
        assert_eq!(escaped("a\"b\\c\nd"), "a\\\"b\\\\c\\nd");
        let mut text = Text(String::new());
        text.family(("a", "gauge", "b"), [(vec![("l", "x\n\"")], 1)]);
        assert_eq!(text.0, "# HELP a b\n# TYPE a gauge\na{l=\"x\\n\\\"\"} 1\n");
        text.family(("none", "gauge", "b"), std::iter::empty::<(Vec<_>, u8)>());
        assert!(!text.0.contains("none"));
    }
}
