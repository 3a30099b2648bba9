use domain::Error;

use super::words::PATH;
use crate::{
    drawn::{Asked, Reply},
    selection::{Item, Selection, selection},
};

/// What is done with the applications that are selected: they are deleted.
pub async fn selected(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let mut items = Vec::new();
    for key in asked.all("item") {
        let Ok(detail) = admin.application(&key).await else { continue };
        let mut lines = detail.used_by;
        lines.push("its tile goes from every portal".to_owned());
        items.push(Item { key, version: detail.version, what: lines.join("; ") });
    }
    let chosen = Selection::deletion(PATH, "All applications", "application", items);
    let admin = &admin;
    selection(asked, chosen, |key, version| async move { admin.delete_application(&key, version).await }).await
}
