use std::ffi::OsStr;

use clap::{Arg, Command, Error, builder::TypedValueParser, parser::ValueSource};

/// What one place gives to an option that takes many: on the command line a value, with whatever commas it has; in the
/// environment, where the option stands once, all of them, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T>(Vec<T>);

impl<T> Listed<T> {
    /// The values of all places.
    pub fn all(given: &[Self]) -> impl Iterator<Item = &T> {
        given.iter().flat_map(|listed| &listed.0)
    }
}

/// Reads each value as another parser does.
#[derive(Debug, Clone)]
pub struct EachOf<P>(pub P);

impl<P: TypedValueParser> TypedValueParser for EachOf<P> {
    type Value = Listed<P::Value>;

    fn parse_ref(&self, command: &Command, argument: Option<&Arg>, value: &OsStr) -> Result<Self::Value, Error> {
        self.0.parse_ref(command, argument, value).map(|value| Listed(vec![value]))
    }

    fn parse_ref_(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
        source: ValueSource,
    ) -> Result<Self::Value, Error> {
        match value.to_str() {
            Some(text) if source == ValueSource::EnvVariable => {
                let values = text.split(',').map(|part| self.0.parse_ref(command, argument, OsStr::new(part)));
                values.collect::<Result<_, _>>().map(Listed)
            }
            _ => self.parse_ref(command, argument, value),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsStr, str::FromStr};

    use clap::{Parser, builder::TypedValueParser, parser::ValueSource};

    use super::{EachOf, Listed};
    use crate::config::{Cli, Command, ScimCommand, ScimRequest};

    #[test]
    fn a_value_of_the_command_line_is_taken_whole_with_its_commas() {
        let cli = Cli::try_parse_from(["rolecall", "serve", "--apply", "a,b.yaml", "--apply", "c.yaml"]).unwrap();
        let Command::Serve(serve) = cli.command else { panic!("another command") };
        let files: Vec<&str> = Listed::all(&serve.apply).map(|file| file.to_str().unwrap()).collect();
        assert_eq!(files, ["a,b.yaml", "c.yaml"]);
        let decide = ["rolecall", "scim", "decide", "aws", "--adopt", "a,b", "--leave", "c,d", "--adopt", "e"];
        let Command::Scim(ScimCommand::Running(ScimRequest::Decide { adopt, leave, .. })) =
            Cli::try_parse_from(decide).unwrap().command
        else {
            panic!("another command")
        };
        assert_eq!(Listed::all(&adopt).collect::<Vec<_>>(), ["a,b", "e"]);
        assert_eq!(Listed::all(&leave).collect::<Vec<_>>(), ["c,d"]);
        assert!(Cli::try_parse_from(["rolecall", "serve", "--trusted-proxy", "10.0.0.1,10.0.0.2"]).is_err());
    }

    #[test]
    fn a_variable_holds_all_values_between_commas_and_each_must_be_one() {
        let (command, parser) = (clap::Command::new("rolecall"), EachOf(u8::from_str));
        let read = |text: &str, source| parser.parse_ref_(&command, None, OsStr::new(text), source);
        let values = |text: &str| read(text, ValueSource::EnvVariable).map(|Listed(values)| values).ok();
        assert_eq!(values("1,2,3"), Some(vec![1, 2, 3]));
        assert_eq!(values("1"), Some(vec![1]));
        assert_eq!(values("1,x"), None);
        assert_eq!(values("1,"), None);
        assert!(read("1,2", ValueSource::CommandLine).is_err());
    }
}
