use domain::Error;
use model::FieldError;

use super::Drawing;

/// What a form that was posted comes to.
pub enum Reply {
    /// It was done; the address to go on to.
    To(String),
    /// A page in its place: the form with what is wrong, a question, or something that is shown once.
    Page(Drawing),
}

/// What a form shows where the use case refused: the faults with their fields. Any other failure is no matter of the form.
pub fn stays(error: Error) -> Result<Vec<FieldError>, Error> {
    match error {
        Error::Invalid(faults) => Ok(faults),
        Error::Conflict(why) => Ok(vec![FieldError::new("", why)]),
        other => Err(other),
    }
}
