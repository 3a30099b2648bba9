/// `1 user`, `2 users`.
pub fn many(count: usize, one: &str) -> String {
    format!("{count} {}", plural(count, one))
}

/// The noun as it stands after a number.
fn plural(count: usize, one: &str) -> String {
    match one.strip_suffix('y') {
        _ if count == 1 => one.to_owned(),
        Some(stem) => format!("{stem}ies"),
        None => format!("{one}s"),
    }
}

/// Capital letter and full stop.
pub fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first: String = rest.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", rest.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::{many, sentence};

    #[test]
    fn a_number_and_its_noun_agree() {
        assert_eq!([many(1, "user"), many(0, "user"), many(2, "policy")], ["1 user", "0 users", "2 policies"]);
        assert_eq!(sentence("it is taken."), "It is taken.");
    }
}
