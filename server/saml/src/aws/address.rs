//! What a user name at IAM Identity Center looks like.

/// Whether a text is an addr-spec (RFC 5322 §3.4.1) as people have them: dot-atoms on both sides of one `@`, a host on the
/// right. Letters of every script count (RFC 6532); quoted ones and comments are no user names.
#[must_use]
pub fn is_address(text: &str) -> bool {
    let is_dot_atom = |part: &str, more: &str| {
        let legal = |c: char| c.is_alphanumeric() || more.contains(c);
        part.split('.').all(|atom| !atom.is_empty() && atom.chars().all(legal))
    };
    text.split_once('@').is_some_and(|(user, host)| is_dot_atom(user, "!#$%&'*+-/=?^_`{|}~") && is_dot_atom(host, "-"))
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn an_address_is_two_dot_atoms() {
        for good in
            ["ada@example.com", "a.l+aws@mail.example.com", "o'neil@example", "_1@x-y.example", "adé@example.com"]
        {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada..lovelace@example.com",
            ".ada@example.com",
            "ada.@example.com",
            "<ada>@example.com",
            "ada@b@example.com",
            "ada @example.com",
            "ada@example..com",
            "ada@example.com.",
            "ada@exa_mple.com",
            "\"ada\"@example.com",
            "ada@[127.0.0.1]",
            "ada,grace@example.com",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
