use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{Partition, SamlProvider, SamlProviderArn};

use super::words::provider_path;
use crate::ui::{CodeBlock, TextField};

/// What has to be filled in where nobody has said what the provider is called at IAM.
fn placeholder(partition: Partition) -> String {
    format!("arn:{}:iam::ACCOUNT:saml-provider/NAME", partition.name())
}

/// The commands that make a pair, hand its private half to IAM, and tell the address for this provider alone.
fn commands(arn: &str, region: &str) -> String {
    format!(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=aws-assertions -keyout aws-assertions.key -out aws-assertions.crt\n\
         aws iam update-saml-provider --region {region} --saml-provider-arn {arn} --assertion-encryption-mode Allowed --add-private-key file://aws-assertions.key\n\
         aws iam get-saml-provider --region {region} --saml-provider-arn {arn} --query SAMLProviderUUID --output text"
    )
}

/// The command after which IAM takes nothing else.
fn insist(arn: &str, region: &str) -> String {
    format!(
        "aws iam update-saml-provider --region {region} --saml-provider-arn {arn} --assertion-encryption-mode Required"
    )
}

/// The address of one provider alone; its identifier at IAM stands at the end.
fn own_address(provider: &SamlProvider, partition: Partition) -> String {
    let known = provider.acs_endpoints().map(|(url, _)| url).find(|url| url.contains("/saml/acs/"));
    let region = provider.region().map(|region| format!("{region}.")).unwrap_or_default();
    known.map_or_else(|| format!("https://{region}{}/saml/acs/SAMLSP…", partition.sign_in_host()), str::to_owned)
}

/// What the provider may be called at IAM, and what is wrong with what was typed.
fn named(known: &[SamlProviderArn], typed: &str, partition: Partition) -> (Vec<String>, Option<String>) {
    let known = || known.iter().filter(|arn| arn.partition() == partition).map(ToString::to_string).collect();
    match typed.trim() {
        "" => (known(), None),
        text => match text.parse::<SamlProviderArn>() {
            Ok(arn) if arn.partition() == partition => (vec![arn.to_string()], None),
            Ok(arn) => {
                let why = format!(
                    "it is of the partition {}, and this speaks to {}",
                    arn.partition().name(),
                    partition.name()
                );
                (known(), Some(why))
            }
            Err(error) => (known(), Some(error.to_string())),
        },
    }
}

/// How assertions for IAM come to be encrypted: AWS has the private half of the key, and nobody else. `known` are the ARNs
/// by which role tables name the provider.
pub fn hand_over(provider: &SamlProvider, known: &[SamlProviderArn]) -> Option<AnyView> {
    let partition = provider.partition().filter(|_| provider.is_aws())?;
    let typed = use_query_map().with_untracked(|query| query.get("arn").unwrap_or_default());
    let (arns, fault) = named(known, &typed, partition);
    let own = provider.acs_endpoints().any(|(url, _)| url.contains("/saml/acs/"));
    let now = match (provider.encryption.is_some(), own) {
        (false, _) => "Assertions are not encrypted now; IAM must not be set to Required.",
        (true, false) => {
            "Assertions are encrypted now, and go to the address of all providers: IAM may be set to Allowed, not to Required."
        }
        (true, true) => {
            "Assertions are encrypted now, and go to the address of this provider: IAM may be set to Allowed or Required."
        }
    };
    let region = provider.region().unwrap_or(partition.usual_region());
    let shown = if arns.is_empty() { vec![placeholder(partition)] } else { arns };
    let hand = blocks(&shown, "Commands for AWS", |arn| commands(arn, region));
    let insist = blocks(&shown, "Command to insist", |arn| insist(arn, region));
    let address = own_address(provider, partition);
    let open = !typed.is_empty();
    Some(
        view! {
            <details open=open>
                <summary>"Encrypted assertions: hand a key to IAM"</summary>
                <p>{now}</p>
                {ask(&provider.name, typed, fault, placeholder(partition))}
                <ol>
                    <li>"On your own machine, make a key pair, give IAM its private half, and read the identifier of the provider:"{hand}</li>
                    <li>"In the trust policy of each role, add the address of this provider alone to what SAML:aud may be, with the identifier at its end: "<code>{address}</code>". Otherwise AWS refuses the role to whoever arrives there."</li>
                    <li>"Here, edit the provider: put aws-assertions.crt under “Encrypt assertions to”. The private half is never needed here; delete it."</li>
                    <li>"As the ACS address, put that address too, and save both at once."</li>
                    <li>"Sign on once. Then let IAM take nothing else:"{insist}</li>
                </ol>
                <p class="help">"IAM holds two such keys. To change one, add the new key, put its certificate here, then remove the old key at IAM."</p>
            </details>
        }
        .into_any(),
    )
}

fn blocks(arns: &[String], label: &str, text: impl Fn(&str) -> String) -> AnyView {
    let block = |arn: &String| {
        let label = if arns.len() > 1 { format!("{label}: {arn}") } else { label.to_owned() };
        view! { <CodeBlock label text=text(arn) /> }
    };
    arns.iter().map(block).collect_view().into_any()
}

/// Asks what the provider is called at IAM. The answer is in the address and nowhere else.
fn ask(name: &str, typed: String, fault: Option<String>, example: String) -> AnyView {
    let value = RwSignal::new(typed);
    view! {
        <form method="get" action=provider_path(name)>
            <TextField id="arn" label="ARN of the SAML provider at IAM" value on_input=Callback::new(move |text| value.set(text)) error=Signal::stored(fault)
                help=format!("For the commands below, such as {example}. Nothing of it is kept; the role tables of applications name it for good.") />
            <button>"Show the commands"</button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use model::{Partition, SamlProvider, SamlProviderArn};

    use super::{commands, named, own_address, placeholder};

    #[test]
    fn the_commands_name_the_provider_and_the_region_of_its_partition() {
        for (partition, region) in
            [(Partition::Aws, "us-east-1"), (Partition::GovCloud, "us-gov-west-1"), (Partition::China, "cn-north-1")]
        {
            let arn = format!("arn:{}:iam::123412341234:saml-provider/rolecall", partition.name());
            let known: SamlProviderArn = arn.parse().unwrap();
            let (shown, fault) = named(std::slice::from_ref(&known), "", partition);
            assert_eq!((shown.as_slice(), fault), ([arn.clone()].as_slice(), None));
            let text = commands(&arn, partition.usual_region());
            let wanted = format!("--region {region} --saml-provider-arn {arn}");
            assert!(text.matches(&wanted).count() == 2 && !text.contains("ACCOUNT"), "{text}");
            let provider = SamlProvider::new("a", partition.acs_url(), partition.audience());
            let address = format!("https://{}/saml/acs/SAMLSP…", partition.sign_in_host());
            assert_eq!(own_address(&provider, partition), address);
        }
    }

    #[test]
    fn what_is_typed_counts_before_what_is_known_and_is_refused_where_it_is_wrong() {
        let known: SamlProviderArn = "arn:aws:iam::123412341234:saml-provider/a".parse().unwrap();
        let typed = "arn:aws:iam::432143214321:saml-provider/b";
        assert_eq!(named(std::slice::from_ref(&known), typed, Partition::Aws), (vec![typed.to_owned()], None));
        for wrong in ["arn:aws-cn:iam::432143214321:saml-provider/b", "b", "arn:aws:iam::432143214321:role/b"] {
            let (shown, fault) = named(std::slice::from_ref(&known), wrong, Partition::Aws);
            assert!(shown == [known.to_string()] && fault.is_some(), "{wrong}");
        }
        assert!(named(&[known], "", Partition::China).0.is_empty());
        assert!(commands(&placeholder(Partition::China), "cn-north-1").contains("arn:aws-cn:iam::ACCOUNT:"));
    }

    #[test]
    fn an_address_of_its_own_and_a_region_are_kept() {
        let own = "https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSPX1";
        let provider = SamlProvider::new("a", own, "urn:amazon:webservices");
        assert_eq!(own_address(&provider, Partition::Aws), own);
        let regional = SamlProvider::new("a", "https://eu-west-1.signin.aws.amazon.com/saml", "urn:amazon:webservices");
        assert_eq!(own_address(&regional, Partition::Aws), "https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSP…");
    }
}
