pub mod api;
#[cfg(feature = "ssr")]
mod hits;
mod keys;
#[cfg(feature = "ssr")]
mod page;
mod palette;
mod shortcuts;

#[cfg(feature = "ssr")]
pub use page::page;
pub use palette::Palette;
