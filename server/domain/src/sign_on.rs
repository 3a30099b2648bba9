use std::sync::Arc;

use model::{AccessTrace, Decision, EventKind, SamlCredential, SamlProvider, Verdict, VerdictStatus};
use saml::{AwsVerdict, Level, Status, StatusCode, StatusReason};
use serde_json::json;

use crate::{
    Caller, Error, Services,
    content::MappingFailure,
    events::Entry,
    exchange::{Exchange, StatusAnswer},
    identifiers,
    issue::issue,
    kept_responses::Issued,
    key_trial::Trial,
    offered::offered,
    provisioning::Accounts,
    render::{self, Agreed, Occasion, Rendered},
    subject,
};

/// How the person came to sign on.
pub enum Arrival {
    /// From the portal or a bookmark.
    IdpInitiated {
        /// The ARN of the one role of AWS that the person chose. None: AWS is told of all, and lets them choose.
        role: Option<String>,
    },
    /// With a request of the service provider.
    Request(Box<Exchange>),
    /// An administrator tries whether the service takes what a key of the metadata signs, by the key's name.
    Trial(String),
}

/// What a sign-on ended in.
pub enum SignOn {
    /// A response to be posted to the service provider by the browser.
    Issued(SamlCredential),
    /// The service provider is told that there will be no assertion.
    Answered(StatusAnswer),
    /// The person may not open the application. The trace is for administrators and auditors; the answer is what the
    /// service provider may be told, where it asked.
    Denied { application: String, trace: AccessTrace, answer: Option<StatusAnswer> },
    /// A role was chosen that the application does not offer to the person: nothing was issued.
    NotOffered { application: String, role: String },
    /// A response would have been refused by AWS, or a mapping that it needs failed: nothing was issued. The verdicts are
    /// AWS's rules, and none where the provider is not AWS; the answer is what the service provider may be told, where it
    /// asked.
    Withheld {
        application: String,
        failures: Vec<MappingFailure>,
        verdicts: Vec<Verdict>,
        answer: Option<StatusAnswer>,
    },
}

impl Services {
    /// Whether there is an application with a SAML provider under this slug.
    pub fn check_application(&self, slug: &str) -> Result<(), Error> {
        let snapshot = self.snapshot();
        snapshot.provider_of(snapshot.application(slug)?).map(|_| ())
    }

    /// Writes down that a request was refused.
    pub async fn request_refused(&self, slug: &str, address: &str, why: &Error) -> Result<(), Error> {
        let event = self.event(Entry {
            kind: EventKind::RequestRefused,
            actor: "",
            target: format!("application {}", slug.chars().take(60).collect::<String>()),
            address,
            message: why.to_string().chars().take(500).collect(),
            detail: json!({}),
        });
        Ok(self.store().append_events(vec![event]).await?)
    }
}

/// What came of rendering and signing.
struct Made {
    application: String,
    rendered: Rendered,
    /// The one role that was chosen.
    role: Option<String>,
    /// AWS's rule about the length of what was made, where it was made for AWS.
    size: Option<AwsVerdict>,
    response: Option<String>,
    /// The response to be kept, where the provider keeps any.
    kept: Option<Box<Issued>>,
    /// The request names somebody else.
    somebody_else: bool,
    /// The service provider wants to hear of the session's end.
    takes_logout: bool,
}

impl Caller {
    /// When this session's person gave the password, in unix seconds.
    pub fn authenticated(&self) -> i64 {
        self.session.started
    }

    /// Signs this person on to an application. The event is durable before the answer leaves.
    pub async fn sign_on(&self, slug: &str, arrival: Arrival) -> Result<SignOn, Error> {
        let services = &self.services;
        let (exchange, trial, role) = match arrival {
            Arrival::IdpInitiated { role } => (None, None, role),
            Arrival::Request(exchange) => (Some(exchange), None, None),
            Arrival::Trial(key) => (None, Some(Arc::new(self.trial(slug, &key)?)), None),
        };
        let tried = trial.as_ref().map(|trial| trial.fingerprint.clone()).unwrap_or_default();
        let accounts = services.accounts_behind(slug).await?;
        let generation = |accounts: &Option<Arc<Accounts>>| accounts.as_ref().map(|accounts| accounts.generation);
        let known = generation(&accounts);
        let mut made = self.make(slug, exchange.clone(), trial.clone(), role.clone(), accounts).await?;
        // What was known a moment ago may be somebody else's name by now.
        if made.rendered.content.renamed {
            let accounts = services.accounts_now(slug).await?;
            if generation(&accounts) != known {
                made = self.make(slug, exchange.clone(), trial, role, accounts).await?;
            }
        }
        if made.somebody_else
            && let Some(exchange) = &exchange
        {
            let status = Status::responder(StatusReason::UnknownPrincipal, "somebody else is signed in");
            let answer = services.answer(slug, exchange, status, &self.origin.address).await?;
            return Ok(SignOn::Answered(answer));
        }
        if let (Some(exchange), Some(_)) = (&exchange, &made.response) {
            services.take_request(exchange).await?;
        }
        if made.response.is_some() && made.takes_logout {
            self.participate(slug, &made.rendered.spec, &tried).await?;
        }
        self.conclude(slug, made, exchange.as_deref()).await
    }

    /// Renders and signs; nothing is written down yet. `accounts` is what is known of those at the service.
    async fn make(
        &self,
        slug: &str,
        asked: Option<Box<Exchange>>,
        trial: Option<Arc<Trial>>,
        role: Option<String>,
        accounts: Option<Arc<Accounts>>,
    ) -> Result<Made, Error> {
        let services = &self.services;
        let snapshot = services.snapshot();
        let entropy = services.entropy_handle();
        let nonce = identifiers::hex::<16>(services.entropy());
        let micros = services.clock().now_micros();
        let now = micros.div_euclid(1_000_000);
        let (person, session, address) = (Arc::clone(&self.person), self.session.clone(), self.origin.address.clone());
        let (owned, public_url) = (slug.to_owned(), services.public_url().to_owned());
        let vault = services.vault_handle();
        services
            .brief(move || {
                let application = snapshot.application(&owned)?;
                let provider = trial.as_ref().map_or_else(|| snapshot.provider_of(application), |t| Ok(&t.provider))?;
                let occasion = Occasion {
                    now,
                    authenticated: session.started,
                    session_index: trial.as_ref().map_or(&session.session_index, |t| &t.session_index),
                    nonce: &nonce,
                    agreed: asked.as_deref().map(Agreed::from),
                    address: &address,
                    public_url: &public_url,
                    accounts: accounts.as_deref(),
                    role: role.as_deref(),
                };
                let rendered = render::render(&snapshot, application, provider, &person, &occasion)?;
                let wanted = asked.as_deref().and_then(|e| e.request.subject.as_ref());
                let (mut response, mut kept, mut size) = (None, None, None);
                let (content, spec) = (&rendered.content, &rendered.spec);
                // Core §3.4.1.4: an assertion about anybody else would answer another question. Where the identifier could
                // not be made, that is what there is to say.
                let given = (spec.name_id.as_str(), spec.name_id_format.as_str());
                let failed = content.failures.iter().any(|f| f.needed);
                let somebody_else = !failed && wanted.is_some_and(|w| !subject::names(w, given, &person.user));
                let granted = content.access.decision == Decision::Granted && !rendered.foreign_role;
                if granted && content.may_issue() && !somebody_else {
                    let key = snapshot.signing_key(provider)?;
                    let signed = issue(&rendered.spec, provider, key, entropy.as_ref())?.base64();
                    size = render::size(provider, &rendered.spec, signed.len());
                    response = (!size.as_ref().is_some_and(render::failed)).then_some(signed);
                    if let Some(sent) = response.as_ref().filter(|_| provider.keep_responses > 0) {
                        let encrypted = provider.encryption.is_some();
                        let key_name = provider.signing_key.as_deref().or(snapshot.default_key()).unwrap_or_default();
                        let issued = Issued {
                            id: identifiers::event_id(micros, entropy.as_ref()),
                            provider: provider.name.clone(),
                            application: owned.clone(),
                            username: person.user.username.clone(),
                            spec: spec.clone(),
                            content: Arc::clone(content),
                            sent: sent.clone(),
                            plain: encrypted.then(|| SamlProvider { encryption: None, ..provider.clone() }),
                            key: Arc::clone(key),
                            key_name: key_name.to_owned(),
                            vault,
                            entropy: Arc::clone(&entropy),
                        };
                        kept = Some(Box::new(issued));
                    }
                }
                let takes_logout = !provider.logout.is_empty();
                let application = application.name.clone();
                Ok(Made { application, rendered, role, size, response, kept, somebody_else, takes_logout })
            })
            .await?
    }

    async fn conclude(&self, slug: &str, made: Made, exchange: Option<&Exchange>) -> Result<SignOn, Error> {
        let Made { application, rendered, role, size, response, kept, .. } = made;
        let content = &rendered.content;
        let services = &self.services;
        let username = self.username();
        let entry = |kind, message, detail| {
            services.event(Entry {
                kind,
                actor: username,
                target: format!("application {slug}"),
                address: &self.origin.address,
                message,
                detail,
            })
        };
        let mut events: Vec<_> = content
            .failures
            .iter()
            .map(|f| {
                let detail = json!({ "mapping": f.mapping, "message": f.message, "needed": f.needed });
                entry(
                    EventKind::MappingFailed,
                    format!("the mapping `{}` failed for {username}: {}", f.mapping, f.message),
                    detail,
                )
            })
            .collect();
        // Where a mapping that is needed failed, that may be why the role is missing.
        let needed = content.failures.iter().any(|f| f.needed);
        let foreign = role.as_deref().filter(|_| rendered.foreign_role && !needed);
        let outcome = match (content.access.decision, response, foreign) {
            (Decision::Denied, ..) => {
                let message = format!("{username} was denied {application}: {}", content.access.summary);
                events.push(entry(EventKind::AccessDenied, message, json!({ "steps": content.access.steps })));
                let mut answer = None;
                if let Some(exchange) = exchange {
                    let status = Status::responder(StatusReason::RequestDenied, "the person may not use this service");
                    answer = Some(services.answer(slug, exchange, status, &self.origin.address).await?);
                }
                SignOn::Denied { application, trace: content.access.clone(), answer }
            }
            (Decision::Granted, Some(saml_response), _) => {
                let spec = &rendered.spec;
                let detail = json!({
                    "response": spec.response_id, "assertion": spec.assertion_id, "acs_url": spec.destination,
                    "in_response_to": spec.in_response_to, "session_index": spec.session_index,
                    "attributes": spec.attributes.iter().map(|a| (a.name.as_str(), a.values.len())).collect::<Vec<_>>(),
                    "role": role,
                });
                let chosen = role.as_ref().map(|role| format!(" with the role {role}")).unwrap_or_default();
                let message = format!("{username} signed on to {application}{chosen}");
                events.push(entry(EventKind::ResponseIssued, message, detail));
                let roles = offered(&rendered.spec.attributes);
                SignOn::Issued(SamlCredential { acs_url: rendered.spec.destination, saml_response, roles })
            }
            (Decision::Granted, None, Some(role)) => {
                let shown: String = role.chars().take(500).collect();
                let message = format!(
                    "nothing was issued to {username} for {application}: the role {shown} is not offered to them"
                );
                events.push(entry(EventKind::SignOnRefused, message, json!({ "role": role })));
                SignOn::NotOffered { application, role: role.to_owned() }
            }
            (Decision::Granted, None, None) => {
                let verdicts: Vec<Verdict> = rendered.verdicts(size).iter().map(verdict).collect();
                let broken: Vec<&Verdict> = verdicts.iter().filter(|v| v.status == VerdictStatus::Failed).collect();
                let why = broken.first().map(|v| format!("{}: {}", v.rule, v.found));
                let why =
                    why.or_else(|| content.failures.first().map(|f| format!("the mapping `{}` failed", f.mapping)));
                let message =
                    format!("nothing was issued to {username} for {application}: {}", why.unwrap_or_default());
                events.push(entry(EventKind::SignOnRefused, message, json!({ "verdicts": broken })));
                let mut answer = None;
                if let Some(exchange) = exchange {
                    // None of the second-level codes of SAML core §3.2.2.2 says this: the person is known, and allowed.
                    let message = "no response can be made for the person that this service would take".to_owned();
                    let status = Status { code: StatusCode::Responder, reason: None, message: Some(message) };
                    answer = Some(services.answer(slug, exchange, status, &self.origin.address).await?);
                }
                SignOn::Withheld { application, failures: content.failures.clone(), verdicts, answer }
            }
        };
        services.store().append_events(events).await?;
        if let Some(issued) = kept {
            services.keep_response(issued);
        }
        Ok(outcome)
    }
}

pub(crate) fn verdict(v: &AwsVerdict) -> Verdict {
    Verdict {
        rule: v.rule.to_owned(),
        status: match v.level {
            Level::Passed => VerdictStatus::Passed,
            Level::Warning => VerdictStatus::Warning,
            Level::Failed => VerdictStatus::Failed,
        },
        found: v.found.clone(),
        aws_message: v.aws_message.to_owned(),
        source: v.source.clone(),
    }
}
