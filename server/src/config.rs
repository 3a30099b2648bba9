use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use clap::{Args, Parser, Subcommand, ValueEnum, builder::PathBufValueParser};

mod listed;
mod scim;

pub use listed::{EachOf, Listed};
pub use scim::{ScimCommand, ScimKind, ScimRequest};

/// A self-hosted identity provider for Amazon Web Services.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Holds the database and master.key.
    #[arg(long, env = "ROLECALL_DATA_DIR", default_value = "./data", global = true)]
    pub data_dir: PathBuf,
    /// surrealkv://PATH (default: DATA_DIR/db), memory, ws://… or wss://….
    #[arg(long, env = "ROLECALL_DATABASE", hide_env_values = true, global = true)]
    pub database: Option<String>,
    /// Base of every URL in metadata and assertions; default, on loopback only: http:// and the listening address.
    #[arg(long, env = "ROLECALL_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// A service's metadata may be read by URL from addresses that are not of the public internet too, and from this
    /// machine by plain http.
    #[arg(long, env = "ROLECALL_METADATA_PRIVATE_ADDRESSES", global = true)]
    pub metadata_private_addresses: bool,
    /// Webhooks may be sent to addresses that are not of the public internet too, to this machine by plain http, and by a
    /// proxy that the environment names.
    #[arg(long, env = "ROLECALL_WEBHOOK_PRIVATE_ADDRESSES", global = true)]
    pub webhook_private_addresses: bool,
    /// How log lines look.
    #[arg(long, env = "ROLECALL_LOG", value_enum, default_value = "text", global = true)]
    pub log: LogFormat,
    /// A file with one password a line; none of them is accepted as a new password.
    #[arg(long, env = "ROLECALL_BREACHED_PASSWORDS", global = true)]
    pub breached_passwords: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the server.
    Serve(Serve),
    /// Plan a declarative file, print the plan, apply it.
    Apply {
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Print what would change and change nothing.
        #[arg(long, env = "ROLECALL_DRY_RUN")]
        dry_run: bool,
        /// Remove everything that the file does not name. Administrators stay where it names none.
        #[arg(long, env = "ROLECALL_PRUNE")]
        prune: bool,
    },
    /// Print everything as a declarative file, in a stable order.
    Export {
        /// Private keys and password hashes too.
        #[arg(long, env = "ROLECALL_SECRETS")]
        secrets: bool,
    },
    /// Users, while no server holds the database.
    #[command(subcommand)]
    User(UserCommand),
    /// Tokens of the API, while no server holds the database.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Provisioning: plans and synchronises, tells what was done, and takes decisions.
    #[command(subcommand)]
    Scim(ScimCommand),
    /// Credentials of AWS for programs.
    #[command(subcommand)]
    Aws(AwsCommand),
    /// Write the whole database into a file, secrets sealed. While a server holds the database, its API is asked, with a
    /// token of an administrator in ROLECALL_TOKEN or in the file that ROLECALL_TOKEN_FILE names.
    Backup { file: PathBuf },
    /// Restore a backup into an empty database, while no server runs.
    Restore {
        file: PathBuf,
        /// Put an embedded database aside that is not empty.
        #[arg(long, env = "ROLECALL_FORCE")]
        force: bool,
    },
    /// The keys of master.key, while no server holds the database.
    #[command(subcommand)]
    MasterKey(MasterKeyCommand),
    /// Examine the installation: what is wrong, where, and what to do.
    Doctor,
    /// The exact assertion a person would get, and what AWS would say to it.
    Preview {
        #[arg(long, env = "ROLECALL_APPLICATION")]
        application: String,
        #[arg(long, env = "ROLECALL_USER")]
        user: String,
    },
}

#[derive(Debug, Args)]
pub struct Serve {
    #[arg(long, env = "ROLECALL_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Declarative files, applied before the server is ready.
    /// May be given several times; in the environment, separated by commas.
    #[arg(long, env = "ROLECALL_APPLY", value_parser = EachOf(PathBufValueParser::new()))]
    pub apply: Vec<Listed<PathBuf>>,
    /// Address of a proxy in front of the server; the client's address is then taken from its X-Forwarded-For.
    /// May be given several times; in the environment, separated by commas.
    #[arg(long, env = "ROLECALL_TRUSTED_PROXY", value_parser = EachOf(IpAddr::from_str))]
    pub trusted_proxy: Vec<Listed<IpAddr>>,
    /// Folder that holds pkg/ with the browser half of the pages; default: `site` beside the binary.
    #[arg(long, env = "ROLECALL_SITE")]
    pub site: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make a user; the password is read from standard input.
    Create {
        username: String,
        #[arg(long, env = "ROLECALL_NAME", default_value = "")]
        name: String,
        #[arg(long, env = "ROLECALL_EMAIL", default_value = "")]
        email: String,
        #[arg(long, env = "ROLECALL_ADMINISTRATOR")]
        administrator: bool,
    },
    /// Set a password, read from standard input. The user's sessions end.
    SetPassword { username: String },
    /// Print user names, one a line.
    List,
}

#[derive(Debug, Subcommand)]
pub enum MasterKeyCommand {
    /// Seal everything under the first line of master.key that another line has sealed. That line may go then. Broken off,
    /// it is run again.
    Reseal,
}

#[derive(Debug, Subcommand)]
pub enum AwsCommand {
    /// Print credentials for a role, as `credential_process` in ~/.aws/config asks for them. The server is the one of
    /// --public-url; whoever owns the token in ROLECALL_TOKEN, or in the file that ROLECALL_TOKEN_FILE names, signs on.
    Credentials(AwsCredentials),
}

#[derive(Debug, Args)]
pub struct AwsCredentials {
    /// The slug of the application.
    #[arg(long, env = "ROLECALL_APPLICATION")]
    pub application: String,
    /// The ARN of the role.
    #[arg(long, env = "ROLECALL_ROLE")]
    pub role: String,
    /// The address of STS; default: that of the role's partition.
    #[arg(long, env = "ROLECALL_STS_ENDPOINT")]
    pub sts_endpoint: Option<String>,
    /// How long the credentials last; default: an hour.
    #[arg(long, env = "ROLECALL_DURATION_SECONDS")]
    pub duration_seconds: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token that acts as a user, and print it once.
    Create {
        /// The user that it acts as.
        #[arg(long, env = "ROLECALL_USER")]
        user: String,
        /// What it is for.
        #[arg(long = "name", env = "ROLECALL_NAME")]
        label: String,
        /// When it ends; default: not by itself.
        #[arg(long, env = "ROLECALL_VALID_DAYS")]
        valid_days: Option<u32>,
    },
    /// Print all tokens: beginning, owner, label, when they were made, when they end, when they were last used.
    List,
    /// Revoke a token by its beginning, as the list shows it.
    Revoke { token: String },
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use clap::{Command, CommandFactory};

    /// Flags of a command and those below it that have no variable of their name.
    fn without_variable(command: &Command) -> Vec<String> {
        let flags = command.get_arguments().filter_map(|argument| Some((argument, argument.get_long()?)));
        let bare = flags.filter(|(argument, long)| {
            let name = format!("ROLECALL_{}", long.to_uppercase().replace('-', "_"));
            argument.get_env() != Some(OsStr::new(&name))
        });
        let mut found: Vec<String> = bare.map(|(_, long)| format!("{} --{long}", command.get_name())).collect();
        found.extend(command.get_subcommands().flat_map(without_variable));
        found
    }

    #[test]
    fn every_flag_of_every_command_has_a_variable_of_its_name() {
        let command = super::Cli::command();
        command.clone().debug_assert();
        assert_eq!(without_variable(&command), Vec::<String>::new());
    }
}
