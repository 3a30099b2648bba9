//! Many membership changes in as few requests as the service allows.

/// Removals and additions of one request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chunk<R, A> {
    pub(super) remove: Vec<R>,
    pub(super) add: Vec<A>,
}

/// Cuts into chunks of at most `most` changes, counted together. Removals go first: losing access is urgent.
pub(super) fn chunk<R, A>(remove: Vec<R>, add: Vec<A>, most: usize) -> Vec<Chunk<R, A>> {
    let most = most.max(1);
    let (mut remove, mut add) = (remove.into_iter().peekable(), add.into_iter().peekable());
    let mut chunks = Vec::new();
    while remove.peek().is_some() || add.peek().is_some() {
        let remove: Vec<R> = remove.by_ref().take(most).collect();
        let add: Vec<A> = add.by_ref().take(most - remove.len()).collect();
        chunks.push(Chunk { remove, add });
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_shared_by_the_last_removals_and_the_first_additions() {
        let sizes = |removals: usize, additions: usize| -> Vec<(usize, usize)> {
            let chunks = chunk(vec![(); removals], vec![(); additions], 100);
            chunks.iter().map(|c| (c.remove.len(), c.add.len())).collect()
        };
        assert_eq!(sizes(0, 0), []);
        assert_eq!(sizes(0, 100), [(0, 100)]);
        assert_eq!(sizes(0, 250), [(0, 100), (0, 100), (0, 50)]);
        assert_eq!(sizes(130, 80), [(100, 0), (30, 70), (0, 10)]);
    }
}
