//! What AWS asks of a response whose signature holds.

use std::sync::Arc;

use super::desk::{BASE, Desk, refused};
use super::forge::{
    ACS, ISSUER, NOW, PROVIDER, ROLE, at, attribute, draft, encode, metadata, ours, plus, signed, swap, with,
};
use crate::{Fault, NewRole, Partition, Sandbox, SandboxOptions, Session, trust_policy};

const TOKEN: &str = "InvalidIdentityToken";
const INVALID: &str = "Your request included an invalid SAML response. To logout, click here.";
const CONFIRMATION: &str = "Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter";
const DENIED: &str = "Not authorized to perform sts:AssumeRoleWithSAML";
const NAME: &str = "RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}";

async fn is_refused(draft: &str, code: &str, message: &str) {
    let status = if code == "AccessDenied" { 403 } else { 400 };
    refused(Desk::new().assume(&signed(draft)).await, status, code, message);
}

#[tokio::test]
async fn the_sandbox_and_the_regional_addresses_are_recipients_too() {
    let desk = Desk::new();
    for acs in [format!("{BASE}/saml"), "https://eu-west-1.signin.aws.amazon.com/saml".into()] {
        let trust = crate::trust_policy(&desk.provider.arn, &[&acs]);
        desk.sandbox.iam().update_trust_policy("Reader", &trust).unwrap();
        let session = desk.assume(&signed(&with(ACS, &acs))).await.unwrap();
        assert_eq!(session.audience, acs);
    }
}

#[tokio::test]
async fn another_recipient_is_refused() {
    for other in [
        "https://evil.example/saml",
        "https://signin.aws.amazon.com.evil.example/saml",
        "http://signin.aws.amazon.com/saml",
        "https://x/.signin.aws.amazon.com/saml",
    ] {
        is_refused(&with(ACS, other), TOKEN, CONFIRMATION).await;
    }
}

#[tokio::test]
async fn a_destination_that_differs_from_the_recipient_or_is_absent_is_refused() {
    let other = "Destination=\"https://eu-west-1.signin.aws.amazon.com/saml\"";
    is_refused(&with(&format!("Destination=\"{ACS}\""), other), TOKEN, INVALID).await;
    is_refused(&with(&format!(" Destination=\"{ACS}\""), ""), TOKEN, INVALID).await;
}

#[tokio::test]
async fn a_confirmation_without_recipient_or_end_is_refused() {
    is_refused(&with(&format!(" Recipient=\"{ACS}\""), ""), TOKEN, CONFIRMATION).await;
    let end = format!("SubjectConfirmationData NotOnOrAfter=\"{}\"", at(300));
    is_refused(&with(&end, "SubjectConfirmationData"), TOKEN, CONFIRMATION).await;
    is_refused(&with("cm:bearer", "cm:sender-vouches"), TOKEN, CONFIRMATION).await;
}

#[tokio::test]
async fn two_confirmations_are_refused() {
    let text = draft();
    let end = "</saml:SubjectConfirmation>";
    let one = &text[text.find("<saml:SubjectConfirmation ").unwrap()..text.find(end).unwrap() + end.len()];
    is_refused(&text.replace(one, &format!("{one}{one}")), TOKEN, CONFIRMATION).await;
}

#[tokio::test]
async fn another_audience_is_refused_and_a_sign_in_address_is_taken() {
    const MESSAGE: &str = "Response does not contain the required audience";
    is_refused(&with("urn:amazon:webservices", "urn:other"), TOKEN, MESSAGE).await;
    let none =
        "<saml:AudienceRestriction><saml:Audience>urn:amazon:webservices</saml:Audience></saml:AudienceRestriction>";
    is_refused(&with(none, ""), TOKEN, MESSAGE).await;
    let both = "</saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>urn:other</saml:Audience></saml:AudienceRestriction>";
    is_refused(&with("</saml:AudienceRestriction>", both), TOKEN, MESSAGE).await;
    Desk::new().assume(&signed(&with("urn:amazon:webservices", ACS))).await.unwrap();
}

#[tokio::test]
async fn an_expired_response_is_refused() {
    let past = format!("NotOnOrAfter=\"{}\"", at(0));
    is_refused(&with(&format!("NotOnOrAfter=\"{}\"", at(300)), &past), "ExpiredTokenException", "Response has expired")
        .await;
}

#[tokio::test]
async fn a_response_issued_more_than_five_minutes_ago_is_refused() {
    const MESSAGE: &str = "Token must be redeemed within 5 minutes of issuance";
    let issued = |offset| with(&format!("IssueInstant=\"{}\"", at(0)), &format!("IssueInstant=\"{}\"", at(offset)));
    Desk::new().assume(&signed(&issued(-300))).await.unwrap();
    is_refused(&issued(-301), "ExpiredTokenException", MESSAGE).await;
}

#[tokio::test]
async fn a_response_from_the_future_is_refused() {
    is_refused(&with(&format!("NotBefore=\"{}\"", at(-60)), &format!("NotBefore=\"{}\"", at(1))), TOKEN, INVALID).await;
}

#[tokio::test]
async fn another_issuer_is_refused() {
    const MESSAGE: &str = "Failed to assume role: Issuer not present in specified provider";
    is_refused(&with(ISSUER, "https://idp.example/metadata/"), TOKEN, MESSAGE).await;
    let outer_only = draft().replacen(ISSUER, "https://other.example", 1);
    is_refused(&outer_only, TOKEN, MESSAGE).await;
}

#[tokio::test]
async fn a_failed_status_is_refused() {
    is_refused(&with("status:Success", "status:Responder"), TOKEN, INVALID).await;
}

#[tokio::test]
async fn a_subject_without_name_is_refused() {
    is_refused(&with("ada-7", ""), "AccessDenied", DENIED).await;
    let (text, end) = (draft(), "</saml:Subject>");
    let subject = &text[text.find("<saml:Subject>").unwrap()..text.find(end).unwrap() + end.len()];
    is_refused(&text.replace(subject, ""), "AccessDenied", DENIED).await;
}

#[tokio::test]
async fn a_response_without_role_or_with_a_malformed_one_is_refused() {
    let pair = format!("{ROLE},{PROVIDER}");
    is_refused(&with(&attribute("Role", &[&pair]), ""), TOKEN, INVALID).await;
    for bad in [format!("{ROLE}, {PROVIDER}"), format!("{PROVIDER},{ROLE}"), ROLE.into(), format!("{ROLE};{PROVIDER}")]
    {
        is_refused(&with(&pair, &bad), TOKEN, INVALID).await;
    }
    is_refused(&with("Attributes/Role\"", "Attributes/role\""), TOKEN, INVALID).await;
}

#[tokio::test]
async fn a_pair_that_is_not_in_the_assertion_is_refused() {
    const MESSAGE: &str = "SAML Assertion doesn't contain the requested Role and Metadata in the attributes";
    is_refused(&with("role/Reader", "role/Other"), TOKEN, MESSAGE).await;
}

#[tokio::test]
async fn a_missing_session_name_is_refused() {
    let name = attribute("RoleSessionName", &["ada@example.com"]);
    is_refused(&with(&name, ""), TOKEN, "RoleSessionName is required in AuthnResponse").await;
}

#[tokio::test]
async fn a_bad_session_name_is_refused() {
    for bad in ["a", "Ada Lovelace", "ada/x", "åda", &"x".repeat(65)] {
        is_refused(&with("ada@example.com", bad), TOKEN, NAME).await;
    }
    is_refused(&with("ada@example.com", "ada</saml:AttributeValue><saml:AttributeValue>bob"), TOKEN, NAME).await;
}

#[tokio::test]
async fn of_two_attributes_with_one_name_only_the_first_counts() {
    let session = Desk::new().assume(&signed(&plus(&attribute("RoleSessionName", &["second"])))).await.unwrap();
    assert_eq!(session.session_name, "ada@example.com");
}

#[tokio::test]
async fn a_session_duration_outside_the_range_is_refused() {
    for bad in ["899", "43201", "1h", ""] {
        is_refused(&plus(&attribute("SessionDuration", &[bad])), TOKEN, INVALID).await;
    }
}

#[tokio::test]
async fn a_bad_source_identity_is_refused() {
    const MESSAGE: &str = r#"Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:""#;
    for bad in ["a", "aws:ada", "Ada Lovelace"] {
        is_refused(&plus(&attribute("SourceIdentity", &[bad])), TOKEN, MESSAGE).await;
    }
}

#[tokio::test]
async fn tags_beyond_the_limits_are_refused() {
    let many: String = (0..51).map(|n| attribute(&format!("PrincipalTag:t{n}"), &["x"])).collect();
    is_refused(&plus(&many), TOKEN, INVALID).await;
    is_refused(&plus(&attribute("PrincipalTag:Team", &[&"x".repeat(257)])), TOKEN, INVALID).await;
    is_refused(&plus(&attribute("PrincipalTag:Team", &["a", "b"])), TOKEN, INVALID).await;
    is_refused(&plus(&attribute("TransitiveTagKeys", &["Team"])), TOKEN, INVALID).await;
}

#[tokio::test]
async fn an_unknown_provider_is_refused() {
    let desk = Desk::new();
    desk.sandbox.iam().delete_saml_provider(PROVIDER).unwrap();
    let answer = desk.assume(&signed(&draft())).await;
    refused(answer, 400, TOKEN, "Specified provider doesn't exist");
}

#[tokio::test]
async fn the_session_ends_at_the_earliest_of_what_binds_it() {
    let desk = Desk::new();
    let end = |offset: i64| super::forge::NOW + offset;
    let long = signed(&plus(&attribute("SessionDuration", &["43200"])));
    assert_eq!(desk.assume(&long).await.unwrap().credentials.expiration, end(3_600));
    let short = plus(&attribute("SessionDuration", &["900"]));
    assert_eq!(desk.assume(&signed(&short)).await.unwrap().credentials.expiration, end(900));
    let bound = swap(&draft(), "SessionIndex=", &format!("SessionNotOnOrAfter=\"{}\" SessionIndex=", at(600)));
    assert_eq!(desk.assume(&signed(&bound)).await.unwrap().credentials.expiration, end(600));
    refused(
        desk.assume_for(&signed(&draft()), Some(7_200)).await,
        400,
        "ValidationError",
        "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
    );
}

/// A response whose addresses, audience and ARNs are of these partitions, brought to an account of the last one.
async fn brought(acs: Partition, audience: Partition, arns: Partition) -> Result<Session, Fault> {
    let options = SandboxOptions { base_url: BASE.into(), now: Arc::new(|| NOW), ..SandboxOptions::default() };
    let sandbox = Sandbox::new(options);
    let iam = sandbox.iam().in_partition(arns);
    let provider = iam.create_saml_provider("Rolecall", &metadata(ISSUER, &[ours().base64()])).unwrap();
    let address = format!("https://{}/saml", acs.host());
    iam.create_role(NewRole::new("Reader", &trust_policy(&provider.arn, &[&address]))).unwrap();
    let of = |arn: &str| arn.replace("arn:aws:", &format!("arn:{arns}:"));
    let text = of(&draft()).replace(ACS, &address).replace("urn:amazon:webservices", audience.audience());
    sandbox.assume_role_with_saml(&of(ROLE), &of(PROVIDER), &encode(&signed(&text)), None).await
}

#[tokio::test]
async fn each_partition_takes_what_is_for_it_and_nothing_that_is_for_another() {
    const AUDIENCE: &str = "Response does not contain the required audience";
    for here in Partition::ALL {
        let session = brought(here, here, here).await.unwrap();
        let (arn, audience) = (format!("arn:{here}:sts::"), format!("https://{}/saml", here.host()));
        assert!(session.assumed_role_arn.starts_with(&arn) && session.audience == audience, "{session:?}");
        for there in Partition::ALL.into_iter().filter(|there| *there != here) {
            refused(brought(here, there, here).await, 400, TOKEN, AUDIENCE);
            refused(brought(there, here, here).await, 400, TOKEN, CONFIRMATION);
        }
    }
    let mixed = with(&format!("{ROLE},{PROVIDER}"), &format!("{},{PROVIDER}", ROLE.replace("arn:aws:", "arn:aws-cn:")));
    is_refused(&mixed, TOKEN, INVALID).await;
}
