use super::*;
use crate::response::Attribute;

const PAIR: &str = "arn:aws:iam::111122223333:role/Reader,arn:aws:iam::111122223333:saml-provider/Rolecall";

fn attribute(name: &str, values: &[&str]) -> Attribute {
    Attribute {
        name: name.into(),
        friendly_name: None,
        name_format: None,
        values: values.iter().map(|v| (*v).to_owned()).collect(),
    }
}

fn usual() -> Vec<Attribute> {
    vec![attribute(ROLE, &[PAIR]), attribute(ROLE_SESSION_NAME, &["ada@example.com"])]
}

fn facts<'a>(attributes: &'a [Attribute], sources: &'a [String]) -> AwsFacts<'a> {
    AwsFacts {
        destination: "https://signin.aws.amazon.com/saml",
        recipient: "https://signin.aws.amazon.com/saml",
        audience: "urn:amazon:webservices",
        name_id: "ada",
        name_id_format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        assertion_signed: true,
        encrypted: false,
        attributes,
        sources,
        lifetime_seconds: 300,
        session_seconds: 43_200,
        response_size: Some(7000),
        in_response_to: false,
        user_name: None,
    }
}

fn verdict(facts: &AwsFacts<'_>, rule: &str) -> AwsVerdict {
    lint(facts).into_iter().find(|verdict| verdict.rule == rule).expect(rule)
}

/// The verdict of one rule when one attribute is added to the usual ones, or replaces the usual one of its name.
fn with(added: Attribute, rule: &str) -> AwsVerdict {
    let mut attributes = usual();
    attributes.retain(|usual| usual.name != added.name);
    attributes.push(added);
    verdict(&facts(&attributes, &[]), rule)
}

#[test]
fn a_usual_response_passes_every_rule_and_the_order_is_stable() {
    let attributes = usual();
    let verdicts = lint(&facts(&attributes, &[]));
    assert!(verdicts.iter().all(|v| v.level == Level::Passed && v.aws_message.is_empty()), "{verdicts:#?}");
    let rules: Vec<&str> = verdicts.iter().map(|v| v.rule).collect();
    assert_eq!(
        rules,
        [
            "Sign-in address",
            "Audience",
            "Destination and recipient",
            "InResponseTo",
            "NameID",
            "Role pairs",
            "One Role attribute",
            "Attribute names",
            "Role session name",
            "Session duration",
            "Source identity",
            "Session tags",
            "Transitive tags",
            "Assertion lifetime",
            "Session end",
            "Response size",
            "NameID format",
            "Assertion signature",
            "Assertion encryption",
            "Attributes for access control",
            "NameID and userName",
        ]
    );
    let bare = AwsFacts { destination: "", recipient: "", audience: "", name_id: "", ..facts(&[], &[]) };
    assert_eq!(lint(&bare).iter().map(|v| v.rule).collect::<Vec<_>>(), rules, "the same rules for a hopeless response");
}

#[test]
fn each_partition_has_its_addresses_and_its_audience() {
    use Level::{Failed, Passed, Warning};
    let attributes = usual();
    for (destination, audience, address, agreement) in [
        ("https://signin.aws.amazon.com/saml", "urn:amazon:webservices", Passed, Passed),
        ("https://eu-west-1.signin.aws.amazon.com/saml", "urn:amazon:webservices", Passed, Passed),
        ("https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSPX1", "urn:amazon:webservices", Passed, Passed),
        ("https://signin.aws.amazon.com/saml", "https://signin.aws.amazon.com/saml", Passed, Warning),
        ("https://signin.amazonaws-us-gov.com/saml", "urn:amazon:webservices:govcloud", Passed, Passed),
        ("https://signin.amazonaws.cn/saml", "urn:amazon:webservices:cn-north-1", Passed, Passed),
        ("https://signin.amazonaws.cn/saml", "urn:amazon:webservices", Passed, Failed),
        ("https://signin.aws.amazon.com/saml", "urn:amazon:webservices:govcloud", Passed, Failed),
        ("https://signin.aws.amazon.com/saml", "", Passed, Failed),
        ("https://signin.aws.amazon.com/", "urn:amazon:webservices", Failed, Warning),
        ("http://signin.aws.amazon.com/saml", "urn:amazon:webservices", Failed, Warning),
        ("https://signin.aws.amazon.com.evil.example/saml", "urn:amazon:webservices", Failed, Warning),
        ("https://evilsignin.aws.amazon.com/saml", "urn:amazon:webservices", Failed, Warning),
        ("https://x@signin.aws.amazon.com/saml", "urn:amazon:webservices", Failed, Warning),
        ("http://127.0.0.1:4000/saml", "urn:amazon:webservices", Warning, Passed),
        ("http://127.0.0.1.evil.example/saml", "urn:amazon:webservices", Failed, Warning),
    ] {
        let facts = AwsFacts { destination, audience, ..facts(&attributes, &[]) };
        assert_eq!(verdict(&facts, "Sign-in address").level, address, "{destination}");
        assert_eq!(verdict(&facts, "Audience").level, agreement, "{destination} {audience}");
    }
}

#[test]
fn every_malformed_role_pair_is_failed_and_quoted() {
    const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/Reader";
    const PROVIDER: &str = "arn:aws:iam::111122223333:saml-provider/Rolecall";
    for (value, reason) in [
        (format!("{ROLE_ARN}, {PROVIDER}"), "holds a space"),
        (format!("{PROVIDER},{ROLE_ARN}"), "provider first"),
        (ROLE_ARN.to_owned(), "is not `roleArn,providerArn`"),
        (String::new(), "is not `roleArn,providerArn`"),
        (format!("{ROLE_ARN},{PROVIDER},x"), "more than one comma"),
        (format!("arn:aws:iam::111122223333:role/,{PROVIDER}"), "empty role name"),
        (format!("{ROLE_ARN},arn:aws:iam::111122223333:saml-provider/"), "empty saml-provider name"),
        (format!("arn:aws:iam::1234:role/Reader,{PROVIDER}"), "not 12 digits"),
        (format!("arn:aws:iam:::role/Reader,{PROVIDER}"), "not 12 digits"),
        (format!("arn:aws:iam::999988887777:role/Reader,{PROVIDER}"), "two accounts"),
        (format!("arn:aws-cn:iam::111122223333:role/Reader,{PROVIDER}"), "two partitions"),
        (format!("arn:aws:iam::111122223333:user/Reader,{PROVIDER}"), "does not name a role"),
        (format!("role/Reader,{PROVIDER}"), "does not hold an IAM ARN"),
        (ROLE_ARN.replace("aws", "aws-cn") + "," + &PROVIDER.replace("aws", "aws-cn"), "is of partition aws-cn"),
    ] {
        let verdict = with(attribute(ROLE, &[PAIR, &value]), "Role pairs");
        assert_eq!(verdict.level, Level::Failed, "{value}");
        assert!(verdict.found.contains(reason) && verdict.found.contains(&value), "{value}: {}", verdict.found);
        assert!(!verdict.aws_message.is_empty());
    }
    let path = PAIR.replace("role/", "role/team/data/");
    assert_eq!(with(attribute(ROLE, &[PAIR, &path]), "Role pairs").level, Level::Passed);
    assert_eq!(with(attribute(ROLE, &[PAIR, PAIR]), "Role pairs").level, Level::Warning);
}

#[test]
fn a_missing_role_names_the_mapping_that_gave_nothing() {
    let attributes = [attribute(ROLE, &[]), attribute(ROLE_SESSION_NAME, &["ada"])];
    let sources = ["AWS roles".to_owned(), "AWS session".to_owned()];
    let facts = facts(&attributes, &sources);
    let missing = verdict(&facts, "Role pairs");
    assert_eq!((missing.level, missing.source.as_str()), (Level::Failed, "AWS roles"));
    assert_eq!(missing.aws_message, "Your request included an invalid SAML response. To logout, click here.");
    assert_eq!(verdict(&facts, "Role session name").source, "AWS session");
}

#[test]
fn repeated_attributes_are_failed() {
    let mut attributes = usual();
    attributes.extend(usual());
    let facts = facts(&attributes, &[]);
    assert_eq!(verdict(&facts, "One Role attribute").level, Level::Failed);
    assert_eq!(verdict(&facts, "Attribute names").level, Level::Failed);
    let other = [attribute("mail", &["a"]), attribute("mail", &["b"])];
    assert_eq!(verdict(&AwsFacts { attributes: &other, ..facts }, "Attribute names").level, Level::Passed);
}

#[test]
fn names_durations_and_identities_follow_the_patterns_of_aws() {
    use Level::{Failed, Passed};
    let long = "a".repeat(65);
    for (name, value, rule, level) in [
        (ROLE_SESSION_NAME, "ab", "Role session name", Passed),
        (ROLE_SESSION_NAME, "a", "Role session name", Failed),
        (ROLE_SESSION_NAME, "", "Role session name", Failed),
        (ROLE_SESSION_NAME, &long[1..], "Role session name", Passed),
        (ROLE_SESSION_NAME, &long, "Role session name", Failed),
        (ROLE_SESSION_NAME, "Ada Lovelace", "Role session name", Failed),
        (ROLE_SESSION_NAME, "adé", "Role session name", Failed),
        (ROLE_SESSION_NAME, "a_+=,.@-Z9", "Role session name", Passed),
        (SESSION_DURATION, "900", "Session duration", Passed),
        (SESSION_DURATION, "43200", "Session duration", Passed),
        (SESSION_DURATION, "899", "Session duration", Failed),
        (SESSION_DURATION, "43201", "Session duration", Failed),
        (SESSION_DURATION, "+3600", "Session duration", Failed),
        (SESSION_DURATION, "3600.0", "Session duration", Failed),
        (SESSION_DURATION, "", "Session duration", Failed),
        (SESSION_DURATION, "99999999999", "Session duration", Failed),
        (SOURCE_IDENTITY, "ada", "Source identity", Passed),
        (SOURCE_IDENTITY, "a", "Source identity", Failed),
        (SOURCE_IDENTITY, "aws:ada", "Source identity", Failed),
    ] {
        assert_eq!(with(attribute(name, &[value]), rule).level, level, "{rule} {value}");
    }
    for (name, rule) in [
        (ROLE_SESSION_NAME, "Role session name"),
        (SESSION_DURATION, "Session duration"),
        (SOURCE_IDENTITY, "Source identity"),
    ] {
        assert_eq!(with(attribute(name, &["3600", "3601"]), rule).level, Failed, "{rule}");
    }
    assert_eq!(
        with(attribute(ROLE_SESSION_NAME, &[]), "Role session name").aws_message,
        "RoleSessionName is required in AuthnResponse"
    );
}

#[test]
fn tags_are_counted_measured_and_must_exist_to_be_transitive() {
    let tag = |key: &str, values: &[&str]| attribute(&format!("{PRINCIPAL_TAG_PREFIX}{key}"), values);
    let (long_key, long_value) = ("k".repeat(129), "v".repeat(257));
    assert_eq!(with(tag("team", &["data"]), "Session tags").level, Level::Passed);
    assert_eq!(with(tag(&long_key[1..], &[&long_value[1..]]), "Session tags").level, Level::Passed);
    for bad in [tag("", &["x"]), tag(&long_key, &["x"]), tag("team", &[&long_value]), tag("team", &["a", "b"])] {
        assert_eq!(with(bad, "Session tags").level, Level::Failed);
    }
    for bad in
        [tag("aws:x", &["x"]), tag("AWS:x", &["x"]), tag("R&D", &["x"]), tag("team", &["R&D"]), tag("team", &["a\nb"])]
    {
        assert_eq!(with(bad, "Session tags").level, Level::Failed);
    }
    assert_eq!(with(tag("é _.:/=+-@1", &["ü _.:/=+-@1"]), "Session tags").level, Level::Passed);
    let twice = [tag("Team", &["x"]), tag("tEAM", &["x"])];
    assert_eq!(verdict(&facts(&twice, &[]), "Session tags").level, Level::Failed);
    let mut many: Vec<Attribute> = (0..50).map(|n| tag(&n.to_string(), &["x"])).collect();
    assert_eq!(verdict(&facts(&many, &[]), "Session tags").level, Level::Passed);
    many.push(tag("one more", &["x"]));
    assert_eq!(verdict(&facts(&many, &[]), "Session tags").level, Level::Failed);

    let transitive = [tag("team", &["data"]), attribute(TRANSITIVE_TAG_KEYS, &["team"])];
    assert_eq!(verdict(&facts(&transitive, &[]), "Transitive tags").level, Level::Passed);
    let missing = [tag("team", &["data"]), attribute(TRANSITIVE_TAG_KEYS, &["team", "cost"])];
    assert!(verdict(&facts(&missing, &[]), "Transitive tags").found.contains("`cost`"));
}

#[test]
fn times_size_recipient_and_subject_are_held_against_the_limits() {
    use Level::{Failed, Passed, Warning};
    let mut attributes = usual();
    attributes.push(attribute(SESSION_DURATION, &["3600"]));
    let base = facts(&attributes, &[]);
    let level = |facts: AwsFacts<'_>, rule: &str| verdict(&facts, rule).level;
    assert_eq!(level(AwsFacts { lifetime_seconds: 301, ..base }, "Assertion lifetime"), Warning);
    assert_eq!(level(AwsFacts { lifetime_seconds: 0, ..base }, "Assertion lifetime"), Failed);
    assert_eq!(level(AwsFacts { session_seconds: 3599, ..base }, "Session end"), Warning);
    assert_eq!(level(AwsFacts { session_seconds: 0, ..base }, "Session end"), Failed);
    assert_eq!(level(AwsFacts { response_size: Some(100_000), ..base }, "Response size"), Passed);
    assert_eq!(level(AwsFacts { response_size: Some(100_001), ..base }, "Response size"), Failed);
    assert_eq!(level(AwsFacts { response_size: None, ..base }, "Response size"), Passed);
    assert_eq!(
        level(
            AwsFacts { recipient: "https://us-east-1.signin.aws.amazon.com/saml", ..base },
            "Destination and recipient"
        ),
        Failed
    );
    assert_eq!(level(AwsFacts { name_id: " ", ..base }, "NameID"), Failed);
    assert_eq!(level(AwsFacts { in_response_to: true, ..base }, "InResponseTo"), Warning);
}

#[test]
fn identity_center_needs_no_roles_but_an_address_as_the_name() {
    let center = AwsFacts {
        destination: "https://eu-central-1.signin.aws/platform/saml/acs/2d737f96",
        recipient: "https://eu-central-1.signin.aws/platform/saml/acs/2d737f96",
        audience: "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278",
        name_id: "ada@example.com",
        name_id_format: CENTER_FORMAT,
        in_response_to: true,
        ..facts(&[], &[])
    };
    let verdicts = lint(&center);
    assert!(verdicts.iter().all(|v| v.level == Level::Passed), "{verdicts:#?}");
    assert_eq!(verdict(&AwsFacts { name_id: "ada", ..center }, "NameID").level, Level::Failed);
}

const CENTER_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

#[test]
fn identity_center_has_rules_of_its_own_also_where_a_double_stands_in_for_it() {
    const RULE: &str = "Attributes for access control";
    use Level::{Failed, Passed, Warning};
    for destination in [
        "https://eu-central-1.signin.aws/platform/saml/acs/1",
        "http://127.0.0.1:8080/platform/saml/acs/1",
        "http://sso.localhost:8080/platform/saml/acs/1",
        "https://eu-central-1.new-host.aws/platform/saml/acs/1",
    ] {
        let level = |change: &dyn Fn(&mut AwsFacts<'_>), attributes: &[Attribute], rule: &str| {
            let center = AwsFacts {
                destination,
                recipient: destination,
                audience: "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278",
                name_id: "ada@example.com",
                name_id_format: CENTER_FORMAT,
                ..facts(&[], &[])
            };
            let mut center = AwsFacts { attributes, ..center };
            change(&mut center);
            verdict(&center, rule).level
        };
        let same = |_: &mut AwsFacts<'_>| {};
        let format =
            |center: &mut AwsFacts<'_>| center.name_id_format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
        assert!(level(&same, &[], "Sign-in address") < Failed, "{destination}");
        assert_eq!(level(&same, &[], "NameID format"), Passed);
        assert_eq!(level(&format, &[], "NameID format"), Failed);
        assert_eq!(level(&|c| c.encrypted = true, &[], "Assertion encryption"), Failed);
        assert_eq!(level(&|c| c.assertion_signed = false, &[], "Assertion signature"), Failed);
        for name_id in ["ada@b@example.com", "ada @example.com", "@example.com", "ada@", "ada..l@x.example", "<ada>@x"]
        {
            assert_eq!(level(&|c| c.name_id = name_id, &[], "NameID"), Failed, "{name_id}");
        }
        assert_eq!(level(&same, &[], "Role pairs"), Passed);
        let tag = |key: &str, values: &[&str]| attribute(&format!("{ACCESS_CONTROL_PREFIX}{key}"), values);
        assert_eq!(level(&same, &[tag("Team", &["Engines"])], RULE), Passed);
        assert_eq!(level(&same, &[tag("Team", &["a", "b"])], RULE), Failed);
        assert_eq!(level(&same, &[tag("Team", &[""])], RULE), Failed);
        assert_eq!(level(&same, &[tag("", &["a"])], RULE), Failed);
        assert_eq!(level(&same, &[tag(&"k".repeat(128), &["v".repeat(256).as_str()])], RULE), Passed);
        assert_eq!(level(&same, &[tag(&"k".repeat(129), &["v"])], RULE), Failed);
        assert_eq!(level(&same, &[tag("k", &["v".repeat(257).as_str()])], RULE), Failed);
        assert_eq!(level(&same, &[tag("k", &["v"]), tag("k", &["w"])], RULE), Failed);
        let many = |n: usize| (0..n).map(|i| tag(&i.to_string(), &["v"])).collect::<Vec<_>>();
        assert_eq!(level(&same, &many(50), RULE), Passed);
        assert_eq!(level(&same, &many(51), RULE), Failed);
        let principal = attribute(&format!("{PRINCIPAL_TAG_PREFIX}Team"), &["a"]);
        assert_eq!(level(&same, std::slice::from_ref(&principal), RULE), Warning);
        assert_eq!(level(&same, &[principal, tag("Team", &["a", "b"])], RULE), Failed, "the tag hides what is broken");
        let formatted = |format: &str| Attribute { name_format: Some(format.to_owned()), ..tag("Team", &["a"]) };
        assert_eq!(level(&same, &[formatted("urn:oasis:names:tc:SAML:2.0:attrname-format:basic")], RULE), Passed);
        assert_eq!(level(&same, &[formatted("urn:oasis:names:tc:SAML:2.0:attrname-format:other")], RULE), Failed);
    }
    let other = attribute(&format!("{ACCESS_CONTROL_PREFIX}Team"), &["a"]);
    assert_eq!(with(other, "Attributes for access control").level, Warning);
    let usual = usual();
    let encrypted = AwsFacts { encrypted: true, ..facts(&usual, &[]) };
    assert_eq!(verdict(&encrypted, "Assertion encryption").level, Passed, "IAM decrypts");
}

/// Identity Center, where the person is called so by a SCIM provider.
fn called(name_id: &str, known: PushedName<'_>) -> AwsVerdict {
    let center = AwsFacts {
        destination: "https://eu-central-1.signin.aws/platform/saml/acs/1",
        recipient: "https://eu-central-1.signin.aws/platform/saml/acs/1",
        audience: "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-99672f8278",
        name_id,
        name_id_format: CENTER_FORMAT,
        user_name: Some(known),
        ..facts(&[], &[])
    };
    verdict(&center, USER_NAME)
}

#[test]
fn the_name_id_is_the_user_name_that_is_there_or_else_the_one_that_is_pushed_letter_for_letter() {
    use Level::{Failed, Passed, Warning};
    const UNEXPECTED: &str = "An unexpected error has occurred";
    let known =
        PushedName { provider: "scim", pushed: "a@x", there: None, left_out: None, held: false, source: "mapping" };
    for (name_id, known, level, message) in [
        ("a@x", known, Passed, ""),
        ("A@x", known, Failed, UNEXPECTED),
        ("a@x", PushedName { there: Some("a@x"), ..known }, Passed, ""),
        ("a@x", PushedName { there: Some("old@x"), ..known }, Failed, UNEXPECTED),
        ("old@x", PushedName { there: Some("old@x"), ..known }, Passed, ""),
        ("a@x", PushedName { held: true, ..known }, Failed, ""),
        ("a@x", PushedName { left_out: Some("a robot"), ..known }, Warning, "Invalid MFA credentials"),
        ("a@x", PushedName { pushed: "", ..known }, Failed, UNEXPECTED),
    ] {
        let found = called(name_id, known);
        assert_eq!((found.level, found.aws_message), (level, message), "{name_id} {known:?}: {}", found.found);
    }
    assert_eq!(called("b@x", known).source, "mapping");
}

#[test]
fn the_addresses_of_identity_center_are_of_one_partition_too_and_a_double_goes_by_its_audience() {
    let (gov, aws) = ("us-gov-west-1.signin.amazonaws-us-gov.com", "eu-central-1.signin.aws");
    for (acs, audience, level) in [(gov, gov, Level::Passed), (aws, gov, Level::Failed), (gov, aws, Level::Failed)] {
        let (acs, audience) =
            (format!("https://{acs}/platform/saml/acs/1"), format!("https://{audience}/platform/saml/d-9967"));
        let center = AwsFacts { destination: &acs, recipient: &acs, audience: &audience, ..facts(&[], &[]) };
        assert_eq!(verdict(&center, "Audience").level, level, "{acs} {audience}");
    }
    let attributes = usual();
    let double = AwsFacts { destination: "http://127.0.0.1:1/saml", ..facts(&attributes, &[]) };
    assert_eq!(verdict(&double, "Role pairs").level, Level::Passed);
    let china = AwsFacts { audience: "urn:amazon:webservices:cn-north-1", ..double };
    assert_eq!(verdict(&china, "Role pairs").level, Level::Failed);
}
