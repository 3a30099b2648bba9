/// What a piece of source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Keyword,
    Text,
    Number,
    Comment,
    /// Something that the host gives.
    Name,
}

const KEYWORDS: &str = "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";

/// The pieces of Python source, in order and without a gap, whatever is wrong with it: half of what is read here is still
/// being typed.
pub struct Tokens<'a> {
    source: &'a str,
    at: usize,
    /// Where the names with dots between begin that end at `at`.
    chain: usize,
    names: &'a str,
    holes: Vec<Hole>,
}

/// A replacement field of an f-string that is open: code up to its end, then the string goes on.
struct Hole {
    quote: char,
    triple: bool,
    /// Brackets that are open in it.
    depth: u32,
}

/// `names` are those that the host gives, as they are typed, with spaces between: `user user.name slugify(`.
pub const fn tokens<'a>(source: &'a str, names: &'a str) -> Tokens<'a> {
    Tokens { source, at: 0, chain: 0, names, holes: Vec::new() }
}

/// Part of a name. What is not ASCII may be.
pub const fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (Kind, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.source.get(self.at..)?;
        let (kind, length) = self.read(rest, rest.chars().next()?);
        let token = rest.get(..length)?;
        // Looked for from the end, and not past this piece: whole sources may be one chain.
        if let Some((at, c)) = token.char_indices().rfind(|(_, c)| !in_word(*c) && *c != '.') {
            self.chain = self.at + at + c.len_utf8();
        }
        self.at += length;
        Some((kind, token))
    }
}

impl Tokens<'_> {
    fn read(&mut self, rest: &str, first: char) -> (Kind, usize) {
        let second_is_digit = || rest.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        match first {
            '#' => (Kind::Comment, rest.find('\n').unwrap_or(rest.len())),
            '"' | '\'' => (Kind::Text, self.text(rest, 0, false)),
            '0'..='9' => (Kind::Number, number(rest)),
            '.' if second_is_digit() => (Kind::Number, number(rest)),
            c if in_word(c) => self.word(rest),
            c => self.sign(rest, c),
        }
    }

    fn word(&mut self, rest: &str) -> (Kind, usize) {
        let word = rest.get(..rest.find(|c: char| !in_word(c)).unwrap_or(rest.len())).unwrap_or_default();
        let is_prefix = word.len() <= 2 && word.bytes().all(|b| b"bfrtu".contains(&b.to_ascii_lowercase()));
        if is_prefix && rest.get(word.len()..).is_some_and(|after| after.starts_with(['"', '\''])) {
            return (Kind::Text, self.text(rest, word.len(), word.contains(['f', 'F', 't', 'T'])));
        }
        // With what it belongs to: `name` of `user.name`.
        let whole = self.source.get(self.chain..self.at + word.len()).unwrap_or_default();
        let kind = if KEYWORDS.split(' ').any(|keyword| keyword == word) {
            Kind::Keyword
        } else if self.names.split(' ').any(|name| name.trim_end_matches(['(', ')']) == whole) {
            Kind::Name
        } else {
            Kind::Plain
        };
        (kind, word.len())
    }

    /// Anything else is one sign; in a replacement field it may end the field.
    fn sign(&mut self, rest: &str, first: char) -> (Kind, usize) {
        if let Some(hole) = self.holes.last_mut() {
            match first {
                '}' | ':' if hole.depth == 0 => {
                    let (quote, triple) = (hole.quote, hole.triple);
                    self.holes.pop();
                    return (Kind::Text, self.literal(rest, quote, triple, true));
                }
                '(' | '[' | '{' => hole.depth += 1,
                ')' | ']' | '}' => hole.depth = hole.depth.saturating_sub(1),
                '\n' => self.holes.retain(|hole| hole.triple),
                _ => {}
            }
        }
        (Kind::Plain, first.len_utf8())
    }

    /// A string from its prefix on, to its end or to its next replacement field.
    fn text(&mut self, rest: &str, prefix: usize, formatted: bool) -> usize {
        let quoted = rest.get(prefix..).unwrap_or_default();
        let quote = quoted.chars().next().unwrap_or_default();
        let triple = quoted.get(..3).is_some_and(|three| three.chars().all(|c| c == quote));
        let opening = prefix + if triple { 3 } else { 1 };
        opening + self.literal(rest.get(opening..).unwrap_or_default(), quote, triple, formatted)
    }

    fn literal(&mut self, rest: &str, quote: char, triple: bool, formatted: bool) -> usize {
        let mut characters = rest.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            match c {
                '\\' => {
                    characters.next();
                }
                // It was not ended: the next line is code again.
                '\n' if !triple => return at,
                '{' if formatted => {
                    if characters.next_if(|(_, next)| *next == '{').is_none() {
                        self.holes.push(Hole { quote, triple, depth: 0 });
                        return at + 1;
                    }
                }
                _ if c == quote && !triple => return at + 1,
                _ if c == quote => {
                    let three = rest.get(at..at + 3).unwrap_or_default();
                    if three.len() == 3 && three.chars().all(|c| c == quote) {
                        return at + 3;
                    }
                }
                _ => {}
            }
        }
        rest.len()
    }
}

fn number(rest: &str) -> usize {
    let is_hexadecimal = rest.starts_with("0x") || rest.starts_with("0X");
    let mut before = ' ';
    let end = rest.find(|c: char| {
        let exponent = matches!(c, '+' | '-') && matches!(before, 'e' | 'E') && !is_hexadecimal;
        before = c;
        !(in_word(c) || c == '.' || exponent)
    });
    end.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    const NAMES: &str = "user user.name user.is_member( slugify( request.client_ip";

    /// What is not plain, with the first letter of its kind.
    fn read(source: &str) -> Vec<String> {
        let shown = |(kind, text): (Kind, &str)| match kind {
            Kind::Plain => None,
            Kind::Keyword => Some(format!("k {text}")),
            Kind::Text => Some(format!("t {text}")),
            Kind::Number => Some(format!("n {text}")),
            Kind::Comment => Some(format!("c {text}")),
            Kind::Name => Some(format!("h {text}")),
        };
        tokens(source, NAMES).filter_map(shown).collect()
    }

    #[test]
    fn each_piece_is_told_by_what_it_is() {
        let cases: [(&str, &[&str]); 7] = [
            ("return user.name", &["k return", "h user", "h name"]),
            ("mine.user.name = x.name", &[]),
            ("if user.is_member(\"a # b\"): # why", &["k if", "h user", "h is_member", "t \"a # b\"", "c # why"]),
            ("'it\\'s' + r\"\\d\" + Rb''", &["t 'it\\'s'", "t r\"\\d\"", "t Rb''"]),
            ("'''a\n'b''c'''+\"\"", &["t '''a\n'b''c'''", "t \"\""]),
            ("x[1:0xfe-2] + 1.5e-3 - .5 - 1_000", &["n 1", "n 0xfe", "n 2", "n 1.5e-3", "n .5", "n 1_000"]),
            ("classes.returned = ürgend", &[]),
        ];
        for (source, expected) in cases {
            assert_eq!(read(source), expected, "{source}");
        }
    }

    #[test]
    fn what_stands_in_the_braces_of_an_f_string_is_code() {
        let cases: [(&str, &[&str]); 4] = [
            ("f\"a{user.name}b\" + user", &["t f\"a{", "h user", "h name", "t }b\"", "h user"]),
            ("f'{{{1}}}'", &["t f'{{{", "n 1", "t }}}'"]),
            ("f'{ {1: 2}[1] :>{user}} ' + 3", &["t f'{", "n 1", "n 2", "n 1", "t :>{", "h user", "t }} '", "n 3"]),
            ("f'{slugify('a')}' '{user}'", &["t f'{", "h slugify", "t 'a'", "t }'", "t '{user}'"]),
        ];
        for (source, expected) in cases {
            assert_eq!(read(source), expected, "{source}");
        }
    }

    #[test]
    fn a_source_that_is_one_chain_of_names_is_read_once() {
        let source = "user.".repeat(50_000);
        assert_eq!(tokens(&source, NAMES).filter(|(kind, _)| *kind == Kind::Name).count(), 1);
    }

    #[test]
    fn what_was_not_ended_spoils_no_other_line() {
        assert_eq!(read("x = 'a\nreturn 1"), ["t 'a", "k return", "n 1"]);
        assert_eq!(read("x = f'{user\nreturn 1"), ["t f'{", "h user", "k return", "n 1"]);
        assert_eq!(read("x = f'{'{\nreturn 1"), ["t f'{", "t '{", "k return", "n 1"]);
    }

    #[test]
    fn the_pieces_together_are_the_source_whatever_it_is() {
        const PIECES: [&str; 26] = [
            "f'",
            "\"",
            "'",
            "'''",
            "\"\"\"",
            "{",
            "}",
            "{{",
            ":",
            "(",
            ")",
            "\\",
            "\n",
            "\r\n",
            "#",
            " ",
            "user.name",
            "é",
            "🦀",
            "\u{a0}",
            "1.",
            ".5e-",
            "0x",
            "rb'",
            "return ",
            "\u{0}",
        ];
        // A generator that always gives the same; what it gives must only be mixed well.
        let mut state = 1843u64;
        let mut any = move |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        for _ in 0..20_000 {
            let source: String = (0..any(24)).map(|_| PIECES[any(PIECES.len())]).collect();
            // An empty piece would come again and again.
            let together: String = tokens(&source, NAMES).take(source.len()).map(|(_, text)| text).collect();
            assert_eq!(together, source);
        }
    }
}
