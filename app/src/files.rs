//! What a person chooses from their own disk.

use leptos::prelude::*;

/// Puts the text of a chosen file into a field.
#[cfg(feature = "hydrate")]
pub fn read_file(event: &leptos::ev::Event, into: RwSignal<String>) {
    let input: web_sys::HtmlInputElement = event_target(event);
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    leptos::task::spawn_local(async move {
        let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
        if let Some(text) = text.ok().and_then(|text| text.as_string()) {
            into.set(text);
        }
    });
}

/// As [`read_file`], of at most `most` bytes; a larger file is told of by its size, and not read.
#[cfg(feature = "hydrate")]
pub fn read_file_within(event: &leptos::ev::Event, into: RwSignal<String>, most: u32, larger: Callback<String>) {
    let input: web_sys::HtmlInputElement = event_target(event);
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    let size = file.size();
    if size > f64::from(most) {
        larger.run(format!("{size:.0}"));
    } else {
        read_file(event, into);
    }
}

#[cfg(not(feature = "hydrate"))]
pub fn read_file_within(_event: &leptos::ev::Event, _into: RwSignal<String>, _most: u32, _larger: Callback<String>) {}

/// Puts a chosen file into a field as base64.
#[cfg(feature = "hydrate")]
pub fn read_base64(event: &leptos::ev::Event, into: RwSignal<String>) {
    let input: web_sys::HtmlInputElement = event_target(event);
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    leptos::task::spawn_local(async move {
        let Ok(buffer) = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await else { return };
        into.set(base64(&js_sys::Uint8Array::new(&buffer).to_vec()));
    });
}

#[cfg(not(feature = "hydrate"))]
pub fn read_base64(_event: &leptos::ev::Event, _into: RwSignal<String>) {}

/// RFC 4648 §4, for the few kilobytes of a key: a library for it would travel to every browser.
#[cfg(any(feature = "hydrate", test))]
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |six: u32| ALPHABET.get((six & 63) as usize).map_or('A', |b| char::from(*b));
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let whole = three.iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            let present = place <= three.len();
            text.push(if present { digit(whole >> (18 - 6 * place)) } else { '=' });
        }
    }
    text
}

#[cfg(not(feature = "hydrate"))]
pub fn read_file(_event: &leptos::ev::Event, _into: RwSignal<String>) {}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn every_length_is_padded_to_fours() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xff, 0xfe, 0xfd]), "//79");
    }
}
