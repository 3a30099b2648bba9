/// Why an object cannot be called so. None: it can.
///
/// Names are parts of addresses, and browsers and proxies take `.` and `..` there for folders, escaped or not: an object of
/// that name could never be opened again (RFC 3986 §5.2.4).
pub fn name_fault(name: &str) -> Option<&'static str> {
    let length = name.chars().count();
    if length == 0 || length > 200 {
        Some("a name has 1 to 200 characters")
    } else if name.chars().any(char::is_control) || name.trim() != name {
        Some("a name has no control characters and no space at its ends")
    } else if is_folder(name) {
        Some("`.` and `..` are no names: in an address they mean a folder")
    } else {
        None
    }
}

/// Whether an address takes the segment for a folder.
pub(crate) fn is_folder(name: &str) -> bool {
    matches!(name, "." | "..")
}

#[cfg(test)]
mod tests {
    use super::name_fault;
    use crate::User;

    #[test]
    fn what_an_address_takes_for_a_folder_is_no_name() {
        for name in [".", ".."] {
            assert!(name_fault(name).is_some_and(|why| why.contains("folder")), "{name}");
            assert!(User::username_fault(name).is_some_and(|why| why.contains("folder")), "{name}");
        }
        for name in ["...", ".a", "a.", "a..b", "%2e", "-"] {
            assert_eq!((name_fault(name), User::username_fault(name)), (None, None), "{name}");
        }
        for name in ["", " a", "a ", "a\nb", &"a".repeat(201)] {
            assert!(name_fault(name).is_some(), "{name}");
        }
    }
}
