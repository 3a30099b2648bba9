//! Trust policies: who may assume a role.

use serde_json::{Map, Value, json};

use super::condition::{Condition, Context, like, strings};
use crate::arn::Arn;
use crate::fault::Fault;

/// The usual trust policy: one provider, the three actions that a federated sign-in needs, and the consumer services for which
/// a response may be addressed (`SAML:aud` is the `Recipient`, not the audience).
#[must_use]
pub fn trust_policy(provider: &Arn, recipients: &[&str]) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": provider.as_str() },
            "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"],
            "Condition": { "StringEquals": { "SAML:aud": recipients } },
        }],
    })
    .to_string()
}

#[derive(Clone, Debug)]
struct Statement {
    allow: bool,
    federated: Vec<String>,
    actions: Vec<String>,
    conditions: Vec<Condition>,
}

/// A trust policy, read.
#[derive(Clone, Debug)]
pub(crate) struct TrustPolicy(Vec<Statement>);

impl TrustPolicy {
    /// Reads the document.
    ///
    /// # Errors
    /// `MalformedPolicyDocument`.
    pub(crate) fn parse(document: &str) -> Result<Self, Fault> {
        let malformed = |message: &str| Fault::new(400, "MalformedPolicyDocument", message);
        if document.len() > 4_096 {
            let message = "Cannot exceed quota for ACLSizePerRole: 4096";
            return Err(Fault::new(409, "LimitExceeded", message));
        }
        let value: Value =
            serde_json::from_str(document).map_err(|_| malformed("This policy contains invalid Json"))?;
        let statements = match value.get("Statement") {
            Some(Value::Array(all)) if !all.is_empty() => all.iter().map(Statement::parse).collect(),
            Some(one @ Value::Object(_)) => Statement::parse(one).map(|s| vec![s]),
            _ => None,
        };
        statements.map(Self).ok_or_else(|| malformed("Syntax errors in policy."))
    }

    /// Whether a provider may do every one of these actions: allowed by a statement, denied by none.
    pub(crate) fn allows(&self, provider: &Arn, actions: &[&str], context: &Context) -> bool {
        actions.iter().all(|action| {
            let about = |s: &&Statement| s.concerns(provider, action, context);
            let mut found = self.0.iter().filter(about).peekable();
            found.peek().is_some() && found.all(|statement| statement.allow)
        })
    }
}

impl Statement {
    fn parse(value: &Value) -> Option<Self> {
        let allow = match value.get("Effect")?.as_str()? {
            "Allow" => true,
            "Deny" => false,
            _ => return None,
        };
        let federated = match value.get("Principal")? {
            Value::String(all) if all == "*" => vec!["*".to_owned()],
            Value::Object(kinds) => kinds.get("Federated").map_or_else(|| Some(Vec::new()), strings)?,
            _ => return None,
        };
        let actions = strings(value.get("Action")?)?;
        // A trust policy is attached to its resource, so IAM refuses one that names a resource.
        if value.get("Resource").is_some() || actions.iter().any(|a| !a.contains(':') && a != "*") {
            return None;
        }
        let conditions = match value.get("Condition") {
            Some(Value::Object(operators)) => conditions(operators)?,
            Some(_) => return None,
            None => Vec::new(),
        };
        Some(Self { allow, federated, actions, conditions })
    }

    fn concerns(&self, provider: &Arn, action: &str, context: &Context) -> bool {
        let wanted = action.to_ascii_lowercase();
        self.federated.iter().any(|f| f == "*" || f == provider.as_str())
            && self.actions.iter().any(|pattern| like(&wanted, &pattern.to_ascii_lowercase()))
            && self.conditions.iter().all(|condition| condition.holds(context))
    }
}

fn conditions(operators: &Map<String, Value>) -> Option<Vec<Condition>> {
    let mut all = Vec::new();
    for (operator, keys) in operators {
        for (key, values) in keys.as_object()? {
            all.push(Condition::parse(operator, key, values)?);
        }
    }
    Some(all)
}
