use domain::port::{Lease, LeaseClaim, ProvisioningStore, StoreError};

use super::fixture::{block_on, memory};
use crate::capacity::Capacity;

fn claim<'a>(provider: &'a str, holder: &'a str, now: i64) -> LeaseClaim<'a> {
    LeaseClaim { provider, holder, now, expires: now + 15, sole: false }
}

#[test]
fn one_worker_has_the_lease_and_what_an_earlier_one_still_writes_is_refused() {
    block_on(async {
        let store = memory().await;
        let first = store.lease(claim("aws", "a", 100)).await.unwrap().unwrap();
        assert_eq!(store.lease(claim("aws", "b", 110)).await.unwrap(), None);
        assert_eq!(store.lease(claim("aws", "a", 110)).await.unwrap(), Some(first));
        assert_eq!(store.lease(claim("other", "b", 110)).await.unwrap(), Some(Lease { fence: 1 }));
        store.append("aws", first, vec![(1, "one".into())]).await.unwrap();
        let second = store.lease(claim("aws", "b", 126)).await.unwrap().unwrap();
        assert!(second.fence > first.fence);
        for result in [
            store.append("aws", first, vec![(2, "late".into())]).await,
            store.replace("aws", first, "late", "m").await,
            store.put_state("aws", first, "late").await,
        ] {
            assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
        }
        let kept = store.mirror("aws").await.unwrap();
        assert_eq!((kept.snapshot, kept.journal), (None, vec![(1, "one".to_owned())]));
        // Where no other process can be, the lease of one that ended is void.
        let sole = LeaseClaim { sole: true, ..claim("aws", "c", 127) };
        assert!(store.lease(sole).await.unwrap().unwrap().fence > second.fence);
        store.release("aws", "c").await.unwrap();
        assert!(store.lease(claim("aws", "d", 128)).await.unwrap().is_some());
    });
}

#[test]
fn a_mirror_of_any_size_comes_back_as_it_went_and_is_not_mixed_with_a_neighbours() {
    block_on(async {
        let store = memory().await;
        let lease = store.lease(claim("aws", "a", 1)).await.unwrap().unwrap();
        let other = store.lease(claim("aws 2", "a", 1)).await.unwrap().unwrap();
        let large = "é€😀x".repeat(900_000);
        store.append("aws", lease, vec![(1, "gone".into())]).await.unwrap();
        store.replace("aws", lease, &large, "one").await.unwrap();
        store.append("aws", lease, (1..=12).map(|n| (n, n.to_string())).collect()).await.unwrap();
        store.replace("aws 2", other, "{}", "two").await.unwrap();
        let kept = store.mirror("aws").await.unwrap();
        assert!(kept.snapshot.as_deref() == Some(large.as_str()));
        assert_eq!(kept.journal.iter().map(|(n, _)| *n).collect::<Vec<_>>(), (1..=12).collect::<Vec<_>>());
        store.put_state("aws", lease, "s").await.unwrap();
        assert_eq!(store.state("aws").await.unwrap().as_deref(), Some("s"));
        store.forget("aws").await.unwrap();
        assert_eq!(store.mirror("aws").await.unwrap().snapshot, None);
        assert_eq!(store.state("aws").await.unwrap(), None);
        assert!(store.append("aws", lease, vec![(1, "late".into())]).await.is_err());
        assert_eq!(store.mirror("aws 2").await.unwrap().snapshot.as_deref(), Some("{}"));
    });
}

#[test]
fn a_mirror_is_told_from_every_other_without_reading_it() {
    block_on(async {
        let store = memory().await;
        let mark = async || {
            let mark = store.mirror_mark("aws").await.unwrap();
            (mark.snapshot, mark.entry)
        };
        let lease = store.lease(claim("aws", "a", 1)).await.unwrap().unwrap();
        let other = store.lease(claim("aws 2", "a", 1)).await.unwrap().unwrap();
        assert_eq!(mark().await, (None, 0));
        store.append("aws", lease, vec![(1, "one".into())]).await.unwrap();
        assert_eq!(mark().await, (None, 1), "as one that was written before there were marks");
        store.replace("aws", lease, "{}", "first").await.unwrap();
        assert_eq!(mark().await, (Some("first".to_owned()), 0));
        store.append("aws", lease, (1..=12).map(|n| (n, n.to_string())).collect()).await.unwrap();
        store.replace("aws 2", other, "{}", "a neighbour").await.unwrap();
        assert_eq!(mark().await, (Some("first".to_owned()), 12));
        store.replace("aws", lease, "{}", "second").await.unwrap();
        assert_eq!(mark().await, (Some("second".to_owned()), 0));
        store.forget("aws").await.unwrap();
        assert_eq!(mark().await, (None, 0));
    });
}

#[test]
fn notes_are_kept_all_at_once_and_found_by_the_beginning_of_their_names() {
    block_on(async {
        let store = memory().await;
        let notes = |notes: &[(&str, Option<&str>)]| {
            notes.iter().map(|(name, text)| ((*name).to_owned(), text.map(str::to_owned))).collect::<Vec<_>>()
        };
        let kept = [("plan/1", Some("a")), ("plan/2", Some("b")), ("plan-steps/2/0", Some("c"))];
        store.keep_notes("aws", notes(&kept)).await.unwrap();
        store.keep_notes("aws2", notes(&[("plan/1", Some("of another"))])).await.unwrap();
        store.keep_notes("aws", notes(&[("plan/1", None), ("plan/2", Some("d")), ("plan/3", None)])).await.unwrap();
        let found = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        assert_eq!(store.notes("aws", "plan/").await.unwrap(), [found("plan/2", "d")]);
        assert_eq!(store.notes("aws", "plan").await.unwrap(), [found("plan-steps/2/0", "c"), found("plan/2", "d")]);
        store.forget("aws").await.unwrap();
        assert_eq!(store.notes("aws", "").await.unwrap(), []);
        assert_eq!(store.notes("aws2", "").await.unwrap(), [found("plan/1", "of another")]);
    });
}

#[test]
fn a_mirror_or_a_note_that_could_not_be_read_again_is_refused_and_what_was_kept_stays() {
    block_on(async {
        let mut store = memory().await;
        let lease = store.lease(claim("aws", "a", 1)).await.unwrap().unwrap();
        store.replace("aws", lease, "{}", "small").await.unwrap();
        store.append("aws", lease, vec![(1, "one".into())]).await.unwrap();
        store.capacity = Capacity::of(64 * 1024);
        let large = "x".repeat(70 * 1024);
        let refused = store.replace("aws", lease, &large, "large").await;
        assert!(matches!(refused, Err(StoreError::TooLarge { .. })), "{refused:?}");
        let refused = store.keep_notes("aws", vec![("plan/1".to_owned(), Some(large))]).await;
        assert!(matches!(refused, Err(StoreError::TooLarge { .. })), "{refused:?}");
        let kept = store.mirror("aws").await.unwrap();
        assert_eq!((kept.snapshot.as_deref(), kept.journal.len()), (Some("{}"), 1));
        assert_eq!(store.notes("aws", "plan").await.unwrap(), []);
    });
}

#[test]
fn a_journal_takes_any_number_of_entries_at_once_and_none_that_could_not_be_read_again() {
    block_on(async {
        let mut store = memory().await;
        let lease = store.lease(claim("aws", "a", 1)).await.unwrap().unwrap();
        store.replace("aws", lease, "{}", "m").await.unwrap();
        store.capacity = Capacity::of(64 * 1024);
        // Together several times what one transaction may weigh.
        let many: Vec<(u64, String)> = (1..=200).map(|n| (n, format!("{n:02000}"))).collect();
        store.append("aws", lease, many.clone()).await.unwrap();
        let mut more: Vec<(u64, String)> = (201..=260).map(|n| (n, format!("{n:02000}"))).collect();
        more.push((261, "x".repeat(70 * 1024)));
        let refused = store.append("aws", lease, more).await;
        assert!(matches!(refused, Err(StoreError::TooLarge { .. })), "{refused:?}");
        let long = "x".repeat(70 * 1024);
        for refused in
            [store.put_state("aws", lease, &long).await, store.put_note("aws", lease, "drift", Some(&long)).await]
        {
            assert!(matches!(refused, Err(StoreError::TooLarge { .. })), "{refused:?}");
        }
        let kept = store.mirror("aws").await.unwrap();
        assert!(kept.journal == many, "the first ones in their order, and nothing of what was refused");
    });
}
