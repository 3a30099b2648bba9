//! Actions of IAM.

use super::parameters::Parameters;
use super::query::unknown;
use crate::fault::Fault;
use crate::iam::{EncryptionChange, EncryptionMode, Iam, NewRole, Provider, Role};
use crate::instant::instant;
use crate::percent::percent_encoded;
use crate::xml::Answer;

/// Runs an action of version 2010-05-08.
pub(super) fn run(iam: &Iam, action: &str, parameters: &Parameters) -> Result<Answer, Fault> {
    let mut answer = Answer::default();
    match action {
        "CreateSAMLProvider" => {
            let metadata = parameters.require("SAMLMetadataDocument")?;
            let (name, encryption) = (parameters.require("Name")?, encryption(parameters)?);
            let provider = iam.create_saml_provider_with(name, metadata, encryption)?;
            answer.field("SAMLProviderArn", provider.arn.as_str());
        }
        "UpdateSAMLProvider" => {
            let (arn, metadata) = (parameters.require("SAMLProviderArn")?, parameters.get("SAMLMetadataDocument"));
            let provider = iam.update_saml_provider_with(arn, metadata, encryption(parameters)?)?;
            answer.field("SAMLProviderArn", provider.arn.as_str());
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

fn encryption(parameters: &Parameters) -> Result<EncryptionChange<'_>, Fault> {
    Ok(EncryptionChange {
        mode: parameters.get("AssertionEncryptionMode").map(EncryptionMode::parse).transpose()?,
        add_private_key: parameters.get("AddPrivateKey"),
        remove_private_key: parameters.get("RemovePrivateKey"),
    })
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
        .field("ValidUntil", instant(provider.valid_until()))
        .optional("AssertionEncryptionMode", provider.encryption_mode().map(EncryptionMode::as_str))
        .group("PrivateKeyList", |list| {
            for key in provider.private_keys() {
                list.group("member", |a| {
                    a.field("KeyId", &key.id).field("Timestamp", instant(key.added));
                });
            }
        });
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
