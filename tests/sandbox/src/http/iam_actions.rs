//! Actions of IAM.

use super::parameters::Parameters;
use super::query::unknown;
use crate::fault::Fault;
use crate::iam::{Iam, NewRole, Provider, Role};
use crate::instant::instant;
use crate::percent::percent_encoded;
use crate::xml::Answer;

/// Runs an action of version 2010-05-08.
pub(super) fn run(iam: &Iam, action: &str, parameters: &Parameters) -> Result<Answer, Fault> {
    let mut answer = Answer::default();
    match action {
        "CreateSAMLProvider" => {
            encryption(parameters)?;
            let metadata = parameters.require("SAMLMetadataDocument")?;
            let provider = iam.create_saml_provider(parameters.require("Name")?, metadata)?;
            answer.field("SAMLProviderArn", provider.arn.as_str());
        }
        "UpdateSAMLProvider" => {
            encryption(parameters)?;
            let arn = parameters.require("SAMLProviderArn")?;
            let metadata = parameters.get("SAMLMetadataDocument").ok_or_else(|| {
                let message = "Unable to update identity provider. No updates are defined for metadata or encryption \
                               assertion.";
                Fault::new(400, "InvalidInput", message)
            })?;
            answer.field("SAMLProviderArn", iam.update_saml_provider(arn, metadata)?.arn.as_str());
        }
        "GetSAMLProvider" => provider(&iam.provider(parameters.require("SAMLProviderArn")?)?, &mut answer),
        "ListSAMLProviders" => {
            answer.group("SAMLProviderList", |list| {
                for one in iam.providers() {
                    list.group("member", |a| {
                        a.field("Arn", one.arn.as_str()).field("ValidUntil", instant(one.valid_until()));
                        a.field("CreateDate", instant(one.created));
                    });
                }
            });
        }
        "DeleteSAMLProvider" => iam.delete_saml_provider(parameters.require("SAMLProviderArn")?)?,
        "CreateRole" => {
            let created = iam.create_role(new_role(parameters)?)?;
            answer.group("Role", |a| role(&created, a));
        }
        "GetRole" => {
            let found = iam.role(parameters.require("RoleName")?)?;
            answer.group("Role", |a| role(&found, a));
        }
        "UpdateAssumeRolePolicy" => {
            iam.update_trust_policy(parameters.require("RoleName")?, parameters.require("PolicyDocument")?)?;
        }
        "ListRoles" => {
            answer.group("Roles", |list| {
                for one in iam.roles() {
                    list.group("member", |a| role(&one, a));
                }
            });
            answer.field("IsTruncated", "false");
        }
        "DeleteRole" => iam.delete_role(parameters.require("RoleName")?)?,
        _ => return Err(unknown(action, "2010-05-08")),
    }
    Ok(answer)
}

/// Encrypted assertions are not served here, and saying nothing would look like success.
fn encryption(parameters: &Parameters) -> Result<(), Fault> {
    if parameters.get("AssertionEncryptionMode") == Some("Required") && parameters.get("AddPrivateKey").is_none() {
        let message = "Unable to set assertion encryption mode to Required because no private key is provided.";
        return Err(Fault::new(400, "InvalidInput", message));
    }
    match ["AddPrivateKey", "RemovePrivateKey", "AssertionEncryptionMode"].iter().find(|p| parameters.get(p).is_some())
    {
        Some(parameter) => Err(Fault::new(501, "NotImplemented", format!("the sandbox does not take {parameter}"))),
        None => Ok(()),
    }
}

fn new_role(parameters: &Parameters) -> Result<NewRole, Fault> {
    let policy = parameters.require("AssumeRolePolicyDocument")?;
    let mut new = NewRole::new(parameters.require("RoleName")?, policy);
    new.description = parameters.get("Description").map(str::to_owned);
    if let Some(path) = parameters.get("Path") {
        new.path = path.into();
    }
    if let Some(seconds) = parameters.number("MaxSessionDuration")? {
        new.max_session = seconds;
    }
    Ok(new)
}

fn provider(provider: &Provider, answer: &mut Answer) {
    answer
        .field("SAMLProviderUUID", &provider.uuid)
        .field("SAMLMetadataDocument", &provider.document)
        .field("CreateDate", instant(provider.created))
        .field("ValidUntil", instant(provider.valid_until()));
}

fn role(role: &Role, answer: &mut Answer) {
    answer
        .field("Path", &role.path)
        .field("RoleName", &role.arn.name)
        .field("RoleId", &role.id)
        .field("Arn", role.arn.as_str())
        .field("CreateDate", instant(role.created))
        .field("AssumeRolePolicyDocument", percent_encoded(&role.document))
        .optional("Description", role.description.as_ref())
        .field("MaxSessionDuration", role.max_session.to_string());
}
