use std::sync::Arc;

use model::{AccessTrace, Decision, EventKind, Verdict, VerdictStatus};
use saml::{AuthnRequest, AwsVerdict, Level};
use serde_json::json;

use crate::{
    Caller, Error, Services,
    events::Entry,
    identifiers,
    render::{self, MappingFailure, Occasion, Rendered},
};

/// How the person came to sign on.
pub enum Arrival {
    /// From the portal or a bookmark.
    IdpInitiated,
    /// With a request of the service provider.
    Request(Box<AuthnRequest>),
}

/// What a sign-on ended in.
pub enum SignOn {
    /// A response to be posted to the service provider by the browser.
    Issued { acs_url: String, saml_response: String },
    /// The person may not open the application. The trace is for administrators and auditors.
    Denied { application: String, trace: AccessTrace },
    /// A response would have been refused by AWS, or a mapping that it needs failed: nothing was issued.
    Withheld { application: String, failures: Vec<MappingFailure>, verdicts: Vec<Verdict> },
}

/// A request may be this old or this far ahead, in seconds.
const REQUEST_WINDOW: i64 = 300;

impl Services {
    /// What is wrong with a request, whoever brings it. Asked before anybody is sent to sign in.
    pub fn check_request(&self, slug: &str, request: &AuthnRequest, endpoint: &str) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let provider = snapshot.provider_of(snapshot.application(slug)?)?;
        let refuse = |field: &str, message: String| Err(Error::invalid(field, message));
        if let Some(destination) = &request.destination
            && destination != endpoint
        {
            return refuse("Destination", format!("the request is meant for {destination}, this is {endpoint}"));
        }
        let age = self.clock().now() - request.issue_instant;
        if age.abs() > REQUEST_WINDOW {
            return refuse(
                "IssueInstant",
                "the request is too old or from the future; start again at the service provider".into(),
            );
        }
        if let Some(acs) = &request.acs_url
            && acs != &provider.acs_url
        {
            return refuse(
                "AssertionConsumerServiceURL",
                format!(
                    "{acs} is not registered for the SAML provider `{}`; it has {}",
                    provider.name, provider.acs_url
                ),
            );
        }
        if let Some(binding) = &request.protocol_binding
            && binding != "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
        {
            return refuse("ProtocolBinding", format!("{binding} is not offered; responses go by HTTP-POST"));
        }
        if request.acs_index.is_some_and(|index| index != 0) {
            return refuse("AssertionConsumerServiceIndex", "only index 0 is registered".into());
        }
        Ok(())
    }

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

impl Caller {
    /// Signs this person on to an application. The event is durable before the answer leaves.
    pub async fn sign_on(&self, slug: &str, arrival: Arrival) -> Result<SignOn, Error> {
        let services = &self.services;
        let snapshot = services.snapshot();
        let nonce = identifiers::hex::<16>(services.entropy());
        let now = services.clock().now();
        let (person, session, address) = (Arc::clone(&self.person), self.session.clone(), self.origin.address.clone());
        let (slug, public_url) = (slug.to_owned(), services.public_url().to_owned());
        let made = services
            .busy(move || {
                let application = snapshot.application(&slug)?;
                let provider = snapshot.provider_of(application)?;
                let in_response_to = match &arrival {
                    Arrival::IdpInitiated => None,
                    Arrival::Request(request) => Some(request.id.as_str()),
                };
                let occasion = Occasion {
                    now,
                    authenticated: session.started,
                    session_index: &session.session_index,
                    nonce: &nonce,
                    in_response_to,
                    acs_url: &provider.acs_url,
                    address: &address,
                    public_url: &public_url,
                };
                let mut rendered = render::render(&snapshot, application, provider, &person, &occasion)?;
                let mut response = None;
                if rendered.access.decision == Decision::Granted && rendered.may_issue() {
                    let key = snapshot.signing_key(provider)?;
                    let signed = saml::build(&rendered.spec, key).map_err(|e| Error::Internal(e.to_string()))?.base64();
                    if provider.is_aws() {
                        rendered.verdicts =
                            render::lint(&rendered.spec, &rendered.sources, provider, Some(signed.len()));
                    }
                    response = rendered.may_issue().then_some(signed);
                }
                Ok::<_, Error>((application.name.clone(), slug, rendered, response))
            })
            .await??;
        let (application, slug, rendered, response) = made;
        self.conclude(application, &slug, rendered, response).await
    }

    async fn conclude(
        &self,
        application: String,
        slug: &str,
        rendered: Rendered,
        response: Option<String>,
    ) -> Result<SignOn, Error> {
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
        let mut events: Vec<_> = rendered
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
        let verdicts: Vec<Verdict> = rendered.verdicts.iter().map(verdict).collect();
        let outcome = match (rendered.access.decision, response) {
            (Decision::Denied, _) => {
                let message = format!("{username} was denied {application}: {}", rendered.access.summary);
                events.push(entry(EventKind::AccessDenied, message, json!({ "steps": rendered.access.steps })));
                SignOn::Denied { application, trace: rendered.access }
            }
            (Decision::Granted, Some(saml_response)) => {
                let spec = &rendered.spec;
                let detail = json!({
                    "response": spec.response_id, "assertion": spec.assertion_id, "acs_url": spec.destination,
                    "in_response_to": spec.in_response_to, "session_index": spec.session_index,
                    "attributes": spec.attributes.iter().map(|a| (a.name.as_str(), a.values.len())).collect::<Vec<_>>(),
                });
                events.push(entry(EventKind::ResponseIssued, format!("{username} signed on to {application}"), detail));
                SignOn::Issued { acs_url: rendered.spec.destination, saml_response }
            }
            (Decision::Granted, None) => {
                let broken: Vec<&Verdict> = verdicts.iter().filter(|v| v.status == VerdictStatus::Failed).collect();
                let why = broken.first().map(|v| format!("{}: {}", v.rule, v.found));
                let why =
                    why.or_else(|| rendered.failures.first().map(|f| format!("the mapping `{}` failed", f.mapping)));
                let message =
                    format!("nothing was issued to {username} for {application}: {}", why.unwrap_or_default());
                events.push(entry(EventKind::SignOnRefused, message, json!({ "verdicts": broken })));
                SignOn::Withheld { application, failures: rendered.failures, verdicts }
            }
        };
        services.store().append_events(events).await?;
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
