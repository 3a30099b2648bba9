use model::{FieldError, User};

use super::faults::Faults;

/// Of a name for reading, in characters.
const NAME_LENGTH: usize = 200;
/// Of an email address, in characters (RFC 5321 §4.5.3.1.3, with its brackets).
const EMAIL_LENGTH: usize = 254;

/// What a user is called: the user name, the names for reading with the fields they are of, and the email address.
pub fn user(username: &str, names: &[(&'static str, &str)], email: &str) -> Vec<FieldError> {
    let mut faults = Faults::default();
    if let Some(fault) = User::username_fault(username) {
        faults.add("username", fault);
    }
    for (field, text) in names {
        if text.chars().count() > NAME_LENGTH || text.chars().any(char::is_control) {
            faults.add(*field, "this has at most 200 characters, and no control characters");
        }
    }
    let odd = |c: char| c.is_whitespace() || c.is_control();
    if !email.is_empty() && (!email.contains('@') || email.chars().any(odd) || email.chars().count() > EMAIL_LENGTH) {
        faults.add("email", "an email address has an @ and no spaces");
    }
    faults.0
}

#[cfg(test)]
mod tests {
    use super::user;

    #[test]
    fn a_user_is_refused_by_the_field_that_is_wrong() {
        let long = "x".repeat(201);
        let fields = |username: &str, name: &str, email: &str| -> Vec<String> {
            user(username, &[("name", name)], email).into_iter().map(|fault| fault.field).collect()
        };
        assert!(fields("ada", "Ada Lovelace", "ada@example.com").is_empty() && fields("ada", "", "").is_empty());
        assert_eq!(fields("a da", "Ada", ""), ["username"]);
        assert_eq!(fields("ada", &long, ""), ["name"]);
        assert_eq!(fields("ada", "A\u{7}da", "ada"), ["name", "email"]);
        assert_eq!(fields("ada", "Ada", "ada @example.com"), ["email"]);
        assert_eq!(fields("ada", "Ada", &format!("{long}{long}@x")), ["email"]);
    }
}
