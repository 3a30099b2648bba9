use std::{
    collections::BTreeSet,
    io::{BufRead, ErrorKind, Read},
};

use serde_json::Value;

use super::format::{BackupError, FORMAT, Header, Seal, VERSION};
use crate::{
    identifiers::to_hex,
    port::{BackupRow, BackupStore},
};

/// The longest line. A piece of a mirror has 256 KiB, and JSON may double it.
const LONGEST: u64 = 16 << 20;
/// Rows of one transaction.
const BATCH: usize = 500;

/// A backup that is whole: its seal was checked.
#[derive(Debug)]
pub struct Backup {
    pub header: Header,
    pub rows: u64,
    /// The ids of the master keys that its secrets are sealed under.
    pub master_keys: BTreeSet<String>,
}

impl Backup {
    /// Reads all of it and checks the seal; nothing is written anywhere.
    pub fn check(mut source: impl BufRead) -> Result<Self, BackupError> {
        let first = line(&mut source)?.ok_or_else(|| BackupError::NotOne("it is empty".to_owned()))?;
        let header: Header = serde_json::from_str(&first).map_err(|e| BackupError::NotOne(e.to_string()))?;
        if header.format != FORMAT {
            return Err(BackupError::NotOne(format!("its first line says `{}`", header.format)));
        }
        if header.version != VERSION {
            let why = format!("it has version {}, and this build reads version {VERSION}", header.version);
            return Err(BackupError::NotOne(why));
        }
        let (mut digest, mut rows, mut master_keys) = (openssl::sha::Sha256::new(), 0, BTreeSet::new());
        digest.update(first.as_bytes());
        while let Some(text) = line(&mut source)? {
            let Ok(seal) = serde_json::from_str::<Seal>(&text) else {
                digest.update(text.as_bytes());
                rows += 1;
                // Most rows are events, which hold nothing that is sealed and are not worth to be read.
                if text.contains("\"key_id\"")
                    && let Ok(row) = serde_json::from_str::<BackupRow>(&text)
                {
                    row.row.values().for_each(|value| sealed_under(value, &mut master_keys));
                }
                continue;
            };
            if line(&mut source)?.is_some() {
                return Err(BackupError::Damaged("something comes after its end".to_owned()));
            }
            if seal.rows != rows || seal.sha256 != to_hex(&digest.finish()) {
                return Err(BackupError::Damaged("its checksum does not fit".to_owned()));
            }
            return Ok(Self { header, rows, master_keys });
        }
        Err(BackupError::Damaged("its end is missing".to_owned()))
    }

    /// Writes every row into a store of the backup's schema, which is marked from before the first one until
    /// [`Services::restored`](crate::Services::restored). `source` is read from its beginning.
    pub async fn load(&self, mut source: impl BufRead + Send, store: &dyn BackupStore) -> Result<(), BackupError> {
        line(&mut source)?;
        store.begin_restore(&self.header.created).await?;
        let mut batch = Vec::with_capacity(BATCH);
        for _ in 0..self.rows {
            let Some(text) = line(&mut source)? else { break };
            let row: BackupRow = serde_json::from_str(&text).map_err(|e| BackupError::Damaged(e.to_string()))?;
            batch.push(row);
            if batch.len() == BATCH {
                store.load(std::mem::take(&mut batch)).await?;
            }
        }
        Ok(store.load(batch).await?)
    }
}

/// Collects the ids of the master keys that something of a row is sealed under.
fn sealed_under(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let (Some(Value::String(id)), Some(_), Some(_)) =
                (fields.get("key_id"), fields.get("nonce"), fields.get("ciphertext"))
            {
                found.insert(id.clone());
            }
            fields.values().for_each(|field| sealed_under(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| sealed_under(item, found)),
        _ => {}
    }
}

/// The next line with its end.
fn line(source: &mut impl BufRead) -> Result<Option<String>, BackupError> {
    let mut line = String::new();
    let read = source.by_ref().take(LONGEST).read_line(&mut line).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => BackupError::NotOne("it is not text".to_owned()),
        _ => error.into(),
    })?;
    match (read, line.ends_with('\n')) {
        (0, _) => Ok(None),
        (_, true) => Ok(Some(line)),
        (_, false) => Err(BackupError::Damaged("a line has no end".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, Backup, to_hex};

    fn sealed(body: &str, rows: u64) -> String {
        let sha256 = to_hex(&openssl::sha::sha256(body.as_bytes()));
        format!("{body}{{\"rows\":{rows},\"sha256\":\"{sha256}\"}}\n")
    }

    #[test]
    fn only_a_whole_and_unaltered_backup_is_one() {
        let header =
            r#"{"format":"rolecall-backup","version":1,"schema":7,"created":"2026-01-01T00:00:00Z","master_key":"k"}"#;
        let row = r#"{"value":[{"key_id":"old","nonce":"","ciphertext":""},{"key_id":"of a key of something else"}]}"#;
        let body = format!("{header}\n{{\"table\":\"setting\",\"id\":\"a\",\"row\":{row}}}\n");
        let good = sealed(&body, 1);
        let backup = Backup::check(good.as_bytes()).unwrap();
        assert_eq!((backup.rows, backup.master_keys), (1, BTreeSet::from(["old".to_owned()])));
        let why = |text: &str| Backup::check(text.as_bytes()).unwrap_err().to_string();
        assert!(why(&good.replace("\"a\"", "\"b\"")).contains("checksum"));
        assert!(why(&sealed(&body, 2)).contains("checksum"));
        assert!(why(&body).contains("end is missing"));
        assert!(why(&good[..good.len() - 1]).contains("no end"));
        assert!(why(&format!("{good}x\n")).contains("after its end"));
        assert!(why("").contains("empty"));
        assert!(why("CREATE user;\n").contains("no backup"));
        assert!(
            why(&sealed(&header.replace("\"version\":1", "\"version\":2"), 0).replace("}{", "}\n{"))
                .contains("version 2")
        );
    }
}
