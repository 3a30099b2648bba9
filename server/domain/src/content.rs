use std::sync::Arc;

use model::{AccessTrace, Application, NameIdFormat, SamlProvider};
use saml::{Attribute, AwsFacts, AwsVerdict, PushedName, Sign};

use crate::{
    Error, access, aws_attributes,
    mapped::{add, evaluate, role_table},
    name_identifier::name_id,
    offered,
    person::Person,
    provisioning::{Accounts, UserName},
    render::{failed, sign, speaks_to_aws},
    snapshot::Snapshot,
};

/// A mapping that failed, and whether the provider can do without it.
#[derive(Debug, Clone, PartialEq)]
pub struct MappingFailure {
    pub mapping: String,
    pub message: String,
    pub needed: bool,
}

/// What a response says of a person: all of it but times and ids, and AWS's rules about it.
///
/// It follows from the configuration, the person and what stands in [`Asked`], for expressions know neither a clock nor
/// chance. So it is worked out once and remembered with the person, as long as neither changes.
#[derive(Debug, Clone)]
pub struct Content {
    pub access: AccessTrace,
    pub attributes: Vec<Attribute>,
    /// Beside `attributes`: which mapping gave each.
    pub sources: Vec<String>,
    pub name_id: String,
    pub failures: Vec<MappingFailure>,
    /// AWS's rules, but for the size of what is sent; empty where the provider is not AWS.
    pub verdicts: Vec<AwsVerdict>,
    /// The service does not have the person under the name that is pushed, as far as is known
    /// ([`UserName::is_changing`]): what is known has to be of this moment.
    pub renamed: bool,
}

/// What else a response's content depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Of the configuration.
    pub epoch: u64,
    /// Slug of the application.
    pub application: String,
    pub address: String,
    pub idp_initiated: bool,
    pub name_id_format: NameIdFormat,
    /// Where the response goes.
    pub acs_url: String,
    /// Of what is known of the accounts at the service ([`Accounts::generation`]).
    pub accounts: u64,
}

impl Asked {
    /// By a sign-on that begins here.
    pub fn at_first(snapshot: &Snapshot, application: &Application, provider: &SamlProvider, address: &str) -> Self {
        Self {
            epoch: snapshot.configuration.epoch,
            application: application.slug.to_string(),
            address: address.to_owned(),
            idp_initiated: true,
            name_id_format: provider.name_id.format,
            acs_url: provider.acs_url.clone(),
            accounts: 0,
        }
    }
}

/// More than this of one content is not remembered, in bytes.
const LONGEST_REMEMBERED: usize = 16 << 10;

impl Content {
    /// As it is remembered, or worked out now. `accounts` is what is known of the accounts at the service.
    pub fn of(
        snapshot: &Snapshot,
        (application, provider): (&Application, &SamlProvider),
        person: &Person,
        accounts: Option<&Accounts>,
        asked: Asked,
        nonce: &str,
    ) -> Result<Arc<Self>, Error> {
        let asked = Asked { accounts: accounts.map_or(0, |accounts| accounts.generation), ..asked };
        if let Some(content) = person.remembered(&asked) {
            return Ok(content);
        }
        let (content, certain) = Self::work_out(snapshot, (application, provider), person, accounts, &asked, nonce)?;
        let content = Arc::new(content);
        if certain && content.size() <= LONGEST_REMEMBERED {
            person.remember(asked, &content);
        }
        Ok(content)
    }

    /// Decides access, runs the mappings and asks AWS's rules. Beside it: whether it would come out the same again, which
    /// an expression that was cut off would not.
    fn work_out(
        snapshot: &Snapshot,
        (application, provider): (&Application, &SamlProvider),
        person: &Person,
        accounts: Option<&Accounts>,
        asked: &Asked,
        nonce: &str,
    ) -> Result<(Self, bool), Error> {
        let context = person.context(application, Some(provider), &asked.address, asked.idp_initiated);
        let (access, policies_worked) = access::judge(snapshot, application, person, &context);
        let mut failures = Vec::new();
        let (mut attributes, mut sources) = (Vec::<Attribute>::new(), Vec::<String>::new());
        for name in &provider.property_mappings {
            let Some(mapping) = snapshot.configuration.property_mappings.get(name).map(|m| &m.value) else {
                failures.push(MappingFailure {
                    mapping: name.clone(),
                    message: "there is no such mapping".into(),
                    needed: true,
                });
                continue;
            };
            let Some(saml_name) = mapping.saml_name.clone() else { continue };
            match evaluate(snapshot, name, &context) {
                Ok(values) if values.is_empty() => {}
                Ok(values) => {
                    let (friendly_name, name_format) = (mapping.friendly_name.clone(), mapping.name_format.clone());
                    let given = Attribute { name: saml_name, friendly_name, name_format, values };
                    add(&mut attributes, &mut sources, given, name);
                }
                Err(message) => {
                    let needed = provider.is_aws()
                        && (saml_name == saml::aws::ROLE || saml_name == saml::aws::ROLE_SESSION_NAME);
                    failures.push(MappingFailure { mapping: name.clone(), message, needed });
                }
            }
        }
        let table = role_table(application, person);
        if !table.is_empty() {
            let friendly_name = Some("Role".into());
            let name = saml::aws::ROLE.to_owned();
            let given = Attribute { name, friendly_name, name_format: None, values: table };
            add(&mut attributes, &mut sources, given, "role table");
        }
        let given = aws_attributes::attributes(&provider.aws, person);
        for (name, values) in given.attributes {
            let given = Attribute { name, friendly_name: None, name_format: None, values };
            add(&mut attributes, &mut sources, given, aws_attributes::SOURCE);
        }
        failures.extend(given.failures.into_iter().map(|(key, message)| MappingFailure {
            mapping: format!("{}: {key}", aws_attributes::SOURCE),
            message,
            needed: false,
        }));
        let user_name = UserName::of(snapshot, application, provider, person, accounts);
        let how = (asked.name_id_format, nonce);
        let name_id = name_id(snapshot, provider, person, how, &context, user_name.as_ref(), &mut failures)?;
        let pushed = user_name.as_ref().map(|user_name| user_name.facts(&name_id, person, accounts));
        let verdicts = lint(provider, asked, &name_id, pushed, &attributes, &sources);
        let failed = !failures.is_empty() || user_name.as_ref().is_some_and(|user_name| user_name.failed.is_some());
        let renamed = user_name.as_ref().is_some_and(UserName::is_changing);
        let certain = policies_worked && !failed && asked.name_id_format != NameIdFormat::Transient;
        Ok((Self { access, attributes, sources, name_id, failures, verdicts, renamed }, certain))
    }

    /// The same with the pair of one role in the place of all that IAM is told of, held against AWS's rules as it is then.
    /// None: the role is not offered. What is remembered is the whole, which all choices are made from.
    pub fn narrowed(&self, provider: &SamlProvider, asked: &Asked, role: &str) -> Option<Self> {
        if !provider.is_aws() || provider.is_identity_center() {
            return None;
        }
        let attributes = offered::narrowed(&self.attributes, role)?;
        // What somebody is called at the service is a question of Identity Center alone.
        let verdicts = lint(provider, asked, &self.name_id, None, &attributes, &self.sources);
        Some(Self { attributes, verdicts, ..self.clone() })
    }

    /// Whether a response may leave: every mapping that is needed worked and no rule of AWS is broken.
    pub fn may_issue(&self) -> bool {
        !self.failures.iter().any(|f| f.needed) && !self.verdicts.iter().any(failed)
    }

    /// Roughly, in bytes.
    fn size(&self) -> usize {
        let texts = self.attributes.iter().flat_map(|a| a.values.iter().chain([&a.name])).chain(&self.sources);
        let found = self.verdicts.iter().map(|v| v.found.len());
        let steps = self.access.steps.iter().map(|s| s.binding.len() + s.reason.len());
        texts.map(String::len).chain(found).chain(steps).sum()
    }
}

/// AWS's rules over what is about to be signed. None where the provider is not AWS.
pub(crate) fn lint(
    provider: &SamlProvider,
    asked: &Asked,
    name_id: &str,
    user_name: Option<PushedName<'_>>,
    attributes: &[Attribute],
    sources: &[String],
) -> Vec<AwsVerdict> {
    if !speaks_to_aws(provider) {
        return Vec::new();
    }
    saml::lint(&AwsFacts {
        destination: &asked.acs_url,
        recipient: &asked.acs_url,
        audience: &provider.audience,
        name_id,
        name_id_format: asked.name_id_format.urn(),
        assertion_signed: sign(provider) != Sign::Response,
        encrypted: provider.encryption.is_some(),
        attributes,
        sources,
        lifetime_seconds: provider.assertion_not_on_or_after.as_seconds(),
        session_seconds: provider.session_not_on_or_after.as_seconds(),
        response_size: None,
        in_response_to: !asked.idp_initiated,
        user_name,
    })
}
