use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use domain::port::Entropy;

use crate::restoring::RestoreFile;

/// Where the database is and how to be let in.
#[derive(Clone)]
pub struct StoreOptions {
    /// `surrealkv://PATH` (embedded, a folder), `memory` (embedded, gone with the process), `ws://…` or `wss://…`.
    pub url: String,
    pub namespace: String,
    pub database: String,
    /// Root user of a remote database. An embedded one has no users.
    pub user: Option<String>,
    pub password: Option<String>,
    /// Lets servers that start at the same moment wait for different times. None: all wait equally long.
    pub entropy: Option<Arc<dyn Entropy>>,
    /// Whether a database opens in which a restore has not ended. For the restore alone.
    pub unfinished: bool,
}

impl StoreOptions {
    /// The usual namespace and database, and no user.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ..Self::default() }
    }

    /// The folder of an embedded database.
    pub fn folder(&self) -> Option<PathBuf> {
        match self.place() {
            Some(Place::Folder(folder)) => Some(folder),
            _ => None,
        }
    }

    /// Marks an embedded database as one that is being restored, before it is put aside: under its name with the extension
    /// `aside`. On the disk when this returns. Says whether what is in the place is what a restore has left midway. Any other
    /// database is marked by the store, once it is open.
    pub fn begin_restore(&self, backup: &str, aside: &str) -> io::Result<bool> {
        let Some(folder) = self.folder() else { return Ok(false) };
        let file = RestoreFile::of(&folder);
        let midway = file.read()?.is_some_and(|mark| !mark.is_before_anything(&folder));
        // What was left midway stays that, also where this ends before it has put it aside.
        file.write(backup, (!midway).then_some(aside)).map(|()| midway)
    }

    /// Takes the mark back, where the former database is in its place again.
    pub fn end_restore(&self) -> io::Result<()> {
        self.folder().map_or(Ok(()), |folder| RestoreFile::of(&folder).remove())
    }

    /// The address as anybody may read it: of another than a folder's no more than scheme and host, since a name and a
    /// password may stand before the host.
    pub(crate) fn shown_url(&self) -> String {
        let plain = |text: &str| text.split(['?', '#']).next().unwrap_or_default().to_owned();
        if matches!(self.place(), Some(Place::Folder(_) | Place::Memory)) {
            return plain(&self.url);
        }
        let is_scheme = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        match self.url.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) {
            Some((scheme, rest)) => format!("{scheme}://{}", host(rest)),
            None if self.url.contains('@') => host(self.url.trim_start_matches('/')).to_owned(),
            None => plain(&self.url),
        }
    }

    /// What the address points to; none where it is no address of a store.
    pub(crate) fn place(&self) -> Option<Place> {
        if matches!(self.url.as_str(), "memory" | "mem://") {
            return Some(Place::Memory);
        }
        match self.url.split_once("://")? {
            ("surrealkv", rest) => {
                let path = rest.split('?').next().unwrap_or_default();
                (!path.is_empty()).then(|| Place::Folder(PathBuf::from(path)))
            }
            ("ws" | "wss", rest) => (!rest.is_empty()).then_some(Place::Remote),
            _ => None,
        }
    }
}

/// What comes before a path, a query and a fragment.
fn authority(text: &str) -> &str {
    text.split(['/', '?', '#']).next().unwrap_or_default()
}

/// The host of what comes after a scheme, with its port, and nothing that may be of a name and a password. A password may hold
/// whatever ends a host, and a path or a query an @, so an address with an @ behind its host can be read in two ways.
fn host(rest: &str) -> &str {
    let host = authority(rest);
    if host.contains('@') {
        let before = rest.split(['?', '#']).next().unwrap_or_default();
        return before.rsplit_once('@').map(|(_, host)| authority(host)).unwrap_or_default();
    }
    let Some((_, behind)) = rest.rsplit_once('@') else { return host };
    if host.starts_with('[') {
        return host.split_inclusive(']').next().unwrap_or_default();
    }
    match host.split_once(':') {
        None => host,
        // A port, or digits that a password begins with: it is left out.
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        Some(_) => authority(behind),
    }
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            url: "memory".to_owned(),
            namespace: "rolecall".to_owned(),
            database: "rolecall".to_owned(),
            user: None,
            password: None,
            entropy: None,
            unfinished: false,
        }
    }
}

/// Without the password, wherever it stands.
impl fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreOptions")
            .field("url", &self.shown_url())
            .field("namespace", &self.namespace)
            .field("database", &self.database)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// The three kinds of place a database can be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Memory,
    Folder(PathBuf),
    Remote,
}

#[cfg(test)]
mod tests {
    use super::{Place, StoreOptions};

    #[test]
    fn an_address_says_what_kind_of_place_it_is() {
        let place = |url: &str| StoreOptions::new(url).place();
        assert_eq!(place("memory"), Some(Place::Memory));
        assert_eq!(place("surrealkv:///data/db?sync=every"), Some(Place::Folder("/data/db".into())));
        assert_eq!(place("wss://db.example:8000"), Some(Place::Remote));
        for bad in ["", "surrealkv://", "ws://", "rocksdb:///data/db", "/data/db", "http://db.example"] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_password_is_not_printed() {
        let options = StoreOptions { password: Some("tiger".to_owned()), ..StoreOptions::default() };
        assert!(!format!("{options:?}").contains("tiger"));
        for (url, shown) in [
            ("wss://root:tiger@db.example:8000/rpc?x=tiger", "wss://db.example:8000"),
            ("http://root:tiger/@tiger@db.example:8000", "http://db.example:8000"),
            ("root:tiger@db.example:8000", "db.example:8000"),
            ("http://db.example/?password=tiger", "http://db.example"),
            ("wss://root:tiger@db.example:8000/rpc?user=a@b.example", "wss://db.example:8000"),
            ("wss://root:tiger@db.example?user=a@b.example#c@d", "wss://db.example"),
            ("wss://db.example/rpc?user=a@b.example", "wss://db.example"),
            ("wss://db.example/a@b", "wss://db.example"),
            ("wss://db.example#a@b", "wss://db.example"),
            ("wss://db.example:8000/rpc?user=a@b.example", "wss://db.example"),
            ("wss://[::1]:8000/rpc?user=a@b.example", "wss://[::1]"),
            ("wss://root:tiger@[::1]:8000/rpc", "wss://[::1]:8000"),
            ("wss://root:tiger@tiger@db.example:8000", "wss://db.example:8000"),
            ("wss://root:s?tiger@db.example:8000/rpc", "wss://db.example:8000"),
            ("wss://root:s#tiger@db.example:8000", "wss://db.example:8000"),
            ("wss://root:1843?tiger@db.example:8000", "wss://root"),
            ("//root:tiger@db.example", "db.example"),
            ("root:tiger://tiger@db.example", "db.example"),
            ("/data/db?user=a@b", "data"),
            ("surrealkv:///data/a@b", "surrealkv:///data/a@b"),
            ("/data/db", "/data/db"),
        ] {
            let options = StoreOptions::new(url);
            assert_eq!(options.shown_url(), shown, "{url}");
            assert!(!format!("{options:?}").contains("tiger"), "{options:?}");
        }
    }
}
