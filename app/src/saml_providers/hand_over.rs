use leptos::prelude::*;
use model::SamlProvider;

use crate::ui::CodeBlock;

/// The partition of an audience that is AWS's, and the host of its sign-in page.
fn partition(audience: &str) -> Option<(&'static str, &'static str)> {
    match audience {
        "urn:amazon:webservices" => Some(("aws", "signin.aws.amazon.com")),
        "urn:amazon:webservices:govcloud" => Some(("aws-us-gov", "signin.amazonaws-us-gov.com")),
        "urn:amazon:webservices:cn-north-1" => Some(("aws-cn", "signin.amazonaws.cn")),
        _ => None,
    }
}

/// The commands that make a pair, hand its private half to IAM, and tell the address for this provider alone.
fn commands(partition: &str) -> String {
    format!(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=aws-assertions -keyout aws-assertions.key -out aws-assertions.crt\n\
         PROVIDER=arn:{partition}:iam::ACCOUNT:saml-provider/NAME\n\
         aws iam update-saml-provider --saml-provider-arn $PROVIDER --assertion-encryption-mode Allowed --add-private-key file://aws-assertions.key\n\
         aws iam get-saml-provider --saml-provider-arn $PROVIDER --query SAMLProviderUUID --output text"
    )
}

/// How assertions for IAM come to be encrypted: AWS has the private half of the key, and nobody else.
pub fn hand_over(provider: &SamlProvider) -> Option<AnyView> {
    let (partition, host) = partition(&provider.audience)?;
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
    Some(
        view! {
            <details>
                <summary>"Encrypted assertions: hand a key to IAM"</summary>
                <p>{now}</p>
                <ol>
                    <li>"On your own machine, make a key pair, give IAM its private half, and read the identifier of the provider:"
                        <CodeBlock label="Commands for AWS" text=commands(partition) />
                    </li>
                    <li>"In the trust policy of each role, add the address of this provider alone to what SAML:aud may be, with the identifier at its end: "<code>{format!("https://{host}/saml/acs/SAMLSP…")}</code>". Otherwise AWS refuses the role to whoever arrives there."</li>
                    <li>"Here, edit the provider: put aws-assertions.crt under “Encrypt assertions to”. The private half is never needed here; delete it."</li>
                    <li>"As the ACS address, put that address too, and save both at once."</li>
                    <li>"Sign on once. Then let IAM take nothing else: the second command again, with Required and without the key."</li>
                </ol>
                <p class="help">"IAM holds two such keys. To change one, add the new key, put its certificate here, then remove the old key at IAM."</p>
            </details>
        }
        .into_any(),
    )
}

#[cfg(test)]
mod tests {
    use super::{commands, partition};

    #[test]
    fn each_partition_has_its_own_arns_and_host_and_nobody_else_is_told() {
        for (audience, name, host) in [
            ("urn:amazon:webservices", "aws", "signin.aws.amazon.com"),
            ("urn:amazon:webservices:govcloud", "aws-us-gov", "signin.amazonaws-us-gov.com"),
            ("urn:amazon:webservices:cn-north-1", "aws-cn", "signin.amazonaws.cn"),
        ] {
            assert_eq!(partition(audience), Some((name, host)));
            assert!(commands(name).contains(&format!("arn:{name}:iam::ACCOUNT:saml-provider/NAME")));
        }
        // Identity Center does not decrypt.
        for other in ["https://eu-central-1.signin.aws/platform/saml/d-1", "https://sp.example"] {
            assert_eq!(partition(other), None);
        }
    }
}
