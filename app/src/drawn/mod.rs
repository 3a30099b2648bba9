//! Pages that the server alone draws: the browser gets them as HTML, so they cost it nothing however many there are, and all
//! of them work without JavaScript. Forms are plain forms.
//!
//! - both halves: `Drawing`, the page as it travels; `api`; `page`, which shows it; `handlers`, what is done in the browser
//! - the server: `asked`, what is asked for; `routes`, which page or form is meant; `sheet`, what every page has
pub mod api;
#[cfg(feature = "ssr")]
mod asked;
mod drawing;
mod handlers;
mod page;
#[cfg(feature = "ssr")]
mod reply;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
mod sheet;
#[cfg(feature = "ssr")]
mod text;

#[cfg(feature = "ssr")]
pub use asked::Asked;
pub use drawing::Drawing;
#[cfg(feature = "ssr")]
pub use drawing::Posted;
pub use page::DrawnPage;
#[cfg(feature = "ssr")]
pub use reply::{Reply, stays};
#[cfg(feature = "ssr")]
pub use routes::{draw, drawn_pages, forms, submit};
#[cfg(feature = "ssr")]
pub use sheet::{Sheet, done};
#[cfg(feature = "ssr")]
pub use text::sentence;

#[cfg(feature = "ssr")]
pub use crate::ui::many;
