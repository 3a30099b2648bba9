use domain::Error;

use super::words::PATH;
use crate::{
    drawn::{Asked, Reply},
    selection::{Item, Selection, selection},
};

/// What is done with the groups that are selected: they are deleted.
pub async fn selected(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let mut items = Vec::new();
    for key in asked.all("item") {
        let Ok(detail) = admin.group(&key).await else { continue };
        let standing = admin.group_standing(&key).await?;
        let what = if standing.used_by.is_empty() {
            super::delete::consequences(&detail, &standing).join("; ")
        } else {
            format!("will stay: it is used by {}", standing.used_by.join(", "))
        };
        items.push(Item { key, version: detail.version, what });
    }
    let chosen = Selection::deletion(PATH, "All groups", "group", items);
    let admin = &admin;
    selection(asked, chosen, |key, version| async move { admin.delete_group(&key, version).await }).await
}
