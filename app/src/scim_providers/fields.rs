use leptos::prelude::*;
use model::ScimChoices;

use super::{
    draft::ScimDraft,
    words::{ADOPTION, DEPROVISION, DIALECTS, DRIFT, GROUP_DEPROVISION},
};
use crate::ui::{CheckField, CheckList, Choice, EnumField, Refusals, TextArea, TextField};

/// A draft and what is wrong with it. A handle; copies are the same.
#[derive(Clone, Copy)]
pub struct Fields {
    pub draft: RwSignal<ScimDraft>,
    pub refusals: Refusals,
}

impl Fields {
    pub fn read<T: Send + Sync + 'static>(self, read: fn(&ScimDraft) -> T) -> Signal<T> {
        Signal::derive(move || self.draft.with(read))
    }

    pub fn write<T: 'static>(self, write: fn(&mut ScimDraft, T)) -> Callback<T> {
        Callback::new(move |value| self.draft.update(|draft| write(draft, value)))
    }

    pub fn error(self, field: &'static str) -> Signal<Option<String>> {
        self.refusals.error(field)
    }
}

/// Names as choices.
pub fn named(names: Vec<String>) -> Vec<Choice> {
    names.into_iter().map(|name| (name.clone(), name)).collect()
}

/// Where the service is.
#[component]
pub fn ServiceFields(fields: Fields, is_new: bool) -> impl IntoView {
    view! {
        <TextField id="name" label="Name" value=fields.read(|d| d.name.clone()) on_input=fields.write(|d, v| d.name = v) error=fields.error("name") readonly=!is_new
            help="Applications refer to it by this name, so it cannot be changed later." />
        <EnumField id="dialect" label="Service" values=DIALECTS value=fields.read(|d| d.dialect) on_change=fields.write(|d, v| d.dialect = v) error=fields.error("dialect")
                help="What the service takes, and in which form, follows from this." />
        <TextField id="url" label="SCIM endpoint" value=fields.read(|d| d.url.clone()) on_input=fields.write(|d, v| d.url = v) error=fields.error("url")
            help="AWS: Settings, Automatic provisioning, SCIM endpoint. It ends with /scim/v2." />
    }
}

/// Who is pushed, and as what.
#[component]
pub fn ScopeFields(fields: Fields, choices: ScimChoices) -> impl IntoView {
    view! {
        <fieldset>
            <legend>"Who is pushed"</legend>
            <p class="help">"Who may open the applications that have this provider behind them. It can be narrowed here:"</p>
            <CheckList id="groups" label="Groups" choices=named(choices.groups) value=fields.read(|d| d.groups.clone()) on_change=fields.write(|d, v| d.groups = v) error=fields.error("groups")
                none="There is no group yet." help="With groups ticked, only they and their members are pushed. None ticked: all groups, and everybody in scope." />
            <CheckField id="exclude_service_accounts" label="Leave out service accounts" value=fields.read(|d| d.exclude_service_accounts) on_change=fields.write(|d, v| d.exclude_service_accounts = v) />
            <details>
                <summary>"Property mappings"</summary>
                <CheckList id="user_mappings" label="Users are rendered by" choices=named(choices.user_mappings) value=fields.read(|d| d.user_mappings.clone()) on_change=fields.write(|d, v| d.user_mappings = v) error=fields.error("user_mappings")
                    none="There is none." help="Several are merged in the order of their names. None ticked: the one that comes with Rolecall." />
                <CheckList id="group_mappings" label="Groups are rendered by" choices=named(choices.group_mappings) value=fields.read(|d| d.group_mappings.clone()) on_change=fields.write(|d, v| d.group_mappings = v) error=fields.error("group_mappings")
                    none="There is none." help="None ticked: the one that comes with Rolecall." />
            </details>
        </fieldset>
    }
}

/// What is there already, and what happens to who leaves.
#[component]
pub fn RemovalFields(fields: Fields) -> impl IntoView {
    let text = |id: &'static str,
                label: &'static str,
                read: fn(&ScimDraft) -> String,
                write: fn(&mut ScimDraft, String),
                help: &'static str| {
        view! { <TextField id label value=fields.read(read) on_input=fields.write(write) error=fields.error(id) help /> }
    };
    view! {
        <fieldset>
            <legend>"What is there already"</legend>
            <EnumField id="adopt" label="Users and groups there with the name of one of ours" values=ADOPTION value=fields.read(|d| d.adopt) on_change=fields.write(|d, v| d.adopt = v) error=fields.error("adopt")
                help="Compared are userName and displayName. What is left alone is never changed or deleted." />
            <TextArea id="protected" label="Names that are never touched" code=true value=fields.read(|d| d.protected.clone()) on_input=fields.write(|d, v| d.protected = v) error=fields.error("protected")
                help="A userName or displayName there in each line; * stands for any text, such as breakglass-*." />
            <EnumField id="drift" label="What others change of ours there" values=DRIFT value=fields.read(|d| d.drift) on_change=fields.write(|d, v| d.drift = v) error=fields.error("drift")
                help="A comparison finds it. What is put right at once is shown all the same." />
            {text("verify_every", "Compared every", |d| d.verify_every.clone(), |d, v| d.verify_every = v, "Such as 1d or 12h, at least 5m: a comparison reads everything there. Empty: only on demand.")}
        </fieldset>
        <fieldset>
            <legend>"Who leaves"</legend>
            <EnumField id="deprovision" label="A user who leaves the scope" values=DEPROVISION value=fields.read(|d| d.deprovision) on_change=fields.write(|d, v| d.deprovision = v) error=fields.error("deprovision")
                help="At AWS a deactivated user keeps every assignment; a deleted one who returns is somebody new there." />
            {text("deprovision_grace", "Deleted after", |d| d.grace.clone(), |d, v| d.grace = v, "Where users are deleted: how long they stay deactivated before that, such as 30d. Empty: no time.")}
            <EnumField id="group_deprovision" label="A group that leaves the scope" values=GROUP_DEPROVISION value=fields.read(|d| d.group_deprovision) on_change=fields.write(|d, v| d.group_deprovision = v) error=fields.error("group_deprovision")
                help="At AWS a deleted group loses its permission sets for good." />
            <details>
                <summary>"How much may be taken away without a question, and how fast"</summary>
                {text("removal_threshold.count", "Most users, groups or memberships", |d| d.count.clone(), |d, v| d.count = v, "A plan that takes away more waits for an administrator, and so does one that makes it more within 24 hours, where at least one in a hundred of what is there may go. What came back does not count; an approval begins the day anew. Memberships count where people who stay lose them, also with a deleted group.")}
                {text("removal_threshold.percent", "Largest share in percent", |d| d.percent.clone(), |d, v| d.percent = v, "Of the users, of the groups and of the memberships there.")}
                {text("removal_threshold.floor", "The share counts from", |d| d.floor.clone(), |d, v| d.floor = v, "Up to this many the share does not matter: one of three people is a third.")}
                {text("writes_per_second", "Writes a second", |d| d.rate.clone(), |d, v| d.rate = v, "Empty: what the service is known to take.")}
            </details>
        </fieldset>
    }
}
