use std::fmt;

use crate::port::Kind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    Create,
    Change,
    /// The key is the old name and the new one.
    Rename,
    Delete,
}

/// One thing that applying a file would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStep {
    pub step: StepKind,
    pub kind: Kind,
    pub key: String,
    /// Of a change, the settings that differ, where that is not for the reader to guess: metadata may have come from afar.
    pub fields: Vec<String>,
    /// Of those, what they were and what they become, as far as that fits on a line.
    pub values: Vec<String>,
}

/// What applying a file would do, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub steps: Vec<PlanStep>,
    pub unchanged: usize,
    /// What a reader should know before it is done.
    pub warnings: Vec<String>,
}

impl Plan {
    /// Something is what it was, under another name.
    pub(super) fn renames(&mut self, kind: Kind, from: &str, to: &str) {
        self.steps.push(PlanStep {
            step: StepKind::Rename,
            kind,
            key: format!("{from} → {to}"),
            fields: Vec::new(),
            values: Vec::new(),
        });
    }

    /// Something that the file does not speak of changes along.
    pub(super) fn follows(&mut self, kind: Kind, key: String) {
        self.steps.push(PlanStep { step: StepKind::Change, kind, key, fields: Vec::new(), values: Vec::new() });
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            let sign = match step.step {
                StepKind::Create => "+",
                StepKind::Change => "~",
                StepKind::Rename => ">",
                StepKind::Delete => "-",
            };
            let fields = if step.fields.is_empty() { String::new() } else { format!(": {}", step.fields.join(", ")) };
            writeln!(f, "{sign} {} {}{fields}", step.kind.word(), step.key)?;
            for value in &step.values {
                writeln!(f, "    {value}")?;
            }
        }
        for warning in &self.warnings {
            writeln!(f, "! {warning}")?;
        }
        let count = |kind| self.steps.iter().filter(|s| s.step == kind).count();
        write!(
            f,
            "{} to create, {} to change, {} to delete, {} unchanged",
            count(StepKind::Create),
            count(StepKind::Change),
            count(StepKind::Delete),
            self.unchanged
        )?;
        match count(StepKind::Rename) {
            0 => Ok(()),
            renames => write!(f, ", {renames} to rename"),
        }
    }
}
