//! The sandbox as a program.

use std::net::SocketAddr;
use std::path::PathBuf;

use aws_sandbox::{FaultPlan, IdentityCenterOptions, NewRole, Partition, Rates, Sandbox, SandboxOptions, trust_policy};
use clap::Parser;
use tokio::net::TcpListener;

/// A strict local double of AWS sign-in, STS and IAM for SAML federation, and of IAM Identity Center with its SCIM endpoint.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8181")]
    listen: SocketAddr,
    /// Where browsers and identity providers reach it; the address of --listen by default.
    #[arg(long)]
    public_url: Option<String>,
    /// The partition: aws, aws-us-gov or aws-cn.
    #[arg(long, default_value_t = Partition::Aws)]
    partition: Partition,
    /// The account of callers whose access key is not itself an account id.
    #[arg(long, default_value = "123412341234")]
    account: String,
    /// An identity provider's metadata, from which a SAML provider is made at the start.
    #[arg(long, value_name = "FILE", requires = "provider_name")]
    provider_metadata: Option<PathBuf>,
    /// The name of that provider.
    #[arg(long, value_name = "NAME", requires = "provider_metadata")]
    provider_name: Option<String>,
    /// A role that trusts that provider; may be repeated.
    #[arg(long = "role", value_name = "NAME", requires = "provider_name")]
    roles: Vec<String>,
    /// The longest session that the API gives for these roles, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 43_200)]
    max_session: i64,
    /// The identity provider's metadata for Identity Center.
    #[arg(long, value_name = "FILE")]
    identity_center_metadata: Option<PathBuf>,
    /// The access token of the SCIM endpoint, valid for a year; a random one by default.
    #[arg(long, value_name = "SECRET", env = "AWS_SANDBOX_SCIM_TOKEN", hide_env_values = true)]
    scim_token: Option<String>,
    /// Multiplies the requests a second that the SCIM endpoint takes; 0 for any number.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    rates: f64,
    /// Changes of membership that the SCIM endpoint takes in a second, before `--rates` is applied.
    #[arg(long, default_value_t = Rates::AWS.members)]
    memberships: f64,
    /// A plan of faults in JSON.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Closes the control endpoint below /_sandbox/.
    #[arg(long)]
    no_control: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let base_url = arguments.public_url.clone().unwrap_or_else(|| format!("http://{}", arguments.listen));
    let base_url = base_url.trim_end_matches('/').to_owned();
    let rates = Rates { members: arguments.memberships, ..Rates::AWS };
    let rates = (arguments.rates > 0.0).then(|| rates.scaled(arguments.rates));
    let options = SandboxOptions {
        base_url,
        partition: arguments.partition,
        account: arguments.account.clone(),
        identity_center: IdentityCenterOptions { rates, ..IdentityCenterOptions::default() },
        faults: match &arguments.faults {
            Some(file) => FaultPlan::parse(&std::fs::read_to_string(file)?)?,
            None => FaultPlan::default(),
        },
        control: !arguments.no_control,
        ..SandboxOptions::default()
    };
    let url = options.base_url.clone();
    let sandbox = Sandbox::new(options);
    seed(&sandbox, &url, &arguments)?;
    identity_center(&sandbox, &arguments)?;
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("AWS sandbox on {url}, assertion consumer service {url}/saml");
    Ok(sandbox.serve(listener).await?)
}

fn seed(sandbox: &Sandbox, url: &str, arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let (Some(file), Some(name)) = (&arguments.provider_metadata, &arguments.provider_name) else { return Ok(()) };
    let provider = sandbox.iam().create_saml_provider(name, &std::fs::read_to_string(file)?)?;
    println!("provider {}", provider.arn);
    let trust =
        trust_policy(&provider.arn, &[&format!("https://{}/saml", arguments.partition.host()), &format!("{url}/saml")]);
    for role in &arguments.roles {
        let new = NewRole { max_session: arguments.max_session, ..NewRole::new(role, &trust) };
        println!("role {},{}", sandbox.iam().create_role(new)?.arn, provider.arn);
    }
    Ok(())
}

fn identity_center(sandbox: &Sandbox, arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    const YEAR: i64 = 365 * 86_400;
    let center = sandbox.identity_center();
    if let Some(file) = &arguments.identity_center_metadata {
        center.set_identity_provider(&std::fs::read_to_string(file)?)?;
    }
    println!("identity center {}", center.entity_id());
    println!("scim {}", center.scim_endpoint());
    match &arguments.scim_token {
        Some(secret) => drop(center.create_token_as(secret, YEAR)?),
        // It opens nothing but this sandbox.
        None => println!("scim token {}", center.create_token()?.secret),
    }
    Ok(())
}
