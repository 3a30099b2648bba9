//! IAM by its Query protocol.

use super::desk::{Desk, refused};
use super::forge::{ISSUER, PROVIDER, Pair, metadata, ours};

const UNREADABLE: &str = "Could not parse metadata";

#[tokio::test]
async fn providers_are_made_read_listed_changed_and_deleted() {
    let desk = Desk::new();
    let document = metadata(ISSUER, &[ours().base64()]);
    let made = desk.iam("CreateSAMLProvider", &[("Name", "Second"), ("SAMLMetadataDocument", &document)]).await;
    let arn = "arn:aws:iam::123412341234:saml-provider/Second";
    assert!(made.body.contains(&format!("<SAMLProviderArn>{arn}</SAMLProviderArn>")), "{}", made.body);
    let again = desk.iam("CreateSAMLProvider", &[("Name", "Second"), ("SAMLMetadataDocument", &document)]).await;
    assert!(again.status == 409 && again.body.contains("<Code>EntityAlreadyExists</Code>"), "{}", again.body);
    let read = desk.iam("GetSAMLProvider", &[("SAMLProviderArn", arn)]).await;
    assert!(read.body.contains("<SAMLProviderUUID>SAMLSP") && read.body.contains("<ValidUntil>2027-"), "{}", read.body);
    let all = desk.iam("ListSAMLProviders", &[]).await.body;
    assert!(all.contains(arn) && all.contains(PROVIDER));
    let nothing = desk.iam("UpdateSAMLProvider", &[("SAMLProviderArn", arn)]).await;
    assert!(nothing.body.contains("No updates are defined for metadata or encryption assertion."), "{}", nothing.body);
    let other = metadata("https://other.example", &[ours().base64()]);
    let changed = desk.iam("UpdateSAMLProvider", &[("SAMLProviderArn", arn), ("SAMLMetadataDocument", &other)]).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(desk.iam("DeleteSAMLProvider", &[("SAMLProviderArn", arn)]).await.status, 200);
    let gone = desk.iam("GetSAMLProvider", &[("SAMLProviderArn", arn)]).await;
    assert!(gone.status == 404 && gone.body.contains("<Code>NoSuchEntity</Code>"), "{}", gone.body);
}

#[test]
fn metadata_that_aws_cannot_use_is_refused() {
    let desk = Desk::new();
    let good = metadata(ISSUER, &[ours().base64()]);
    let padded = |text: &str| format!("{text}{}", " ".repeat(1_000));
    for bad in [
        "<EntityDescriptor/>".to_owned(),
        padded("<EntityDescriptor/>"),
        format!("\u{feff}{good}"),
        padded(&metadata(ISSUER, &[])),
        padded(&metadata("", &[ours().base64()])),
        padded(&metadata(ISSUER, &[Pair::new(768).base64()])),
        good.replace("IDPSSODescriptor", "SPSSODescriptor"),
        good.replace("MII", "???"),
        format!("<!DOCTYPE x>{good}"),
        good.replace("entityID=", "validUntil=\"soon\" entityID="),
    ] {
        refused(desk.sandbox.iam().create_saml_provider("Bad", &bad), 400, "InvalidInput", UNREADABLE);
    }
    let eleven = vec![ours().base64(); 11];
    let fault = desk.sandbox.iam().create_saml_provider("Bad", &metadata(ISSUER, &eleven)).unwrap_err();
    assert_eq!((fault.status, fault.code), (409, "LimitExceeded"));
    assert_eq!(desk.sandbox.iam().create_saml_provider("a b", &good).unwrap_err().code, "ValidationError");
}

#[tokio::test]
async fn roles_are_made_read_listed_changed_and_deleted() {
    let desk = Desk::new();
    let policy = crate::trust_policy(&desk.provider.arn, &["https://signin.aws.amazon.com/saml"]);
    let form = [("RoleName", "Admin"), ("AssumeRolePolicyDocument", policy.as_str()), ("MaxSessionDuration", "7200")];
    let made = desk.iam("CreateRole", &form).await;
    assert!(made.body.contains("<Arn>arn:aws:iam::123412341234:role/Admin</Arn>"), "{}", made.body);
    assert_eq!(desk.iam("CreateRole", &form).await.status, 409);
    let read = desk.iam("GetRole", &[("RoleName", "Admin")]).await.body;
    assert!(read.contains("<MaxSessionDuration>7200</MaxSessionDuration>"));
    assert!(read.contains("<AssumeRolePolicyDocument>%7B%22Version%22"), "{read}");
    let changed = [("RoleName", "Admin"), ("PolicyDocument", policy.as_str())];
    assert_eq!(desk.iam("UpdateAssumeRolePolicy", &changed).await.status, 200);
    assert!(desk.iam("ListRoles", &[]).await.body.contains("<RoleName>Admin</RoleName>"));
    assert_eq!(desk.iam("DeleteRole", &[("RoleName", "Admin")]).await.status, 200);
    assert_eq!(desk.iam("GetRole", &[("RoleName", "Admin")]).await.status, 404);
}

#[tokio::test]
async fn an_access_key_of_twelve_digits_is_the_account() {
    let desk = Desk::new();
    let form = [("Action", "ListRoles"), ("Version", "2010-05-08")];
    let other = desk.send("POST", "/", &form, Some("210987654321")).await;
    assert!(!other.body.contains("<RoleName>"), "{}", other.body);
    let own = desk.send("POST", "/", &form, Some("AKIAXXXXXXXXXXXXXXXX")).await;
    assert!(own.body.contains("<RoleName>Reader</RoleName>"));
}
