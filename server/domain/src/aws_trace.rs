//! Where AWS writes down what came of a response (IAM guide, "Logging IAM and STS API calls with CloudTrail"; Identity
//! Center guide, "Understanding sign-in events"; both guides, "Troubleshooting").

use model::{AwsTrace, SamlProvider, Verdict, VerdictStatus};
use saml::{Examined, aws::ROLE};

/// The messages of IAM and STS that no rule here can foresee: they depend on what is set at AWS.
const IAM: [(&str, &str); 4] = [
    (
        "Not authorized to perform sts:AssumeRoleWithSAML",
        "The role does not exist or its trust policy does not allow this provider, this audience or the tags sent.",
    ),
    ("Response signature invalid", "AWS has another certificate: upload the metadata again."),
    ("Issuer not present in specified provider", "The issuer differs from the entityID of the metadata that AWS has."),
    ("Specified provider doesn't exist", "The provider's ARN in the Role attribute names none of this account."),
];

/// The messages of Identity Center that no rule here can foresee.
const CENTER: [(&str, &str); 5] = [
    (
        "It's not you, it is us",
        "The clocks differ, AWS has another certificate, or the metadata that it has names another NameID format.",
    ),
    (
        "An unexpected error has occurred",
        "The NameID is no userName of a user there, character by character, or the response went to another address.",
    ),
    (
        "Response contains invalid name id policy format",
        "The NameID is no email address, or of another format. The page asks to try again later.",
    ),
    ("Invalid MFA credentials", "The user is not there yet: provision it first."),
    (
        "Not a valid response for the provided request id",
        "The response answers an old request: begin at the AWS access portal again.",
    ),
];

/// The CloudTrail events to look for; none where the provider is not AWS.
pub(crate) fn traces(provider: &SamlProvider, seen: &Examined, verdicts: &[Verdict]) -> Vec<AwsTrace> {
    let foreseen: Vec<(String, String)> = verdicts
        .iter()
        .filter(|v| v.status == VerdictStatus::Failed && !v.aws_message.is_empty())
        .map(|v| (v.aws_message.clone(), format!("{}: {}", v.rule, v.found)))
        .collect();
    let with = |known: &[(&str, &str)]| {
        let known = known.iter().map(|(message, meaning)| ((*message).to_owned(), (*meaning).to_owned()));
        foreseen.iter().cloned().chain(known).collect::<Vec<_>>()
    };
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let trace = |event: &str, source: &str, when: &str, fields, messages| AwsTrace {
        event: event.to_owned(),
        source: source.to_owned(),
        when: when.to_owned(),
        fields,
        messages,
    };
    if provider.is_identity_center() {
        let login = vec![field("errorMessage", "absent when it was taken")];
        let user = vec![
            field("additionalEventData.CredentialType", "EXTERNAL_IDP"),
            field("additionalEventData.UserName", &seen.name_id),
        ];
        return vec![
            trace(
                "ExternalIdPDirectoryLogin",
                "signin.amazonaws.com",
                "for each response, taken or not, in the Region of Identity Center",
                login,
                with(&CENTER),
            ),
            trace("UserAuthentication", "signin.amazonaws.com", "once the user is signed in", user, Vec::new()),
        ];
    }
    if !provider.is_aws() {
        return Vec::new();
    }
    let mut fields = vec![
        field("requestParameters.sAMLAssertionID", &seen.assertion_id),
        field("userIdentity.userName", &seen.name_id),
    ];
    let roles = seen.attributes.iter().filter(|a| a.name == ROLE).flat_map(|a| &a.values);
    let roles: Vec<&str> = roles.filter_map(|pair| pair.split(',').next()).collect();
    if !roles.is_empty() {
        fields.push(field("requestParameters.roleArn", &roles.join(" or ")));
    }
    vec![
        trace(
            "AssumeRoleWithSAML",
            "sts.amazonaws.com",
            "when a role is taken, in the account of the role; a response that AWS cannot trust at all may leave none",
            fields,
            with(&IAM),
        ),
        trace("ConsoleLogin", "signin.amazonaws.com", "once the console opens", Vec::new(), Vec::new()),
    ]
}
