//! Actions of STS.

use super::parameters::Parameters;
use super::query::unknown;
use crate::fault::Fault;
use crate::instant::instant;
use crate::sandbox::Sandbox;
use crate::sts::Session;
use crate::xml::Answer;

/// Runs an action of version 2011-06-15.
pub(super) async fn run(
    sandbox: &Sandbox,
    action: &str,
    key: Option<&str>,
    parameters: &Parameters,
) -> Result<Answer, Fault> {
    match action {
        "AssumeRoleWithSAML" => assume(sandbox, parameters).await,
        "GetCallerIdentity" => identity(sandbox, key),
        _ => Err(unknown(action, "2011-06-15")),
    }
}

async fn assume(sandbox: &Sandbox, parameters: &Parameters) -> Result<Answer, Fault> {
    let duration = parameters.number("DurationSeconds")?;
    if let Some(seconds) = duration.filter(|seconds| !(900..=43_200).contains(seconds)) {
        let (bound, limit) = if seconds < 900 { ("greater", 900) } else { ("less", 43_200) };
        return Err(Fault::validation(format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: Member \
             must have value {bound} than or equal to {limit}"
        )));
    }
    let (role, provider) = (parameters.require("RoleArn")?, parameters.require("PrincipalArn")?);
    let assertion = parameters.require("SAMLAssertion")?;
    let session = sandbox.assume_role_with_saml(role, provider, assertion, duration).await?;
    let mut answer = Answer::default();
    describe(&session, &mut answer);
    Ok(answer)
}

fn describe(session: &Session, answer: &mut Answer) {
    let keys = &session.credentials;
    answer
        .field("Issuer", &session.issuer)
        .group("AssumedRoleUser", |a| {
            a.field("Arn", &session.assumed_role_arn).field("AssumedRoleId", &session.assumed_role_id);
        })
        .group("Credentials", |a| {
            a.field("AccessKeyId", &keys.access_key_id)
                .field("SecretAccessKey", &keys.secret_access_key)
                .field("SessionToken", &keys.session_token)
                .field("Expiration", instant(keys.expiration));
        })
        .field("Audience", &session.audience)
        .field("SubjectType", &session.subject_type)
        .optional("PackedPolicySize", session.packed_policy_size.map(|size| size.to_string()))
        .field("NameQualifier", &session.name_qualifier)
        .optional("SourceIdentity", session.source_identity.as_ref())
        .field("Subject", &session.subject);
}

fn identity(sandbox: &Sandbox, key: Option<&str>) -> Result<Answer, Fault> {
    let missing = || Fault::new(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
    let options = &sandbox.options;
    let caller = sandbox.sessions.caller(key.ok_or_else(missing)?, options.partition, (options.now)())?;
    let mut answer = Answer::default();
    answer.field("Arn", caller.arn).field("UserId", caller.user_id).field("Account", caller.account);
    Ok(answer)
}
