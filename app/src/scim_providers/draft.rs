use model::{
    Adoption, Deprovision, DriftPolicy, FieldError, GroupDeprovision, RemovalThreshold, ScimDialect, ScimProvider, Span,
};

/// A SCIM provider as it is typed: what may not be right yet is text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScimDraft {
    pub name: String,
    pub url: String,
    pub dialect: ScimDialect,
    pub user_mappings: Vec<String>,
    pub group_mappings: Vec<String>,
    pub groups: Vec<String>,
    pub exclude_service_accounts: bool,
    pub deprovision: Deprovision,
    pub grace: String,
    pub group_deprovision: GroupDeprovision,
    pub adopt: Adoption,
    /// A pattern in each line.
    pub protected: String,
    pub count: String,
    pub percent: String,
    pub floor: String,
    pub rate: String,
    /// How often it is compared; empty: only on demand.
    pub verify_every: String,
    pub drift: DriftPolicy,
    pub enabled: bool,
    /// What has no field of its own.
    rest: ScimProvider,
}

impl Default for ScimDraft {
    fn default() -> Self {
        Self::from(&ScimProvider::new("", ""))
    }
}

impl From<&ScimProvider> for ScimDraft {
    fn from(p: &ScimProvider) -> Self {
        let threshold = p.removal_threshold;
        Self {
            name: p.name.clone(),
            url: p.url.clone(),
            dialect: p.dialect,
            user_mappings: p.user_mappings.clone(),
            group_mappings: p.group_mappings.clone(),
            groups: p.groups.clone(),
            exclude_service_accounts: p.exclude_service_accounts,
            deprovision: p.deprovision,
            grace: p.deprovision_grace.map(|grace| grace.to_string()).unwrap_or_default(),
            group_deprovision: p.group_deprovision,
            adopt: p.adopt,
            protected: p.protected.join("\n"),
            count: threshold.count.to_string(),
            percent: threshold.percent.to_string(),
            floor: threshold.floor.to_string(),
            verify_every: p.verify_every.map(|every| every.to_string()).unwrap_or_default(),
            drift: p.drift,
            rate: p.writes_per_second.map(|rate| rate.to_string()).unwrap_or_default(),
            enabled: p.enabled,
            rest: p.clone(),
        }
    }
}

/// A whole number, or the fault that says so at the field.
fn number<T: std::str::FromStr>(faults: &mut Vec<FieldError>, field: &str, text: &str) -> Option<T> {
    let parsed = text.trim().parse();
    parsed
        .map_err(|_| faults.push(FieldError::new(field, "this is a whole number, zero or more, and not too large")))
        .ok()
}

/// A length of time, or none where nothing is written; or the fault that says so at the field.
#[expect(clippy::option_option, reason = "nothing is a span too, and a fault is neither")]
fn span(faults: &mut Vec<FieldError>, field: &str, text: &str) -> Option<Option<Span>> {
    match text.trim() {
        "" => Some(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|e: model::SpanError| faults.push(FieldError::new(field, e.to_string())))
            .ok(),
    }
}

impl ScimDraft {
    /// Name, address and dialect as they are typed: what a test of the connection needs, whatever else is wrong.
    pub fn reach(&self) -> ScimProvider {
        let url = self.url.trim().trim_end_matches('/').to_owned();
        ScimProvider { name: self.name.trim().to_owned(), url, dialect: self.dialect, ..self.rest.clone() }
    }

    /// The provider, or what does not parse. Whether names exist is for the server to say.
    pub fn provider(&self) -> Result<ScimProvider, Vec<FieldError>> {
        let mut faults = Vec::new();
        let grace = span(&mut faults, "deprovision_grace", &self.grace);
        let every = span(&mut faults, "verify_every", &self.verify_every);
        let count = number(&mut faults, "removal_threshold.count", &self.count);
        let percent = number(&mut faults, "removal_threshold.percent", &self.percent);
        let floor = number(&mut faults, "removal_threshold.floor", &self.floor);
        let rate = match self.rate.trim() {
            "" => Some(None),
            text => number(&mut faults, "writes_per_second", text).map(Some),
        };
        let numbers = (count, percent, floor, rate);
        let (
            Some(deprovision_grace),
            Some(verify_every),
            (Some(count), Some(percent), Some(floor), Some(writes_per_second)),
        ) = (grace, every, numbers)
        else {
            return Err(faults);
        };
        let patterns = self.protected.lines().map(str::trim).filter(|line| !line.is_empty());
        let provider = ScimProvider {
            user_mappings: self.user_mappings.clone(),
            group_mappings: self.group_mappings.clone(),
            groups: self.groups.clone(),
            exclude_service_accounts: self.exclude_service_accounts,
            deprovision: self.deprovision,
            deprovision_grace,
            group_deprovision: self.group_deprovision,
            adopt: self.adopt,
            protected: patterns.map(str::to_owned).collect(),
            removal_threshold: RemovalThreshold { count, percent, floor },
            writes_per_second,
            verify_every,
            drift: self.drift,
            enabled: self.enabled,
            ..self.reach()
        };
        let faults = provider.faults();
        if faults.is_empty() { Ok(provider) } else { Err(faults) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> ScimProvider {
        ScimProvider {
            dialect: ScimDialect::Rfc7644,
            user_mappings: vec!["a".into(), "b".into()],
            group_mappings: vec!["c".into()],
            groups: vec!["engineers".into()],
            exclude_service_accounts: false,
            deprovision: Deprovision::Delete,
            deprovision_grace: Some(model::Span::seconds(86_400)),
            group_deprovision: GroupDeprovision::Keep,
            adopt: Adoption::Ask,
            protected: vec!["aws-*".into(), "break glass".into()],
            removal_threshold: RemovalThreshold { count: 7, percent: 3, floor: 0 },
            writes_per_second: Some(5),
            verify_every: None,
            drift: DriftPolicy::Repair,
            enabled: false,
            ..ScimProvider::new("p", "https://scim.example/v2")
        }
    }

    #[test]
    fn what_is_not_touched_comes_back_as_it_was() {
        assert_eq!(ScimDraft::from(&full()).provider(), Ok(full()));
        let plain = ScimProvider::new("p", "https://scim.example/v2");
        assert_eq!(ScimDraft::from(&plain).provider(), Ok(plain));
    }

    #[test]
    fn every_text_that_says_nothing_is_named_at_its_field() {
        let draft = ScimDraft {
            grace: "soon".into(),
            verify_every: "daily".into(),
            count: "-1".into(),
            percent: "300".into(),
            floor: String::new(),
            rate: "fast".into(),
            ..ScimDraft::default()
        };
        let fields: Vec<String> = draft.provider().unwrap_err().into_iter().map(|f| f.field).collect();
        let expected = [
            "deprovision_grace",
            "verify_every",
            "removal_threshold.count",
            "removal_threshold.percent",
            "removal_threshold.floor",
            "writes_per_second",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn what_the_server_would_refuse_of_numbers_and_times_is_refused_while_typing() {
        let draft = ScimDraft {
            grace: "-1d".into(),
            verify_every: "299s".into(),
            percent: "101".into(),
            rate: "0".into(),
            ..ScimDraft::default()
        };
        let fields: Vec<String> = draft.provider().unwrap_err().into_iter().map(|f| f.field).collect();
        assert_eq!(fields, ["deprovision_grace", "removal_threshold.percent", "writes_per_second", "verify_every"]);
        let least = ScimDraft { verify_every: " 5m ".into(), rate: "1".into(), ..ScimDraft::default() };
        assert_eq!(least.provider().unwrap().verify_every, Some(Span::seconds(300)));
        let never = ScimDraft { verify_every: String::new(), ..ScimDraft::default() };
        assert_eq!(never.provider().unwrap().verify_every, None, "nothing written means only on demand");
    }

    #[test]
    fn an_address_is_taken_without_the_slash_at_its_end() {
        let draft = ScimDraft { url: " https://scim.example/v2/ ".into(), ..ScimDraft::default() };
        assert_eq!(draft.reach().url, "https://scim.example/v2");
    }
}
