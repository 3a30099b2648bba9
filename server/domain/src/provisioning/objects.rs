use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use model::{ListQuery, Page, ScimObjectRow};
use scim::id::Kind;

use super::{
    mirror::decoded,
    view::{self, word},
};
use crate::{Auditor, Error, Services, applications::page, port::MirrorMark, snapshot::Snapshot};

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

struct Kept {
    provider: String,
    mark: MirrorMark,
    /// Unix seconds.
    until: i64,
    rows: Arc<Vec<ScimObjectRow>>,
}

impl Objects {
    fn find(&self, provider: &str, mark: &MirrorMark, now: i64) -> Option<Arc<Vec<ScimObjectRow>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| now < kept.until && (kept.provider != provider || kept.mark == *mark));
        kept.iter().find(|kept| kept.provider == provider).map(|kept| Arc::clone(&kept.rows))
    }

    fn keep(&self, new: Kept) {
        // Without a mark of its snapshot a mirror could be taken for a later one.
        if new.mark.snapshot.is_none() || new.rows.len() > MOST_ROWS {
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
        let mark = self.provisioning().mirror_mark(provider).await?;
        if let Some(rows) = self.objects().find(provider, &mark, self.clock().now()) {
            return Ok(rows);
        }
        let _turn = self.objects().turn.lock().await;
        // Whoever was before may have read what is wanted here. The mark comes first: a mirror that moves on while it is
        // read is read again the next time.
        let mark = self.provisioning().mirror_mark(provider).await?;
        let now = self.clock().now();
        if let Some(rows) = self.objects().find(provider, &mark, now) {
            return Ok(rows);
        }
        let text = self.provisioning().mirror(provider).await?;
        let rows = self.busy(move || Ok::<_, Error>(decoded(text)?.map(|observed| view::objects(&observed)))).await??;
        let rows = Arc::new(rows.unwrap_or_default());
        self.objects().keep(Kept { provider: provider.to_owned(), mark, until: now + FOR, rows: Arc::clone(&rows) });
        Ok(rows)
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

    use super::{FOR, Kept, MOST, Objects};
    use crate::port::MirrorMark;

    fn mark(snapshot: &str, entry: u64) -> MirrorMark {
        MirrorMark { snapshot: Some(snapshot.to_owned()), entry }
    }

    fn kept(provider: &str, mark: MirrorMark) -> Kept {
        Kept { provider: provider.to_owned(), mark, until: 100 + FOR, rows: Arc::default() }
    }

    #[test]
    fn rows_are_remembered_for_a_minute_and_for_one_mirror() {
        let objects = Objects::default();
        objects.keep(kept("aws", mark("a", 3)));
        assert!(objects.find("aws", &mark("a", 3), 159).is_some());
        assert!(objects.find("other", &mark("a", 3), 159).is_none());
        assert!(objects.find("aws", &mark("a", 3), 160).is_none(), "it is too old");
        for newer in [mark("a", 4), mark("b", 3), MirrorMark { snapshot: None, entry: 3 }] {
            objects.keep(kept("aws", mark("a", 3)));
            assert!(objects.find("aws", &newer, 100).is_none(), "{newer:?} is another mirror");
        }
    }

    #[test]
    fn only_a_few_mirrors_are_remembered_and_none_that_cannot_be_told_from_a_later_one() {
        let objects = Objects::default();
        objects.keep(kept("old", MirrorMark { snapshot: None, entry: 3 }));
        assert!(objects.find("old", &MirrorMark { snapshot: None, entry: 3 }, 100).is_none());
        for number in 0..=MOST {
            objects.keep(kept(&number.to_string(), mark("a", 1)));
        }
        assert!(objects.find("0", &mark("a", 1), 100).is_none());
        assert!((1..=MOST).all(|number| objects.find(&number.to_string(), &mark("a", 1), 100).is_some()));
    }
}
