use model::FieldError;

use super::file::File;

/// A file with its name and text, for errors that name the line.
pub(super) struct Source<'a> {
    pub name: &'a str,
    pub text: &'a str,
    pub faults: Vec<String>,
}

impl Source<'_> {
    pub fn fault(&mut self, section: &str, object: &str, needle: &str, message: &str) {
        let line = File::line_of(self.text, section, needle).or_else(|| File::line_of(self.text, section, object));
        let place = line.map(|l| format!(":{l}")).unwrap_or_default();
        self.faults.push(format!("{}{place}: {section}, `{object}`: {message}", self.name));
    }

    /// Of a setting that stands by itself.
    pub fn setting(&mut self, name: &str, message: &str) {
        let line = self.text.lines().position(|line| line.starts_with(name));
        let place = line.map(|index| format!(":{}", index + 1)).unwrap_or_default();
        self.faults.push(format!("{}{place}: {name}: {message}", self.name));
    }

    pub fn faults(&mut self, section: &str, object: &str, faults: Vec<FieldError>) {
        for fault in faults {
            // The message quotes the offending name, if there is one, between backticks.
            let needle = fault.message.split('`').nth(1).unwrap_or(object).to_owned();
            let field = if fault.field.is_empty() { String::new() } else { format!("{}: ", fault.field) };
            self.fault(section, object, &needle, &format!("{field}{}", fault.message));
        }
    }
}
