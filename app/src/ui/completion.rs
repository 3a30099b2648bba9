use super::python::{Kind, in_word, tokens};

/// The names that go on with what stands before a place in the source, and where that begins; nothing inside strings and
/// comments. `names` are as in [`tokens`]. Unasked a single letter is not enough.
pub fn offered<'a>(source: &str, at: usize, names: &'a str, asked: bool) -> (usize, Vec<&'a str>) {
    let before = source.get(..at).unwrap_or_default();
    let start = before.trim_end_matches(|c: char| in_word(c) || c == '.').len();
    let word = before.get(start..).unwrap_or_default();
    let goes_on = source.get(at..).unwrap_or_default().starts_with(in_word);
    if goes_on || is_text(source, at) || (!asked && word.len() < 2) {
        return (start, Vec::new());
    }
    let dots = |name: &str| name.matches('.').count();
    let fits = |name: &&str| name.len() > word.len() && name.starts_with(word) && dots(name) == dots(word);
    (start, names.split(' ').filter(fits).collect())
}

/// Whether what stands before the place is text for people.
fn is_text(source: &str, at: usize) -> bool {
    let mut end = 0;
    for (kind, text) in tokens(source, "") {
        end += text.len();
        if end >= at {
            // Behind the quote that ends a string there is code again.
            let ended = kind == Kind::Text && end == at && text.len() > 1 && text.ends_with(['"', '\'', '{']);
            return matches!(kind, Kind::Text | Kind::Comment) && !ended;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::offered;

    const NAMES: &str = "user user.name user.username user.is_member( request request.client_ip regex_match(";

    /// With `|` where the caret is.
    fn at(marked: &str, asked: bool) -> Vec<&'static str> {
        let place = marked.find('|').unwrap();
        offered(&marked.replace('|', ""), place, NAMES, asked).1
    }

    #[test]
    fn a_name_is_offered_while_it_is_typed() {
        assert_eq!(at("return us|", false), ["user"]);
        assert_eq!(at("return user.|", false), ["user.name", "user.username", "user.is_member("]);
        assert_eq!(at("return user.na|\n", false), ["user.name"]);
        assert_eq!(at("x(re|)", false), ["request", "regex_match("]);
        assert_eq!(at("f'{user.is|}'", false), ["user.is_member("]);
        assert_eq!(at("f'a{re|", false), ["request", "regex_match("]);
        assert_eq!(offered("x = us", 6, NAMES, false).0, 4);
    }

    #[test]
    fn nothing_is_offered_where_it_would_be_in_the_way() {
        for marked in [
            "r|",
            "user|",
            "re|s",
            "# re|",
            "'re|'",
            "'re|",
            "f're|",
            "x.re|",
            "user.name.|",
            "|",
            "user.name|",
            "re |",
        ] {
            assert!(at(marked, false).is_empty(), "{marked}");
        }
        for marked in ["# |", "'|'", "re|s"] {
            assert!(at(marked, true).is_empty(), "{marked}");
        }
    }

    #[test]
    fn who_asks_is_shown_everything_that_fits() {
        assert_eq!(at("return |", true), ["user", "request", "regex_match("]);
        assert_eq!(at("r|", true), ["request", "regex_match("]);
        assert_eq!(at("'a'|", true).len(), 3);
    }
}
