//! `AssumeRoleWithSAML`, for the API and for the console.

use base64::{Engine, engine::general_purpose::STANDARD};
use openssl::hash::{MessageDigest, hash};

use super::{Credentials, Session};
use crate::fault::Fault;
use crate::iam::{Context, Iam, Provider, Role};
use crate::options::Now;
use crate::saml::{Claims, Endpoints, Message, Pair, claims};

/// Seconds that a session lasts if nobody says otherwise.
const HOUR: i64 = 3_600;
/// Octets that tags may take, packed; AWS keeps the true measure to itself.
const PACKED: usize = 4_096;

/// Where a response was brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// The sign-in page. `SessionDuration` may lengthen the session.
    Console,
    /// STS, with `DurationSeconds`. `SessionDuration` can only shorten it, and the role's maximum binds.
    Api(Option<i64>),
}

/// A request for a role.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) message: &'a Message,
    pub(crate) pair: &'a Pair,
    pub(crate) door: Door,
}

/// Judges a response and gives a session.
pub(crate) async fn assume(
    iam: &Iam,
    endpoints: &Endpoints,
    now: &Now,
    request: Request<'_>,
) -> Result<Session, Fault> {
    let pair = request.pair;
    let iam = iam.in_partition(pair.provider.partition).in_account(&pair.provider.account);
    let provider = iam.provider(pair.provider.as_str()).map_err(|_| Fault::provider())?;
    let claims = verified(request.message, &provider, endpoints, now()).await?;
    if !claims.pairs.contains(pair) {
        return Err(Fault::pair());
    }
    let qualifier = name_qualifier(&claims.issuer, &provider)?;
    let role = iam.role(&pair.role.name).ok().filter(|role| role.arn == pair.role).ok_or_else(Fault::not_authorized)?;
    if !role.trust.allows(&provider.arn, &actions(&claims), &context(&claims, &provider, &qualifier)) {
        return Err(Fault::not_authorized());
    }
    let seconds = duration(&request.door, &claims, &role)?;
    let now = now();
    let end = claims.session_end.map_or(now + seconds, |end| end.min(now + seconds));
    session(&role, claims, qualifier, end)
}

/// The issuer must be the provider's before its certificates say anything; then the signature; then everything else.
pub(crate) async fn verified(
    message: &Message,
    provider: &Provider,
    endpoints: &Endpoints,
    now: i64,
) -> Result<Claims, Fault> {
    let issuers = message.issuers();
    let issuer = *issuers.last().ok_or_else(Fault::issuer)?;
    if issuers.iter().any(|other| *other != issuer) {
        return Err(Fault::issuer());
    }
    let entity = provider.entity(issuer).ok_or_else(Fault::issuer)?;
    let (response, assertion) = message.verify(&entity.certificates).await?;
    let claims = claims((response, &assertion), endpoints, provider, now)?;
    if provider.insists_on_own_service() && !claims.recipient.ends_with(&format!("/saml/acs/{}", provider.uuid)) {
        return Err(Fault::confirmation());
    }
    if claims.issuer == entity.id { Ok(claims) } else { Err(Fault::issuer()) }
}

fn actions(claims: &Claims) -> Vec<&'static str> {
    let mut actions = vec!["sts:AssumeRoleWithSAML"];
    if !claims.tags.is_empty() {
        actions.push("sts:TagSession");
    }
    if claims.source_identity.is_some() {
        actions.push("sts:SetSourceIdentity");
    }
    actions
}

/// The attributes that become condition keys, as AWS names them.
const KEYS: [(&str, &str); 15] = [
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.1", "edupersonaffiliation"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.2", "edupersonnickname"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.3", "edupersonorgdn"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.4", "edupersonorgunitdn"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.5", "edupersonprimaryaffiliation"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.6", "edupersonprincipalname"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.7", "edupersonentitlement"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.8", "edupersonprimaryorgunitdn"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.9", "edupersonscopedaffiliation"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.10", "edupersontargetedid"),
    ("urn:oid:1.3.6.1.4.1.5923.1.1.1.11", "edupersonassurance"),
    ("urn:oid:2.5.4.3", "cn"),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", "name"),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname", "surname"),
    ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", "mail"),
];

fn context(claims: &Claims, provider: &Provider, qualifier: &str) -> Context {
    let mut context = Context::default();
    let arn = &provider.arn;
    for (key, value) in [
        ("saml:aud", claims.recipient.clone()),
        ("saml:iss", claims.issuer.clone()),
        ("saml:sub", claims.subject.clone()),
        ("saml:sub_type", subject_type(&claims.format).into()),
        ("saml:namequalifier", qualifier.into()),
        ("saml:doc", format!("{}/{}", arn.account, arn.name)),
        ("sts:RoleSessionName", claims.session_name.clone()),
    ] {
        context.set(key, [value]);
    }
    for (attribute, key) in KEYS {
        context.set(&format!("saml:{key}"), claims.attributes.named(attribute).iter().cloned());
    }
    for (key, value) in &claims.tags {
        context.set(&format!("aws:RequestTag/{key}"), [value.clone()]);
    }
    context.set("aws:TagKeys", claims.tags.iter().map(|(key, _)| key.clone()));
    context.set("sts:TransitiveTagKeys", claims.transitive.iter().cloned());
    context.set("sts:SourceIdentity", claims.source_identity.clone());
    context
}

/// How long a session lasts, in seconds.
fn duration(door: &Door, claims: &Claims, role: &Role) -> Result<i64, Fault> {
    let wish = claims.session_duration;
    match *door {
        Door::Console => Ok(wish.unwrap_or(HOUR)),
        Door::Api(asked) => {
            if asked.is_some_and(|seconds| seconds > role.max_session) {
                return Err(Fault::duration());
            }
            let seconds = asked.unwrap_or(HOUR);
            Ok(wish.map_or(seconds, |wish| wish.min(seconds)))
        }
    }
}

fn session(role: &Role, claims: Claims, name_qualifier: String, end: i64) -> Result<Session, Fault> {
    let account = role.arn.account.clone();
    let (role_name, name) = (&role.arn.name, &claims.session_name);
    let octets: usize = claims.tags.iter().map(|(key, value)| key.len() + value.len()).sum();
    let packed = u32::try_from((octets * 100).div_ceil(PACKED)).map_err(Fault::internal)?;
    if packed > 100 {
        let message = format!("Serialized token too large for session. Packed size is {packed}% of the limit.");
        return Err(Fault::new(400, "PackedPolicyTooLarge", message));
    }
    Ok(Session {
        role_arn: role.arn.to_string(),
        role_name: role_name.clone(),
        assumed_role_id: format!("{}:{name}", role.id),
        assumed_role_arn: format!("arn:{}:sts::{account}:assumed-role/{role_name}/{name}", role.arn.partition),
        account,
        credentials: Credentials::issue(end)?,
        audience: claims.recipient,
        issuer: claims.issuer,
        name_qualifier,
        subject: claims.subject,
        subject_type: subject_type(&claims.format).into(),
        packed_policy_size: (!claims.tags.is_empty()).then_some(packed),
        session_name: claims.session_name,
        tags: claims.tags,
        transitive_tag_keys: claims.transitive,
        source_identity: claims.source_identity,
    })
}

fn subject_type(format: &str) -> &str {
    format.strip_prefix("urn:oasis:names:tc:SAML:2.0:nameid-format:").unwrap_or(format)
}

fn name_qualifier(issuer: &str, provider: &Provider) -> Result<String, Fault> {
    let text = format!("{issuer}{}/{}", provider.arn.account, provider.arn.name);
    Ok(STANDARD.encode(hash(MessageDigest::sha1(), text.as_bytes()).map_err(Fault::internal)?))
}
