use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use model::{ListQuery, Page, ScimObjectRow};
use scim::id::Kind;

use super::{
    mirror::decoded,
    refused::{REFUSED, Refused},
    view::{self, word},
};
use crate::{
    Auditor, Error, Services,
    applications::page,
    identifiers,
    port::{MirrorMark, StoreError},
    snapshot::Snapshot,
};

/// Mirrors whose rows are remembered, at most.
const MOST: usize = 4;
/// Their rows together, at most; what would be more is read for each page.
const MOST_ROWS: usize = 200_000;
/// For so many seconds.
const FOR: i64 = 60;

/// The rows of the mirrors that were looked at last. A mirror is kept as one text, so that a list cannot read a page of
/// it alone: while its mark stays the same, the rows are those of before. One mirror is decoded at a time.
#[derive(Default)]
pub struct Objects {
    kept: Mutex<Vec<Kept>>,
    turn: tokio::sync::Mutex<()>,
}

/// What rows were made of: while it stays the same, they do.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    mirror: MirrorMark,
    /// A digest of what the last plan could not send.
    refused: String,
}

struct Kept {
    provider: String,
    mark: Mark,
    /// Unix seconds.
    until: i64,
    rows: Arc<Vec<ScimObjectRow>>,
}

impl Objects {
    fn find(&self, provider: &str, mark: &Mark, now: i64) -> Option<Arc<Vec<ScimObjectRow>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| now < kept.until && (kept.provider != provider || kept.mark == *mark));
        kept.iter().find(|kept| kept.provider == provider).map(|kept| Arc::clone(&kept.rows))
    }

    fn keep(&self, new: Kept) {
        // Without a mark of its snapshot a mirror could be taken for a later one.
        if new.mark.mirror.snapshot.is_none() || new.rows.len() > MOST_ROWS {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.provider != new.provider);
        kept.push(new);
        while kept.len() > MOST || kept.iter().map(|kept| kept.rows.len()).sum::<usize>() > MOST_ROWS {
            kept.remove(0);
        }
    }
}

impl Services {
    /// Everything that is known of a service, as rows; the names here of groups are for [`GroupNames`] to tell.
    pub(super) async fn object_rows(&self, provider: &str) -> Result<Arc<Vec<ScimObjectRow>>, Error> {
        let (mark, _) = self.objects_mark(provider).await?;
        if let Some(rows) = self.objects().find(provider, &mark, self.clock().now()) {
            return Ok(rows);
        }
        let _turn = self.objects().turn.lock().await;
        // Whoever was before may have read what is wanted here. The mark comes first: a mirror that moves on while it is
        // read is read again the next time.
        let (mark, refused) = self.objects_mark(provider).await?;
        let now = self.clock().now();
        if let Some(rows) = self.objects().find(provider, &mark, now) {
            return Ok(rows);
        }
        let text = self.provisioning().mirror(provider).await?;
        let name = provider.to_owned();
        let work = move || {
            let corrupt = |e| Error::from(StoreError::Corrupt(format!("note {REFUSED} of {name}: {e}")));
            let refused: Vec<Refused> =
                refused.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text)).map_err(corrupt)?;
            Ok::<_, Error>(decoded(text)?.map(|observed| view::objects(&observed, &refused)))
        };
        let rows = Arc::new(self.busy(work).await??.unwrap_or_default());
        self.objects().keep(Kept { provider: provider.to_owned(), mark, until: now + FOR, rows: Arc::clone(&rows) });
        Ok(rows)
    }

    /// What the rows would be made of now, and the note with what the last plan could not send.
    async fn objects_mark(&self, provider: &str) -> Result<(Mark, Option<String>), Error> {
        let mirror = self.provisioning().mirror_mark(provider).await?;
        let note = self.provisioning().note(provider, REFUSED).await?;
        let refused = note.as_ref().map(|text| identifiers::sha256(text.as_bytes())).unwrap_or_default();
        Ok((Mark { mirror, refused }, note))
    }
}

/// What groups are called here, by what services know them by.
pub(super) struct GroupNames(HashMap<String, String>);

impl GroupNames {
    pub fn of(snapshot: &Snapshot) -> Self {
        let names = snapshot.configuration.groups.keys();
        Self(names.map(|name| (snapshot.group_ids.of(name).to_owned(), name.clone())).collect())
    }

    /// The name here of the group of a row; empty where it is none, or none of ours.
    fn here(&self, row: &ScimObjectRow) -> &str {
        let is_group = row.kind == word(Kind::Group);
        self.0.get(&row.local).filter(|_| is_group).map_or("", String::as_str)
    }

    /// A row with its name here.
    pub fn told(&self, row: &ScimObjectRow) -> ScimObjectRow {
        ScimObjectRow { here: self.here(row).to_owned(), ..row.clone() }
    }
}

impl Auditor<'_> {
    /// What is at the service as far as it is known. Search in the names there and here and in identifiers; `filter` is a
    /// state, `user` or `group`.
    pub async fn scim_objects(&self, name: &str, query: &ListQuery) -> Result<Page<ScimObjectRow>, Error> {
        let services = &self.0.services;
        services.scim_record(name)?;
        let rows = services.object_rows(name).await?;
        let names = GroupNames::of(&services.snapshot());
        let (wanted, filter) = (query.q.trim().to_lowercase(), query.filter.as_str());
        let fits = |row: &&ScimObjectRow| {
            let texts = [row.name.as_str(), &row.local, names.here(row), &row.remote];
            let found = wanted.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&wanted));
            found && (filter.is_empty() || row.state == filter || row.kind == filter)
        };
        let Page { rows, total, page, page_size } = page(rows.iter().filter(fits).collect(), query);
        Ok(Page { rows: rows.into_iter().map(|row| names.told(row)).collect(), total, page, page_size })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{FOR, Kept, MOST, Mark, Objects};
    use crate::port::MirrorMark;

    fn mark(snapshot: &str, entry: u64) -> Mark {
        Mark { mirror: MirrorMark { snapshot: Some(snapshot.to_owned()), entry }, refused: String::new() }
    }

    fn unmarked() -> Mark {
        Mark { mirror: MirrorMark { snapshot: None, entry: 3 }, refused: String::new() }
    }

    fn kept(provider: &str, mark: Mark) -> Kept {
        Kept { provider: provider.to_owned(), mark, until: 100 + FOR, rows: Arc::default() }
    }

    #[test]
    fn rows_are_remembered_for_a_minute_and_for_one_mirror() {
        let objects = Objects::default();
        objects.keep(kept("aws", mark("a", 3)));
        assert!(objects.find("aws", &mark("a", 3), 159).is_some());
        assert!(objects.find("other", &mark("a", 3), 159).is_none());
        assert!(objects.find("aws", &mark("a", 3), 160).is_none(), "it is too old");
        let others = Mark { refused: "others".to_owned(), ..mark("a", 3) };
        for newer in [mark("a", 4), mark("b", 3), unmarked(), others] {
            objects.keep(kept("aws", mark("a", 3)));
            assert!(objects.find("aws", &newer, 100).is_none(), "{newer:?} is another mirror");
        }
    }

    #[test]
    fn only_a_few_mirrors_are_remembered_and_none_that_cannot_be_told_from_a_later_one() {
        let objects = Objects::default();
        objects.keep(kept("old", unmarked()));
        assert!(objects.find("old", &unmarked(), 100).is_none());
        for number in 0..=MOST {
            objects.keep(kept(&number.to_string(), mark("a", 1)));
        }
        assert!(objects.find("0", &mark("a", 1), 100).is_none());
        assert!((1..=MOST).all(|number| objects.find(&number.to_string(), &mark("a", 1), 100).is_some()));
    }
}
