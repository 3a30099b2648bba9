use monty_types::{ExcType, MontyException, SourceRange};

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

    pub(crate) fn of(exception: &MontyException, otherwise: ExpressionErrorKind) -> Self {
        let told = exception.message().unwrap_or_default();
        // The interpreter's own words tell its limits from an exception that the author raised. What it measured
        // differs from run to run, so it is not repeated.
        let limit = match exception.exc_type() {
            ExcType::TimeoutError if told.contains(" time limit exceeded:") => {
                Some((ExpressionErrorKind::TimeLimit, "TimeoutError: the expression takes too long"))
            }
            ExcType::MemoryError if told.starts_with(MEMORY_LIMIT) => {
                Some((ExpressionErrorKind::MemoryLimit, "MemoryError: the expression makes too large a value"))
            }
            _ => None,
        };
        let kind = match exception.exc_type() {
            _ if limit.is_some() => limit.map_or(otherwise, |(kind, _)| kind),
            ExcType::SyntaxError => ExpressionErrorKind::Syntax,
            ExcType::ModuleNotFoundError | ExcType::ImportError => ExpressionErrorKind::Forbidden,
            _ => otherwise,
        };
        // The innermost frame is where it happened.
        let place = exception.traceback().last().map(|frame| frame.start);
        // An exception may carry a text of any size.
        let told = || exception.summary().chars().take(500).collect();
        let message: String = limit.map_or_else(told, |(_, words)| words.to_owned());
        Self { kind, message, line: place.map(|p| p.line), column: place.map(|p| p.column) }
    }
}
