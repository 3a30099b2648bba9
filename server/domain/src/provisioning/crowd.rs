/// A set of some of the people who are looked at together, by their place among them. Of one crowd only sets of the same
/// size meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crowd {
    words: Vec<u64>,
    size: usize,
}

const BITS: usize = u64::BITS as usize;

impl Crowd {
    /// Nobody of so many.
    pub fn nobody(size: usize) -> Self {
        Self { words: vec![0; size.div_ceil(BITS)], size }
    }

    pub fn everybody(size: usize) -> Self {
        Self::nobody(size).turned()
    }

    pub fn insert(&mut self, place: usize) {
        if let Some(word) = self.words.get_mut(place / BITS).filter(|_| place < self.size) {
            *word |= 1_u64 << (place % BITS);
        }
    }

    pub fn has(&self, place: usize) -> bool {
        self.words.get(place / BITS).is_some_and(|word| *word & (1_u64 << (place % BITS)) != 0)
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Who is not in it.
    pub fn turned(mut self) -> Self {
        for word in &mut self.words {
            *word = !*word;
        }
        let rest = self.size % BITS;
        if rest > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1_u64 << rest) - 1;
        }
        self
    }

    /// With those of another one.
    pub fn join(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Without those who are not in the other one.
    pub fn keep(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// Without those of another one.
    pub fn leave(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Crowd;

    fn of(size: usize, places: &[usize]) -> Crowd {
        let mut crowd = Crowd::nobody(size);
        for place in places {
            crowd.insert(*place);
        }
        crowd
    }

    fn places(crowd: &Crowd) -> Vec<usize> {
        (0..300).filter(|place| crowd.has(*place)).collect()
    }

    #[test]
    fn sets_are_joined_cut_and_turned_and_nobody_is_beyond_their_size() {
        for size in [0, 1, 63, 64, 65, 130] {
            assert_eq!(places(&Crowd::everybody(size)), (0..size).collect::<Vec<_>>(), "{size}");
            assert!(Crowd::everybody(size).turned().is_empty());
        }
        let (mut joined, other) = (of(130, &[1, 64, 129, 130, 200]), of(130, &[2, 64]));
        let (mut kept, mut left) = (joined.clone(), joined.clone());
        joined.join(&other);
        kept.keep(&other);
        left.leave(&other);
        assert_eq!((places(&joined), places(&kept)), (vec![1, 2, 64, 129], vec![64]));
        assert_eq!((places(&left), places(&left.turned()).len()), (vec![1, 129], 128));
    }
}
