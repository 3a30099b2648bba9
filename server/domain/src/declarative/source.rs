use model::FieldError;

use super::places::Places;

/// A file with its name and text, for errors that name the line.
pub(super) struct Source<'a> {
    pub name: &'a str,
    pub text: &'a str,
    pub faults: Vec<String>,
    /// Looked for with the first fault.
    places: Option<Places>,
}

impl<'a> Source<'a> {
    pub fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, faults: Vec::new(), places: None }
    }

    /// Of an object of a section. The line is that of the needle, where what declares the object holds it.
    pub fn fault(&mut self, section: &str, object: &str, needle: &str, message: &str) {
        let places = self.places.get_or_insert_with(|| Places::of(self.text));
        let line = places.line(self.text, section, object, needle);
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
