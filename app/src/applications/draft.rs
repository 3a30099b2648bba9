use model::{
    AccessBinding, Application, AwsRole, BindingSubject, FieldError, PolicyEngineMode, RoleArn, SamlProviderArn, Slug,
    name_fault,
};

/// What a binding names, as the form's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SubjectKind {
    #[default]
    Group,
    User,
    Policy,
}

impl SubjectKind {
    pub const ALL: [Self; 3] = [Self::Group, Self::User, Self::Policy];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Group => "group",
            Self::User => "user",
            Self::Policy => "policy",
        }
    }

    pub fn of(code: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.code() == code).unwrap_or_default()
    }
}

/// A row of the bindings as it is typed. `key` tells rows apart while they are edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BindingDraft {
    pub key: u32,
    pub kind: SubjectKind,
    pub name: String,
    pub negate: bool,
    pub order: String,
    pub enabled: bool,
    pub failure_result: bool,
}

/// A row of the role table as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoleDraft {
    pub key: u32,
    pub role: String,
    pub provider: String,
    pub groups: Vec<String>,
    /// A group that is picked and not among them yet. Who saves then means it too.
    pub picked: String,
}

/// An application as it is typed: everything is text that may not be right yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApplicationDraft {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub icon: String,
    pub saml_provider: String,
    /// Names of SCIM providers.
    pub backchannel_providers: Vec<String>,
    pub launch_url: String,
    /// Every binding must pass, not just one.
    pub all: bool,
    pub bindings: Vec<BindingDraft>,
    pub aws_roles: Vec<RoleDraft>,
    next_key: u32,
}

impl ApplicationDraft {
    fn key(&mut self) -> u32 {
        self.next_key += 1;
        self.next_key
    }

    pub fn add_binding(&mut self) {
        let key = self.key();
        let order = (self.bindings.len() * 10).to_string();
        let (kind, name) = (SubjectKind::Group, String::new());
        self.bindings.push(BindingDraft {
            key,
            kind,
            name,
            negate: false,
            order,
            enabled: true,
            failure_result: false,
        });
    }

    pub fn add_role(&mut self) {
        let key = self.key();
        let provider = self.aws_roles.last().map(|row| row.provider.clone()).unwrap_or_default();
        self.aws_roles.push(RoleDraft { key, provider, ..RoleDraft::default() });
    }

    /// The application, or all that is wrong with the texts. Paths are those that the server uses.
    pub fn application(&self) -> Result<Application, Vec<FieldError>> {
        let mut faults = Vec::new();
        let slug = parsed(&mut faults, "slug".into(), self.slug.trim().parse::<Slug>());
        let name = self.name.trim().to_owned();
        if let Some(fault) = name_fault(&name) {
            faults.push(FieldError::new("name", fault));
        }
        let bindings: Vec<_> =
            self.bindings.iter().enumerate().filter_map(|(i, row)| row.binding(i, &mut faults)).collect();
        let aws_roles: Vec<_> =
            self.aws_roles.iter().enumerate().filter_map(|(i, row)| row.role(i, &mut faults)).collect();
        match slug {
            Some(slug) if faults.is_empty() => Ok(Application {
                slug,
                name,
                description: self.description.trim().to_owned(),
                icon: optional(&self.icon),
                saml_provider: optional(&self.saml_provider),
                backchannel_providers: self.backchannel_providers.clone(),
                launch_url: optional(&self.launch_url),
                policy_engine_mode: if self.all { PolicyEngineMode::All } else { PolicyEngineMode::Any },
                bindings,
                aws_roles,
            }),
            _ => Err(faults),
        }
    }
}

fn optional(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn parsed<T, E: std::fmt::Display>(faults: &mut Vec<FieldError>, field: String, result: Result<T, E>) -> Option<T> {
    result.map_err(|why| faults.push(FieldError::new(field, why.to_string()))).ok()
}

impl BindingDraft {
    fn binding(&self, index: usize, faults: &mut Vec<FieldError>) -> Option<AccessBinding> {
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            faults.push(FieldError::new(format!("bindings.{index}"), format!("name a {}", self.kind.code())));
        }
        let order = self.order.trim().parse::<i32>().map_err(|_| "an order is a whole number, such as 10");
        let order = parsed(faults, format!("bindings.{index}.order"), order)?;
        let subject = match self.kind {
            SubjectKind::Group => BindingSubject::Group(name),
            SubjectKind::User => BindingSubject::User(name),
            SubjectKind::Policy => BindingSubject::Policy(name),
        };
        Some(AccessBinding {
            subject,
            negate: self.negate,
            order,
            enabled: self.enabled,
            failure_result: self.failure_result,
        })
    }
}

impl RoleDraft {
    /// The picked group becomes one of the groups.
    pub fn add_picked(&mut self) {
        let picked = std::mem::take(&mut self.picked);
        if !picked.is_empty() && !self.groups.contains(&picked) {
            self.groups.push(picked);
        }
    }

    fn role(&self, index: usize, faults: &mut Vec<FieldError>) -> Option<AwsRole> {
        let role = parsed(faults, format!("aws_roles.{index}.role"), self.role.trim().parse::<RoleArn>());
        let provider = self.provider.trim().parse::<SamlProviderArn>();
        let provider = parsed(faults, format!("aws_roles.{index}.provider"), provider);
        let (role, provider) = (role?, provider?);
        if role.account() != provider.account() || role.partition() != provider.partition() {
            let why = "the role and the SAML provider are of different accounts or partitions; AWS takes both of one";
            faults.push(FieldError::new(format!("aws_roles.{index}.provider"), why));
        }
        let mut all = self.clone();
        all.add_picked();
        Some(AwsRole { role, provider, groups: all.groups })
    }
}

impl From<&Application> for ApplicationDraft {
    fn from(a: &Application) -> Self {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let mut draft = Self {
            slug: a.slug.to_string(),
            name: a.name.clone(),
            description: a.description.clone(),
            icon: text(&a.icon),
            saml_provider: text(&a.saml_provider),
            backchannel_providers: a.backchannel_providers.clone(),
            launch_url: text(&a.launch_url),
            all: a.policy_engine_mode == PolicyEngineMode::All,
            ..Self::default()
        };
        for b in &a.bindings {
            let (kind, name) = match &b.subject {
                BindingSubject::Group(name) => (SubjectKind::Group, name),
                BindingSubject::User(name) => (SubjectKind::User, name),
                BindingSubject::Policy(name) => (SubjectKind::Policy, name),
            };
            let (key, name, order) = (draft.key(), name.clone(), b.order.to_string());
            let row = BindingDraft {
                key,
                kind,
                name,
                order,
                negate: b.negate,
                enabled: b.enabled,
                failure_result: b.failure_result,
            };
            draft.bindings.push(row);
        }
        for r in &a.aws_roles {
            let (key, role, provider) = (draft.key(), r.role.to_string(), r.provider.to_string());
            draft.aws_roles.push(RoleDraft { key, role, provider, groups: r.groups.clone(), ..RoleDraft::default() });
        }
        draft
    }
}

#[cfg(test)]
mod tests;
