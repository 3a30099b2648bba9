use std::collections::BTreeMap;

use surrealdb::types::{Number, Value, Variables};

use crate::engine::{Answer, Engine, variables};
use crate::failure::Failure;
use crate::open::OpenError;

/// One step of the schema. Steps are only ever added: one that has run somewhere must not change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration {
    pub number: u32,
    pub name: &'static str,
    pub text: &'static str,
}

/// All steps, in order.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "foundation", text: include_str!("../migrations/0001_foundation.surql") },
    Migration { number: 2, name: "event target", text: include_str!("../migrations/0002_event_target.surql") },
    Migration { number: 3, name: "request", text: include_str!("../migrations/0003_request.surql") },
    Migration { number: 4, name: "logout", text: include_str!("../migrations/0004_logout.surql") },
    Migration { number: 5, name: "event text", text: include_str!("../migrations/0005_event_text.surql") },
    Migration { number: 6, name: "provisioning", text: include_str!("../migrations/0006_provisioning.surql") },
    Migration {
        number: 7,
        name: "provisioning notes",
        text: include_str!("../migrations/0007_provisioning_notes.surql"),
    },
    Migration { number: 8, name: "kept response", text: include_str!("../migrations/0008_kept_response.surql") },
    Migration { number: 9, name: "programs", text: include_str!("../migrations/0009_programs.surql") },
    Migration { number: 10, name: "event bundle", text: include_str!("../migrations/0010_event_bundle.surql") },
    Migration { number: 11, name: "keep responses", text: include_str!("../migrations/0011_keep_responses.surql") },
];

/// What is there before the first step: the table of steps done, and that of the mark of a restore. Nothing is lost where two
/// do this at once.
const TABLES: &str = "
DEFINE TABLE IF NOT EXISTS migration SCHEMAFULL PERMISSIONS NONE;
DEFINE FIELD IF NOT EXISTS number ON migration TYPE int;
DEFINE FIELD IF NOT EXISTS name ON migration TYPE string;
DEFINE FIELD IF NOT EXISTS checksum ON migration TYPE string;
DEFINE TABLE IF NOT EXISTS restoring SCHEMAFULL PERMISSIONS NONE;
DEFINE FIELD IF NOT EXISTS backup ON restoring TYPE string;
";
const DONE: &str = "SELECT number, checksum FROM migration";
/// The record id is the lock: of two that run a step at once, one finds it taken and has changed nothing.
const RECORD: &str = "CREATE $id CONTENT { number: $number, name: $name, checksum: $checksum } RETURN NONE;";

/// Makes what the steps need. Any number of processes may do so at once.
pub(crate) async fn define(engine: &Engine) -> Result<(), OpenError> {
    let mut starts = engine.starts();
    while let Err(failure) = engine.write(TABLES, Variables::new()).await {
        starts.again(failure).await?;
    }
    Ok(())
}

/// Brings the schema up to date. Any number of processes may do so at once.
pub(crate) async fn migrate(engine: &Engine, migrations: &[Migration]) -> Result<(), OpenError> {
    let mut starts = engine.starts();
    let known = migrations.iter().map(|migration| migration.number).max().unwrap_or(0);
    let mut step = 0;
    loop {
        let done = done(engine).await?;
        if let Some(found) = done.keys().next_back().copied().filter(|found| *found > known) {
            return Err(OpenError::Newer { found, known });
        }
        let mut next = None;
        for migration in migrations {
            match done.get(&migration.number) {
                Some(kept) if *kept == checksum(migration.text) => {}
                Some(_) => {
                    return Err(OpenError::Failed(format!(
                        "migration {} ({}) has changed since it ran on this database; this build does not belong to it",
                        migration.number, migration.name
                    )));
                }
                None => next = next.or(Some(migration)),
            }
        }
        let Some(next) = next else { return Ok(()) };
        // What others have done meanwhile is progress, too.
        if next.number != step {
            (step, starts) = (next.number, engine.starts());
        }
        // Where somebody else was faster, what they did is read again above.
        if let Err(failure) = run(engine, next).await {
            starts.again(failure).await.map_err(|failure| match failure {
                Failure::Conflict => OpenError::from(failure),
                failure => OpenError::Failed(format!("migration {}: {failure:?}", next.number)),
            })?;
        }
    }
}

async fn done(engine: &Engine) -> Result<BTreeMap<u32, String>, OpenError> {
    let failed = |error: &dyn std::fmt::Display| OpenError::Failed(error.to_string());
    let mut answer: Answer = engine.read(DONE, Variables::new()).await.map_err(|error| failed(&error))?;
    let rows = answer.rows(0).map_err(|error| failed(&error))?;
    rows.into_iter()
        .map(|row| {
            let Value::Object(mut row) = row else { return Err(failed(&"a migration that is no record")) };
            match (row.remove("number"), row.remove("checksum")) {
                (Some(Value::Number(Number::Int(number))), Some(Value::String(checksum))) => {
                    Ok((u32::try_from(number).unwrap_or(u32::MAX), checksum))
                }
                _ => Err(failed(&"a migration that cannot be read")),
            }
        })
        .collect()
}

async fn run(engine: &Engine, migration: &Migration) -> Result<(), Failure> {
    let id = surrealdb::types::RecordId::new("migration", i64::from(migration.number));
    let bound = variables([
        ("id", Value::RecordId(id)),
        ("number", Value::Number(Number::Int(i64::from(migration.number)))),
        ("name", Value::String(migration.name.to_owned())),
        ("checksum", Value::String(checksum(migration.text))),
    ]);
    // The text is part of this program, not input.
    engine.script(&format!("BEGIN;\n{RECORD}\n{}\nCOMMIT;\n", migration.text), bound).await
}

/// FNV-1a, 64 bits: against a migration edited by mistake, not against malice.
fn checksum(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::{MIGRATIONS, checksum};

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(checksum(""), "cbf29ce484222325");
        assert_eq!(checksum("foobar"), "85944171f73967e8");
    }

    #[test]
    fn migrations_are_numbered_without_a_gap() {
        let numbers: Vec<u32> = MIGRATIONS.iter().map(|migration| migration.number).collect();
        assert_eq!(numbers, (1..=u32::try_from(MIGRATIONS.len()).unwrap()).collect::<Vec<_>>());
    }
}
