use std::collections::VecDeque;

use model::EventKind;
use serde_json::json;

use super::format::{FORMAT, Header, Seal, VERSION};
use crate::{
    Admin, Error, Services,
    events::Entry,
    identifiers::{self, to_hex},
    port::BackupRow,
};

/// Events of one piece.
const EVENTS: u32 = 1_000;
/// Other rows of one piece.
const ROWS: usize = 1_000;

enum Stage {
    Header,
    Rows(VecDeque<BackupRow>),
    /// After the event of this id.
    Events(String),
    Done,
}

/// A backup as it is written, piece by piece.
pub struct BackupWriter {
    services: Services,
    stage: Stage,
    digest: openssl::sha::Sha256,
    rows: u64,
}

impl Services {
    /// A backup of everything. For the operator of the machine.
    pub fn backup(&self) -> BackupWriter {
        let (services, digest) = (self.clone(), openssl::sha::Sha256::new());
        BackupWriter { services, stage: Stage::Header, digest, rows: 0 }
    }
}

impl Admin<'_> {
    /// A backup of everything, secrets sealed. That it was taken is an event.
    pub async fn backup(&self) -> Result<BackupWriter, Error> {
        let caller = self.caller();
        let event = caller.services.event(Entry {
            kind: EventKind::BackedUp,
            actor: caller.username(),
            target: "the store".to_owned(),
            address: &caller.origin.address,
            message: format!("{} took a backup", caller.username()),
            detail: json!({ "token": caller.token }),
        });
        caller.services.store().append_events(vec![event]).await?;
        Ok(caller.services.backup())
    }
}

impl BackupWriter {
    /// The next lines; none when all is said.
    pub async fn next(&mut self) -> Result<Option<String>, Error> {
        let services = &self.services;
        let text = match &mut self.stage {
            Stage::Header => {
                let header = Header {
                    format: FORMAT.to_owned(),
                    version: VERSION,
                    schema: services.backup_store().schema(),
                    created: identifiers::rfc3339(services.clock().now()),
                    master_key: services.vault().current_id().to_owned(),
                };
                self.stage = Stage::Rows(services.backup_store().dump().await?.into());
                line(&header)?
            }
            Stage::Rows(rows) => {
                let piece: Vec<BackupRow> = rows.drain(..rows.len().min(ROWS)).collect();
                if rows.is_empty() {
                    self.stage = Stage::Events(String::new());
                }
                self.rows += piece.len() as u64;
                piece.iter().map(line).collect::<Result<String, Error>>()?
            }
            Stage::Events(after) => {
                let piece = services.backup_store().dump_events(after, EVENTS).await?;
                self.rows += piece.len() as u64;
                match piece.last() {
                    Some(last) => {
                        *after = last.id.clone();
                        piece.iter().map(line).collect::<Result<String, Error>>()?
                    }
                    None => {
                        let digest = std::mem::take(&mut self.digest).finish();
                        self.stage = Stage::Done;
                        return line(&Seal { rows: self.rows, sha256: to_hex(&digest) }).map(Some);
                    }
                }
            }
            Stage::Done => return Ok(None),
        };
        self.digest.update(text.as_bytes());
        Ok(Some(text))
    }
}

fn line(thing: &impl serde::Serialize) -> Result<String, Error> {
    let text = serde_json::to_string(thing).map_err(|e| Error::Internal(format!("backup: {e}")))?;
    Ok(text + "\n")
}
