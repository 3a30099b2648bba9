use domain::Error;
use leptos::prelude::*;
use model::{FieldError, Group};

use super::{
    frame::{found, framed},
    words::{PATH, group_path},
};
use crate::{
    conflict::sides,
    drawn::{Asked, Drawing, Reply, Sheet, done, stays},
    ui::plain::{self, Area, Line, area, checks, line},
    users::{attributes, written},
};

/// A group as it is typed.
struct GroupDraft {
    name: String,
    parents: Vec<String>,
    /// JSON.
    attributes: String,
}

impl GroupDraft {
    fn typed(asked: &Asked) -> Self {
        Self {
            name: asked.text("name"),
            parents: asked.all("parents"),
            attributes: asked.field("attributes").to_owned(),
        }
    }

    fn group(&self) -> Result<Group, Error> {
        Ok(Group {
            name: self.name.clone(),
            parents: self.parents.iter().cloned().collect(),
            attributes: attributes(&self.attributes)?,
        })
    }
}

/// Making a group.
pub async fn new_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let draft = GroupDraft { name: String::new(), parents: Vec::new(), attributes: String::new() };
    making(asked, &draft, &[], 200).await
}

pub async fn create(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let draft = GroupDraft::typed(asked);
    let made = match draft.group() {
        Ok(group) => admin.create_group(group).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(()) => Ok(Reply::To(done(&group_path(&draft.name), "created"))),
        Err(error) => Ok(Reply::Page(making(asked, &draft, &stays(error)?, 422).await?)),
    }
}

async fn making(asked: &Asked, draft: &GroupDraft, faults: &[FieldError], status: u16) -> Result<Drawing, Error> {
    let fields = fields(asked, draft, true, faults).await?;
    let form = plain::making(format!("{PATH}/-/new"), "Create the group", fields, faults);
    let sheet = Sheet::of_new("New group", (PATH, "All groups"), status, form);
    Ok(sheet.drawing())
}

/// Changing a group.
pub async fn edit_form(asked: &Asked) -> Result<Drawing, Error> {
    asked.caller.admin()?;
    let detail = found(asked).await?;
    let group = detail.group;
    let parents = group.parents.into_iter().collect();
    let draft = GroupDraft { name: group.name, parents, attributes: written(&group.attributes) };
    changing(asked, &draft, detail.version, None, &[], 200).await
}

pub async fn edit(asked: &Asked) -> Result<Reply, Error> {
    let admin = asked.caller.admin()?;
    let before = found(asked).await?;
    let name = before.group.name.clone();
    let draft = GroupDraft { name: name.clone(), ..GroupDraft::typed(asked) };
    let saved = match draft.group() {
        Ok(group) => admin.update_group(&name, asked.version(), group).await,
        Err(error) => Err(error),
    };
    let error = match saved {
        Ok(()) => return Ok(Reply::To(done(&group_path(&name), "saved"))),
        Err(error) => error,
    };
    if matches!(error, Error::Conflict(_)) && before.version != asked.version() {
        let mine = draft.group().ok();
        let both = sides("group", &before.group, mine.as_ref(), &format!("{}/edit", group_path(&name)));
        return Ok(Reply::Page(changing(asked, &draft, before.version, Some(both), &[], 409).await?));
    }
    Ok(Reply::Page(changing(asked, &draft, asked.version(), None, &stays(error)?, 422).await?))
}

async fn changing(
    asked: &Asked,
    draft: &GroupDraft,
    version: u64,
    conflict: Option<AnyView>,
    faults: &[FieldError],
    status: u16,
) -> Result<Drawing, Error> {
    let fields = fields(asked, draft, false, faults).await?;
    let action = format!("{}/edit", group_path(&draft.name));
    let body = plain::changing(action, version, conflict, fields, faults);
    Ok(framed(asked, &draft.name, "/edit", "Edit", status, body))
}

async fn fields(asked: &Asked, draft: &GroupDraft, is_new: bool, faults: &[FieldError]) -> Result<AnyView, Error> {
    let groups = asked.caller.auditor()?.application_choices().await?.groups;
    let others = groups.into_iter().filter(|group| is_new || *group != draft.name);
    let parents = others.map(|group| (group.clone(), group)).collect();
    let name = Line {
        id: "name",
        label: "Name",
        value: draft.name.clone(),
        help: if is_new {
            "Bindings, services and roles know the group by it."
        } else {
            "It is changed on the page “Rename”."
        },
        readonly: !is_new,
        ..Line::default()
    };
    let attributes = Area {
        id: "attributes",
        label: "Attributes",
        value: draft.attributes.clone(),
        help: "A JSON object that every member gets, such as {\"aws_role\": \"Admin\"}. Groups are taken in order of their names, later ones over earlier ones.",
        rows: 6,
        ..Area::default()
    };
    let fieldset = view! {
        <fieldset>
            <legend>"Group"</legend>
            {line(name, faults)}
            {checks("parents", "Parents", parents, &draft.parents, "Members of this group are members of its parents too.", faults)}
            {area(attributes, faults)}
        </fieldset>
    };
    Ok(fieldset.into_any())
}
