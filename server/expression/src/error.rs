use monty_types::{ExcType, MontyException, SourceRange};

use crate::Limits;

/// What kind of failure an [`ExpressionError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpressionErrorKind {
    /// The source does not compile.
    Syntax,
    /// The expression raised an exception.
    Raised,
    TimeLimit,
    MemoryLimit,
    SourceTooLarge,
    ResultTooLarge,
    /// The result is of a type that no mapping can give.
    ResultType,
    /// It asked for something of the host.
    Forbidden,
    /// `raise SkipObject`: the mapping leaves the object out. Not a failure.
    Skip,
    /// The interpreter failed; a defect, not the author's fault.
    Internal,
}

/// How the interpreter, and our own functions, begin to say that a value is too large.
pub(crate) const MEMORY_LIMIT: &str = "memory limit exceeded";

/// What the interpreter says where calls, or values that are compared or shown, are nested too deeply.
const RECURSION_LIMIT: &str = "maximum recursion depth exceeded";

/// Why an expression gave no value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", self.place())]
pub struct ExpressionError {
    pub kind: ExpressionErrorKind,
    /// In Python's words where the expression raised.
    pub message: String,
    /// From 1.
    pub line: Option<u32>,
    /// From 1, in characters.
    pub column: Option<u32>,
}

impl ExpressionError {
    pub(crate) fn new(kind: ExpressionErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), line: None, column: None }
    }

    /// The same, at a place in the source.
    pub(crate) fn at(self, source: &str, position: &SourceRange) -> Self {
        self.at_byte(source, position.start as usize)
    }

    pub(crate) fn at_byte(mut self, source: &str, byte: usize) -> Self {
        let before = source.get(..byte).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        self.line = u32::try_from(line).ok();
        self.column = u32::try_from(column).ok();
        self
    }

    fn place(&self) -> String {
        match (self.line, self.column) {
            (Some(line), Some(column)) => format!("line {line}, column {column}: "),
            (Some(line), None) => format!("line {line}: "),
            _ => String::new(),
        }
    }

    pub(crate) fn too_long(limits: &Limits) -> Self {
        let words = format!("TimeoutError: the expression takes longer than {} ms", limits.time.as_millis());
        Self::new(ExpressionErrorKind::TimeLimit, words)
    }

    /// What ended a run: an exception, or one of the `limits`, which is then named.
    pub(crate) fn of_run(exception: &MontyException, limits: &Limits) -> Self {
        let told = exception.message().unwrap_or_default();
        let error = Self::of(exception, ExpressionErrorKind::Raised);
        // The interpreter's own words tell its limits from an exception that the author raised. What it measured
        // differs from run to run, so it is not repeated.
        let (kind, message) = match exception.exc_type() {
            ExcType::TimeoutError if told.contains(" time limit exceeded:") => {
                let reached = Self::too_long(limits);
                (reached.kind, reached.message)
            }
            ExcType::MemoryError if told.starts_with(MEMORY_LIMIT) => {
                // Functions of ours have a limit of their own and say it; the interpreter says what it measured.
                let ours = told.strip_prefix(MEMORY_LIMIT).filter(|rest| !rest.ends_with(" bytes"));
                let words = ours.and_then(|rest| rest.strip_prefix(": ")).map_or_else(
                    || format!("the expression makes a value of more than {} MiB", limits.memory >> 20),
                    str::to_owned,
                );
                (ExpressionErrorKind::MemoryLimit, format!("MemoryError: {words}"))
            }
            ExcType::RecursionError if told == RECURSION_LIMIT => {
                (error.kind, format!("RecursionError: calls or values are nested deeper than {}", limits.recursion))
            }
            _ => return error,
        };
        Self { kind, message, ..error }
    }

    pub(crate) fn of(exception: &MontyException, otherwise: ExpressionErrorKind) -> Self {
        let kind = match exception.exc_type() {
            ExcType::SyntaxError => ExpressionErrorKind::Syntax,
            ExcType::ModuleNotFoundError | ExcType::ImportError => ExpressionErrorKind::Forbidden,
            _ => otherwise,
        };
        // The innermost frame is where it happened.
        let place = exception.traceback().last().map(|frame| frame.start);
        // An exception may carry a text of any size.
        let message = exception.summary().chars().take(500).collect();
        Self { kind, message, line: place.map(|p| p.line), column: place.map(|p| p.column) }
    }
}
