use std::collections::BTreeSet;
use std::ops::Bound;

use domain::port::StoreError;

use crate::engine::Engine;
use crate::event::{LONGEST, Line, Rows, known};
use crate::event_log::BATCH;

/// Moves events, ordered by id, that the database may have in part: after a crash, or after it failed.
pub(super) async fn move_what_is_new(engine: &Engine, lines: &[Line]) -> Result<(), StoreError> {
    let known = known(engine, lines).await?;
    let new: Vec<Line> = lines.iter().filter(|line| !known.events.contains(&line.id)).cloned().collect();
    move_all(engine, &new, &known.rows).await
}

/// Moves events, ordered by id, in transactions of a bounded size.
pub(super) async fn move_all(engine: &Engine, lines: &[Line], seams: &BTreeSet<String>) -> Result<(), StoreError> {
    let (mut rows, mut size) = (Rows::default(), 0);
    for bundle in bundles(lines, seams) {
        if size + bundle.len() > BATCH {
            std::mem::take(&mut rows).insert(engine).await?;
            size = 0;
        }
        rows.add(bundle);
        size += bundle.len();
    }
    if size > 0 {
        rows.insert(engine).await?;
    }
    Ok(())
}

/// What goes into a row each. None reaches across a seam.
fn bundles<'a>(lines: &'a [Line], seams: &BTreeSet<String>) -> impl Iterator<Item = &'a [Line]> {
    let together = |a: &Line, b: &Line| {
        let between = (Bound::Excluded(a.id.as_str()), Bound::Included(b.id.as_str()));
        seams.range::<str, _>(between).next().is_none()
    };
    lines.chunk_by(together).flat_map(|lines| lines.chunks(LONGEST))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use model::EventKind;

    use super::bundles;
    use crate::event::{LONGEST, Line};
    use crate::tests::event;

    #[test]
    fn a_row_is_of_bounded_length_and_reaches_across_no_event_that_has_a_row_of_its_own() {
        let lines: Vec<Line> =
            (0..300).filter(|n| *n != 150).map(|n| Line::of(&event(n, EventKind::SignIn, "ada")).unwrap()).collect();
        let lengths = |seams: &BTreeSet<String>| bundles(&lines, seams).map(<[_]>::len).collect::<Vec<_>>();
        assert_eq!(lengths(&BTreeSet::new()), [LONGEST, LONGEST, 43]);
        assert_eq!(lengths(&BTreeSet::from(["00000150".to_owned()])), [LONGEST, 22, LONGEST, 21]);
    }
}
