//! The two ARNs in a value of the `Role` attribute.

/// An IAM ARN of the form `arn:partition:iam::account:kind/name`.
#[derive(Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    pub partition: &'a str,
    pub account: &'a str,
}

/// Reads `roleArn,providerArn`, or says what is wrong with it, as the end of a sentence.
pub fn pair(value: &str) -> Result<(Arn<'_>, Arn<'_>), String> {
    if value.chars().any(char::is_whitespace) {
        return Err("holds a space".into());
    }
    let Some((role, provider)) = value.split_once(',') else {
        return Err("is not `roleArn,providerArn`".into());
    };
    if provider.contains(',') {
        return Err("has more than one comma".into());
    }
    if role.contains(":saml-provider/") && provider.contains(":role/") {
        return Err("has the provider first; the role comes first".into());
    }
    let role = one(role, "role")?;
    let provider = one(provider, "saml-provider")?;
    if role.account != provider.account {
        return Err(format!("names two accounts, {} and {}", role.account, provider.account));
    }
    if role.partition != provider.partition {
        return Err(format!("names two partitions, {} and {}", role.partition, provider.partition));
    }
    Ok((role, provider))
}

fn one<'a>(arn: &'a str, kind: &str) -> Result<Arn<'a>, String> {
    let mut parts = arn.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (scheme, partition, service, region, account, resource) = (next(), next(), next(), next(), next(), next());
    if scheme != "arn" || !region.is_empty() || service != "iam" {
        return Err(format!("does not hold an IAM ARN for the {kind}"));
    }
    let known = partition == "aws" || partition.strip_prefix("aws-").is_some_and(|rest| !rest.is_empty());
    if !known {
        return Err(format!("names the unknown partition `{partition}`"));
    }
    if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("has the account `{account}` in the {kind} ARN, not 12 digits"));
    }
    let Some(name) = resource.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/')) else {
        return Err(format!("does not name a {kind}"));
    };
    // What a mapping makes of a group that lacks the attribute it reads.
    if name.is_empty() || name.ends_with('/') {
        return Err(format!("has an empty {kind} name; is an attribute missing on the group?"));
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '=' | ',' | '.' | '@' | '-' | '/');
    if !name.chars().all(legal) {
        return Err(format!("has characters that IAM does not allow in a {kind} name"));
    }
    Ok(Arn { partition, account })
}
