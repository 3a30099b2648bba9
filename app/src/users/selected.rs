use domain::Error;

use super::words::PATH;
use crate::{
    drawn::{Asked, Reply},
    selection::{Deed, Item, Selection, selection},
};

/// What is done with the users that are selected.
pub async fn selected(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let (deed, verb, code) = match asked.field("act") {
        "activate" => (Deed::Change, "Activate", "activated"),
        "deactivate" => (Deed::Change, "Deactivate", "deactivated"),
        _ => (Deed::Delete, "Delete", "deleted"),
    };
    let mut items = Vec::new();
    for key in asked.all("item") {
        let Ok(detail) = admin.user(&key).await else { continue };
        let standing = admin.user_standing(&key).await?;
        let what = match code {
            "activated" => "may sign in again".to_owned(),
            "deactivated" => {
                format!("signed out everywhere ({} now), and cannot sign in any more", standing.sessions.len())
            }
            _ if !standing.bindings.is_empty() => {
                format!("will stay: bindings of {} name it", standing.bindings.join(", "))
            }
            _ => super::delete::consequences(&standing).join("; "),
        };
        items.push(Item { key: detail.user.username, version: detail.version, what });
    }
    let chosen = Selection { path: PATH, up: "All users", noun: "user", verb, deed, code, items };
    let admin = &admin;
    let act = |key: String, version: u64| async move {
        match code {
            "activated" => admin.set_user_active(&key, version, true).await,
            "deactivated" => admin.set_user_active(&key, version, false).await,
            _ => admin.delete_user(&key, version).await,
        }
    };
    selection(asked, chosen, act).await
}
