use domain::port::StoreError;
use surrealdb::types::{Error, QueryError};

/// What an error of the database means for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Another transaction was faster: nothing happened, the same may be tried again.
    Conflict,
    /// One of our own `THROW`s, by its text.
    Thrown(String),
    /// A record of this id exists.
    Taken(String),
    /// Anything else: the disk, the network, a statement the database refuses.
    Other(String),
}

impl Failure {
    /// One error of one statement.
    pub(crate) fn of(error: &Error) -> Self {
        if is_conflict(error) {
            Self::Conflict
        } else if error.is_already_exists() {
            Self::Taken(error.message().to_owned())
        } else if error.is_thrown() {
            let text = error.message();
            Self::Thrown(text.strip_prefix("An error occurred: ").unwrap_or(text).to_owned())
        } else {
            Self::Other(error.message().to_owned())
        }
    }

    /// The errors of all statements of one text. A transaction that fails marks its other statements as not executed
    /// or cancelled, so the reason is whichever error says more than that.
    pub(crate) fn of_all<'a>(errors: impl IntoIterator<Item = &'a Error>) -> Option<Self> {
        let mut errors: Vec<&Error> = errors.into_iter().collect();
        errors.sort_by_key(|error| match error.query_details() {
            Some(QueryError::Cancelled) => 2,
            Some(QueryError::NotExecuted) => 1,
            _ => 0,
        });
        if errors.iter().any(|error| is_conflict(error)) {
            return Some(Self::Conflict);
        }
        errors.first().map(|error| Self::of(error))
    }
}

/// The kind is lost on some ways out of the database (embedded commits, for one), hence the look at the text. An
/// unknown outcome of a commit is none of these: trying again could do the work twice.
fn is_conflict(error: &Error) -> bool {
    error.query_details() == Some(&QueryError::TransactionConflict)
        || ["Transaction conflict", "Transaction write conflict", "Transaction retry required"]
            .iter()
            .any(|text| error.message().contains(text))
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::of(&error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Conflict => Self::Unavailable("too many writers at once; try again".to_owned()),
            Failure::Taken(text) => Self::Corrupt(text),
            Failure::Thrown(text) | Failure::Other(text) => Self::Unavailable(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use surrealdb::types::{Error, QueryError};

    fn not_executed(text: &str) -> Error {
        Error::query(text.to_owned(), Some(QueryError::NotExecuted))
    }

    #[test]
    fn the_reason_of_a_failed_transaction_is_found_behind_the_statements_not_executed() {
        let quiet = not_executed("The query was not executed due to a failed transaction");
        let conflict = Error::query("Cannot COMMIT: x".to_owned(), Some(QueryError::TransactionConflict));
        assert_eq!(Failure::of_all([&quiet, &quiet, &conflict]), Some(Failure::Conflict));
        let thrown = Error::thrown("An error occurred: rolecall:stale:2".to_owned());
        let cancelled = Error::query("cancelled".to_owned(), Some(QueryError::Cancelled));
        assert_eq!(
            Failure::of_all([&cancelled, &quiet, &thrown]),
            Some(Failure::Thrown("rolecall:stale:2".to_owned()))
        );
        assert_eq!(Failure::of_all([]), None);
    }

    #[test]
    fn a_conflict_is_known_by_its_text_too_and_a_full_disk_is_none() {
        let flat =
            Error::internal("Transaction conflict: a write conflict. This transaction can be retried".to_owned());
        assert_eq!(Failure::of(&flat), Failure::Conflict);
        let full = not_executed("Cannot COMMIT: No space left on device (os error 28)");
        assert!(matches!(Failure::of(&full), Failure::Other(text) if text.contains("No space left")));
        let unknown = Error::query("The transaction's commit outcome is unknown".to_owned(), None);
        assert!(matches!(Failure::of(&unknown), Failure::Other(_)));
    }
}
