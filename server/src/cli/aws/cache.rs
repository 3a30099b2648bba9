use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::SystemTime,
};

use super::sts::Credentials;
use crate::cli::failure::Failure;

/// Credentials are not used from here in their last seconds: a program that starts with them needs time.
const MARGIN: i64 = 300;

/// One file for each role, application, server and token; readable by its owner alone.
pub struct Cache {
    path: PathBuf,
}

impl Cache {
    /// `key` is everything that the credentials depend on; only its hash is in the name.
    pub fn of(key: &str) -> Result<Self, Failure> {
        let folder = match (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME")) {
            (Some(cache), _) if !cache.is_empty() => PathBuf::from(cache),
            (_, Some(home)) => PathBuf::from(home).join(".cache"),
            _ => return Err(Failure::refused("there is no HOME to keep the credentials in; set XDG_CACHE_HOME")),
        };
        let name: String = openssl::sha::sha256(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { path: folder.join("rolecall/aws").join(format!("{name}.json")) })
    }

    /// Credentials that last for a while. What cannot be read is as good as nothing.
    pub fn read(&self) -> Option<Credentials> {
        let kept: Credentials = serde_json::from_str(&fs::read_to_string(&self.path).ok()?).ok()?;
        let end: jiff::Timestamp = kept.expiration.parse().ok()?;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?.as_secs();
        (end.as_second() - i64::try_from(now).ok()? > MARGIN).then_some(kept)
    }

    /// Written beside and moved into place, so that a program that reads meanwhile sees all or nothing.
    pub fn keep(&self, credentials: &Credentials) -> Result<(), Failure> {
        let failed = |e: &dyn std::fmt::Display| Failure::failed(format!("{}: {e}", self.path.display()));
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let mut build = fs::DirBuilder::new();
        build.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut build, 0o700);
        build.create(folder).map_err(|e| failed(&e))?;
        let draft = self.path.with_extension(format!("{}.part", std::process::id()));
        let _ = fs::remove_file(&draft);
        let mut open = fs::File::options();
        open.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
        let text = serde_json::to_string(credentials).map_err(|e| failed(&e))?;
        let written = open.open(&draft).and_then(|mut file| file.write_all(text.as_bytes()));
        written.and_then(|()| fs::rename(&draft, &self.path)).map_err(|e| failed(&e))
    }
}
