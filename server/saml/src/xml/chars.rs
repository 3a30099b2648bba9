//! Which characters XML 1.0 allows at all.

/// Whether a character may appear in a document: production `Char`, XML 1.0 §2.2.
pub fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

/// Whether the text is an `NCName` (Namespaces in XML 1.0 §3), the type of every SAML identifier.
pub fn is_ncname(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{b7}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_noncharacters_are_illegal() {
        for c in ['\0', '\u{1}', '\u{8}', '\u{b}', '\u{1f}', '\u{fffe}', '\u{ffff}'] {
            assert!(!is_legal(c), "{c:?}");
        }
        for c in ['\t', '\n', '\r', ' ', 'é', '\u{85}', '\u{fffd}', '🦀'] {
            assert!(is_legal(c), "{c:?}");
        }
    }

    #[test]
    fn an_identifier_starts_with_a_letter_or_an_underscore_and_holds_no_colon() {
        for good in ["_a1", "id", "aws_LDxLGeubpc5lx12gxCgS6uPbix1yd5re", "é-1.2"] {
            assert!(is_ncname(good), "{good}");
        }
        for bad in ["", "1a", "a:b", "a b", "-a", "a\"", "a#"] {
            assert!(!is_ncname(bad), "{bad}");
        }
    }
}
