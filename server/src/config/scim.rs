use clap::{Subcommand, ValueEnum, builder::StringValueParser};
use model::{Day, ScimDialect};

use super::{EachOf, Listed};

#[derive(Debug, Subcommand)]
pub enum ScimCommand {
    /// Print what a synchronisation would do, why, in how many requests and how long; change nothing. While a server
    /// holds the database, its API is asked, with a token in ROLECALL_TOKEN or in the file that ROLECALL_TOKEN_FILE names.
    Plan { provider: String },
    /// Synchronise until nothing is left to do. While a server holds the database, it is asked to, and waited for.
    Sync { provider: String },
    #[command(flatten)]
    Running(ScimRequest),
}

/// What is asked of a running server: the one of --public-url, with a token in ROLECALL_TOKEN or in the file that
/// ROLECALL_TOKEN_FILE names.
#[derive(Debug, Subcommand)]
pub enum ScimRequest {
    /// Print how provisioning stands at a running server, and what waits for a decision.
    Status { provider: String },
    /// Print the last runs, newest first: number, when, how far, requests, parked, outcome.
    Runs { provider: String },
    /// Print what became of each step of a run.
    Run {
        provider: String,
        /// The number of the run, as the list shows it.
        run: u64,
        /// Only what ended so: done, refused or open.
        #[arg(long, env = "ROLECALL_OUTCOME")]
        outcome: Option<String>,
    },
    /// Let the plan that waits go ahead: the one with this id, as the status shows it.
    Approve { provider: String, plan: String },
    /// Plan now and keep the plan; nothing is sent. Its id is printed.
    Keep { provider: String },
    /// Print the plans that are kept, newest first: id, when, by whom, steps, requests, when it was let go.
    Plans { provider: String },
    /// Print every step of a plan that is kept.
    Show { provider: String, plan: String },
    /// Let a kept plan go with all that it takes away; refused where it is not what would be done any more.
    Apply { provider: String, plan: String },
    /// Forget a plan that is kept.
    Discard { provider: String, plan: String },
    /// Break off the run that is under way, or refuse the plan that waits. Nothing is sent before the next `sync`.
    Cancel { provider: String },
    /// Compare what is there with what is known, now.
    Compare { provider: String },
    /// Print what the last comparison found of ours that others changed.
    Drift { provider: String },
    /// Put right what a comparison found: the one with this id, as `drift` shows it, and nothing else.
    Repair { provider: String, drift: String },
    /// Print what is at the service and whose it is: kind, state, decision, identifier there, name.
    Adoption {
        provider: String,
        /// Only matched, conflict, foreign, undecided, user or group.
        #[arg(long, env = "ROLECALL_FILTER")]
        filter: Option<String>,
        /// Read the service anew first, where nothing was sent to it yet.
        #[arg(long, env = "ROLECALL_AGAIN")]
        again: bool,
    },
    /// Decide about objects at the service that have the names of ours, by their identifiers there.
    Decide {
        provider: String,
        /// It becomes ours. May be given several times; in the environment, separated by commas.
        #[arg(long, env = "ROLECALL_ADOPT", value_parser = EachOf(StringValueParser::new()), required_unless_present = "leave")]
        adopt: Vec<Listed<String>>,
        /// It is left alone. May be given several times; in the environment, separated by commas.
        #[arg(long, env = "ROLECALL_LEAVE", value_parser = EachOf(StringValueParser::new()))]
        leave: Vec<Listed<String>>,
    },
    /// Synchronise one user or group now, and print every request with its answer.
    Object {
        provider: String,
        kind: ScimKind,
        /// Of a user the user name, of a group the name.
        name: String,
    },
    /// Print how one user or group stands: its state there, the last answer and what helps, and the log of its last
    /// synchronisation by itself. Nothing is sent.
    State {
        provider: String,
        kind: ScimKind,
        /// Of a user the user name, of a group the name.
        name: String,
    },
    /// Print what is at the service as far as it is known: kind, state, identifier there, name, last answer.
    Objects {
        provider: String,
        /// Only active, deactivated, parked, foreign, user or group.
        #[arg(long, env = "ROLECALL_FILTER")]
        filter: Option<String>,
        /// Only what has this in a name or an identifier.
        #[arg(long, env = "ROLECALL_SEARCH")]
        search: Option<String>,
        /// Only this page of 25, from 1; otherwise all.
        #[arg(long, env = "ROLECALL_PAGE")]
        page: Option<u32>,
    },
    /// Print exactly what would be sent for a user or group, what is left out and why, and what the service would answer.
    /// Nothing is sent.
    Preview {
        provider: String,
        kind: ScimKind,
        /// Of a user the user name, of a group the name.
        name: String,
    },
    /// Print the token slots: slot, when the token in it ends, days left. Never a token.
    Tokens { provider: String },
    /// Put a token into a slot; it is read from standard input. Slot 2 takes over when slot 1 is refused.
    SetToken {
        provider: String,
        #[arg(value_parser = clap::value_parser!(u8).range(1..=2))]
        slot: u8,
        /// The day on which it ends, such as 2027-01-31; default: not known, so nothing warns.
        #[arg(long, env = "ROLECALL_EXPIRES")]
        expires: Option<Day>,
    },
    /// Ask the service whether it accepts the token in a slot.
    TestToken {
        provider: String,
        #[arg(value_parser = clap::value_parser!(u8).range(1..=2))]
        slot: u8,
    },
    /// Make the token in slot 2 the one in use, after the service has accepted it; the former one is forgotten.
    SwitchToken { provider: String },
    /// Take the token out of a slot; without the first, the second is the one in use, after the service has accepted it.
    RemoveToken {
        provider: String,
        #[arg(value_parser = clap::value_parser!(u8).range(1..=2))]
        slot: u8,
    },
    /// Ask an address whether it accepts a token, which is read from standard input. Nothing is saved.
    Test {
        /// Base of the SCIM endpoint, as the service's console shows it.
        url: String,
        #[arg(long, env = "ROLECALL_DIALECT", value_enum, default_value = "aws")]
        dialect: DialectChoice,
    },
}

/// What is pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScimKind {
    User,
    Group,
}

/// What kind of service is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DialectChoice {
    Aws,
    Rfc7644,
}

impl DialectChoice {
    pub const fn dialect(self) -> ScimDialect {
        match self {
            Self::Aws => ScimDialect::Aws,
            Self::Rfc7644 => ScimDialect::Rfc7644,
        }
    }
}
