use domain::Caller;
use model::ListQuery;

/// A page that is asked for, or a form that was posted: by whom, where, and with what.
pub struct Asked {
    pub caller: Caller,
    /// As the address has it.
    pub path: String,
    /// The segments below `/admin`, unescaped.
    pub parts: Vec<String>,
    query: Vec<(String, String)>,
    form: Vec<(String, String)>,
}

impl Asked {
    pub fn new(caller: Caller, path: &str, query: &str, form: Vec<(String, String)>) -> Self {
        let below = path.strip_prefix("/admin").unwrap_or_default();
        Self {
            caller,
            path: path.to_owned(),
            parts: below.split('/').filter(|part| !part.is_empty()).map(unescape).collect(),
            query: pairs(query),
            form,
        }
    }

    /// The segment that a `*` of the pattern stands for, by its place.
    pub fn part(&self, place: usize) -> &str {
        self.parts.get(place).map_or("", String::as_str)
    }

    /// What the address asks; empty where it does not.
    pub fn query(&self, key: &str) -> &str {
        find(&self.query, key)
    }

    /// A field of the form; empty where it is not there.
    pub fn field(&self, key: &str) -> &str {
        find(&self.form, key)
    }

    /// The same without white space at its ends.
    pub fn text(&self, key: &str) -> String {
        self.field(key).trim().to_owned()
    }

    pub fn ticked(&self, key: &str) -> bool {
        self.form.iter().any(|(name, _)| name == key)
    }

    /// All values of a field.
    pub fn all(&self, key: &str) -> Vec<String> {
        self.form.iter().filter(|(name, _)| name == key).map(|(_, value)| value.clone()).collect()
    }

    /// The version that a change is made from.
    pub fn version(&self) -> u64 {
        self.field("version").parse().unwrap_or_default()
    }

    pub fn list(&self) -> ListQuery {
        let text = |key| self.query(key).to_owned();
        ListQuery {
            q: text("q"),
            page: self.query("page").parse().unwrap_or(1),
            sort: text("sort"),
            filter: text("filter"),
            target: String::new(),
        }
    }

    pub fn administers(&self) -> bool {
        self.caller.admin().is_ok()
    }
}

fn find<'a>(pairs: &'a [(String, String)], key: &str) -> &'a str {
    pairs.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value)
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let plain = |text: &str| unescape(&text.replace('+', " "));
    let pair = |text: &str| {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        (plain(name), plain(value))
    };
    query.trim_start_matches('?').split('&').filter(|text| !text.is_empty()).map(pair).collect()
}

/// Percent-encoding undone (RFC 3986 §2.1); what is no encoding stays.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        // A sign would be taken for part of a number.
        match hex.filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit())).map(|two| u8::from_str_radix(two, 16)) {
            Some(Ok(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{pairs, unescape};

    #[test]
    fn an_address_is_read_as_it_was_meant() {
        assert_eq!(unescape("a%20b%2Fc%25"), "a b/c%");
        assert_eq!(unescape("100%"), "100%");
        assert_eq!(unescape("%+1%zz%C3%A9"), "%+1%zzé");
        let read = pairs("?q=a+b%26c&page=2&empty");
        let expected = [("q", "a b&c"), ("page", "2"), ("empty", "")];
        assert_eq!(read, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
