#![no_main]
//! A file of metadata is read or refused, and what is read is what may be used.

use libfuzzer_sys::fuzz_target;
use saml::{Limits, parse_sp_metadata};

fuzz_target!(|bytes: &[u8]| {
    let Ok(found) = parse_sp_metadata(bytes, &Limits::METADATA) else { return };
    assert!(!found.is_empty(), "an empty list is an error");
    for sp in found {
        // Of one that breaks the standard only the name was read, and that may be what is wrong.
        assert!(sp.broken.is_some() || !sp.entity_id.is_empty());
        assert!(sp.entity_id.chars().count() <= 1024);
        assert!(sp.broken.is_none() || (sp.acs.is_empty() && sp.logout.is_empty() && sp.signing.is_empty()));
        let logout = sp.logout.iter().flat_map(|l| std::iter::once(&l.location).chain(&l.response_location));
        for url in sp.acs.iter().map(|acs| &acs.url).chain(logout) {
            let lower = url.to_ascii_lowercase();
            assert!(lower.starts_with("https://") || lower.starts_with("http://"), "{url}");
            assert!(!url.contains(['"', '<', '>', '\\', ' ']), "{url}");
        }
    }
});
