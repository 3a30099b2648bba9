//! The assertion consumer services of a service provider, and which of them a response goes to.

use crate::binding::POST;

/// An `AssertionConsumerService` (metadata §2.2.3, §2.4.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acs {
    /// `Location`.
    pub url: String,
    /// `Binding`, a URI.
    pub binding: String,
    /// `index`.
    pub index: u32,
    /// `isDefault`; absent and false differ in what is taken when none is true.
    pub is_default: Option<bool>,
}

impl Acs {
    /// An address of the POST binding, the only one that responses are sent by.
    #[must_use]
    pub fn post(url: impl Into<String>, index: u32, is_default: bool) -> Self {
        Self { url: url.into(), binding: POST.to_owned(), index, is_default: is_default.then_some(true) }
    }

    /// The one to use when the request names none: the first that says it is the default, else the first that does not
    /// say it is not, else the first (metadata §2.2.3). Only those of the POST binding count.
    #[must_use]
    pub fn default_of(list: &[Self]) -> Option<&Self> {
        let offered = || list.iter().filter(|acs| acs.binding == POST);
        offered()
            .find(|acs| acs.is_default == Some(true))
            .or_else(|| offered().find(|acs| acs.is_default.is_none()))
            .or_else(|| offered().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_first_that_says_so_then_the_first_that_does_not_deny_it_then_the_first() {
        let acs = |index, is_default| Acs { is_default, ..Acs::post(format!("https://sp/{index}"), index, false) };
        let chosen = |list: &[Acs]| Acs::default_of(list).map(|acs| acs.index);
        assert_eq!(chosen(&[acs(0, None), acs(1, Some(true)), acs(2, Some(true))]), Some(1));
        assert_eq!(chosen(&[acs(0, Some(false)), acs(1, None)]), Some(1));
        assert_eq!(chosen(&[acs(3, Some(false)), acs(4, Some(false))]), Some(3));
        let artifact = Acs { binding: crate::binding::ARTIFACT.into(), ..acs(5, Some(true)) };
        assert_eq!(chosen(&[artifact.clone(), acs(6, Some(false))]), Some(6));
        assert_eq!(chosen(&[artifact]), None);
    }
}
