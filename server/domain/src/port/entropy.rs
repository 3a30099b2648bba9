/// A source of unpredictable bytes, fit for keys and session ids.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}
