use leptos::prelude::*;
use model::{MappingKind, PropertyMapping};

use super::{
    api::{create_mapping, read_mapping, update_mapping},
    trial::Trial,
    words::{NAMES, mapping_path, word},
};
use crate::{
    conflict::{Conflict, Theirs},
    ui::{SaveForm, Saving, SelectField, TextArea, TextField},
};

const KINDS: [(&str, MappingKind); 3] =
    [("saml", MappingKind::Saml), ("scim_user", MappingKind::ScimUser), ("scim_group", MappingKind::ScimGroup)];

const HELP: &str = "Python. Names: user (username, name, given_name, family_name, email, is_active, uid, attributes, groups, group_attributes(), is_member(\"…\")), provider, application, request, regex_match, regex_replace, slugify. return ends it; None leaves the attribute out; a list gives one value each.";

/// The form of a property mapping.
#[component]
pub fn MappingForm(
    /// The version that the change is made from. None: a new one.
    existing: Option<u64>,
    /// What the fields hold at first.
    start: Option<PropertyMapping>,
) -> impl IntoView {
    let start = start.unwrap_or_else(|| PropertyMapping {
        name: String::new(),
        kind: MappingKind::Saml,
        saml_name: None,
        friendly_name: None,
        name_format: None,
        expression: "return user.username".to_owned(),
        managed: false,
    });
    let is_new = existing.is_none();
    let (start, draft, version) = (RwSignal::new(start.clone()), RwSignal::new(start), RwSignal::new(existing));
    let theirs = Theirs::<PropertyMapping>::new();
    let dirty = Signal::derive(move || draft.with(|d| start.with(|s| d != s)));
    let saving = Saving::new(
        "The property mapping was saved",
        dirty,
        move |(version, mapping): &(Option<u64>, PropertyMapping)| {
            let (version, mapping, name) = (*version, mapping.clone(), mapping.name.clone());
            async move {
                let answer = match version {
                    None => create_mapping(mapping).await,
                    Some(version) => update_mapping(name.clone(), version, mapping).await,
                };
                let read = async { read_mapping(name.clone()).await.map(|d| (d.version, d.mapping)) };
                theirs.outcome(answer, mapping_path(&name), read).await
            }
        },
    );
    let refusals = saving.refusals;
    let typed = Callback::new(move |()| {
        theirs.forget();
        Ok((version.get_untracked(), draft.get_untracked()))
    });
    let mine = Callback::new(move |()| Some(draft.get_untracked()));
    let keep = Callback::new(move |newer| {
        version.set(Some(newer));
        saving.submit(typed.run(()));
    });
    let take = Callback::new(move |(newer, mapping): (u64, PropertyMapping)| {
        version.set(Some(newer));
        start.set(mapping.clone());
        draft.set(mapping);
    });
    let label = if is_new { "Create the property mapping" } else { "Save" };
    let read = move |read: fn(&PropertyMapping) -> String| Signal::derive(move || draft.with(read));
    let write = move |write: fn(&mut PropertyMapping, String)| {
        Callback::new(move |text| draft.update(|mapping| write(mapping, text)))
    };
    let failing = RwSignal::new(None::<u32>);
    let optional = |text: String| (!text.is_empty()).then_some(text);
    let kind =
        read(|d| KINDS.iter().find(|(_, k)| *k == d.kind).map(|(code, _)| (*code).to_owned()).unwrap_or_default());
    let kinds = KINDS.iter().map(|(code, kind)| ((*code).to_owned(), word(*kind).to_owned())).collect();
    let set_kind = write(|d, code| d.kind = KINDS.iter().find(|(c, _)| *c == code).map_or(d.kind, |(_, kind)| *kind));
    let set_saml_name = Callback::new(move |text| draft.update(|d| d.saml_name = optional(text)));
    let set_friendly = Callback::new(move |text| draft.update(|d| d.friendly_name = optional(text)));
    let set_format = Callback::new(move |text| draft.update(|d| d.name_format = optional(text)));
    view! {
        <SaveForm saving typed label>
            <Conflict what="property mapping" theirs mine keep take />
            <fieldset>
                <legend>"Property mapping"</legend>
                <TextField id="name" label="Name" value=read(|d| d.name.clone()) on_input=write(|d, v| d.name = v) error=refusals.error("name") readonly=!is_new
                    help="Providers refer to it by this name, so it cannot be changed later." />
                <SelectField id="kind" label="Kind" value=kind choices=kinds on_change=set_kind error=refusals.error("kind") />
                <TextField id="saml_name" label="SAML name" value=read(|d| d.saml_name.clone().unwrap_or_default()) on_input=set_saml_name error=refusals.error("saml_name")
                    help="The Name of the attribute, such as https://aws.amazon.com/SAML/Attributes/Role. None: for a NameID only." />
                <TextField id="friendly_name" label="Friendly name" value=read(|d| d.friendly_name.clone().unwrap_or_default()) on_input=set_friendly error=refusals.error("friendly_name") />
                <TextField id="name_format" label="Name format" value=read(|d| d.name_format.clone().unwrap_or_default()) on_input=set_format error=refusals.error("name_format")
                    help="A URI, for services that read it, such as urn:oasis:names:tc:SAML:2.0:attrname-format:uri. None: it is left out." />
                <TextArea id="expression" label="Expression" rows=10 code=true names=NAMES line=failing value=read(|d| d.expression.clone()) on_input=write(|d, v| d.expression = v) error=refusals.error("expression") help=HELP />
            </fieldset>
            <Trial source=read(|d| d.expression.clone()) kind=Memo::new(move |_| draft.with(|d| d.kind)) failing />
        </SaveForm>
    }
}
