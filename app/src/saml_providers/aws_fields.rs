use leptos::prelude::*;
use model::UserField;

use super::{
    aws_draft::{SourceKind, TagDraft, TagList},
    draft::ProviderDraft,
    form::{read, read_value, write, write_value},
};
use crate::ui::{CheckField, Choice, EnumField, Refusals, SelectField, TextField, Values, focus_soon};

const KINDS: Values<SourceKind> = &[
    (SourceKind::Attribute, "attribute", "an attribute of the user or a group"),
    (SourceKind::Field, "field", "a field of the user"),
    (SourceKind::Value, "value", "the same for everybody"),
];

const OPTIONAL_KINDS: Values<SourceKind> = &[
    (SourceKind::None, "", "nothing"),
    (SourceKind::Attribute, "attribute", "an attribute of the user or a group"),
    (SourceKind::Field, "field", "a field of the user"),
    (SourceKind::Value, "value", "the same for everybody"),
];

/// What AWS reads beside roles, without code.
#[component]
pub fn AwsFields(draft: RwSignal<ProviderDraft>, refusals: Refusals) -> impl IntoView {
    let source = Memo::new(move |_| draft.with(|d| d.aws.source.kind));
    let text = move || {
        let kind = source.get();
        (kind != SourceKind::None).then(|| {
            let value = read(draft, |d| &d.aws.source.text);
            let on_input = write(draft, |d, v| d.aws.source.text = v);
            view! { <SourceText id="source_identity-text".to_owned() kind value on_input error=Signal::stored(None::<String>) /> }
        })
    };
    view! {
        <fieldset>
            <legend>"What AWS reads"</legend>
            <details>
                <summary>"Session tags, source identity, session duration, attributes for access control"</summary>
                <Tags draft refusals list=TagList::Principal heading="Session tags (IAM)" help="PrincipalTag attributes. The role's trust policy must allow sts:TagSession." />
                <EnumField id="aws.source_identity" label="Source identity (IAM)" values=OPTIONAL_KINDS value=read_value(draft, |d| d.aws.source.kind) on_change=write_value(draft, |d, v| d.aws.source.kind = v) error=refusals.error("aws.source_identity") help="Who is behind the session, through every role that follows. The trust policy must allow sts:SetSourceIdentity." />
                {text}
                <TextField id="aws.session_duration" label="Session duration (IAM)" value=read(draft, |d| &d.aws.duration) on_input=write(draft, |d, v| d.aws.duration = v) error=refusals.error("aws.session_duration") help="15m to 12h. None: AWS gives an hour." />
                <Tags draft refusals list=TagList::Access heading="Attributes for access control (Identity Center)" help="AccessControl attributes. One that is set up in Identity Center itself wins over these." />
            </details>
        </fieldset>
    }
}

#[component]
fn Tags(
    draft: RwSignal<ProviderDraft>,
    refusals: Refusals,
    list: TagList,
    heading: &'static str,
    help: &'static str,
) -> impl IntoView {
    // A row is made anew when it moves: its name says its place.
    let rows = move || {
        draft.with(|d| d.aws.list(list).iter().enumerate().map(|(place, row)| (place, row.id)).collect::<Vec<_>>())
    };
    let whole = refusals.error(list.field());
    let add = move |_| {
        draft.update(|d| d.aws.add(list));
        let last = draft.with_untracked(|d| d.aws.list(list).len().saturating_sub(1));
        focus_soon(format!("{}.{last}", list.field()));
    };
    view! {
        <fieldset class="rows">
            <legend>{heading}</legend>
            <p class="help">{help}</p>
            <p class="field-error">{move || whole.get()}</p>
            <For each=rows key=|row| *row let((place, id))><TagRow draft refusals list place id /></For>
            <button type="button" id=add_id(list) on:click=add>{format!("Add one to: {heading}")}</button>
        </fieldset>
    }
}

/// The id of the button that adds a row.
fn add_id(list: TagList) -> String {
    format!("{}-add", list.field())
}

#[component]
fn TagRow(draft: RwSignal<ProviderDraft>, refusals: Refusals, list: TagList, place: usize, id: u32) -> impl IntoView {
    let with = move |change: fn(&mut TagDraft, String)| {
        Callback::new(move |text: String| {
            draft.update(|d| {
                if let Some(row) = d.aws.list_mut(list).iter_mut().find(|row| row.id == id) {
                    change(row, text);
                }
            });
        })
    };
    let of = move |read: fn(&TagDraft) -> String| {
        Signal::derive(move || {
            draft.with(|d| d.aws.list(list).iter().find(|row| row.id == id).map(read)).unwrap_or_default()
        })
    };
    let kind = Memo::new(move |_| {
        draft.with(|d| d.aws.list(list).iter().find(|row| row.id == id).map(|row| row.kind)).unwrap_or_default()
    });
    let on_kind = Callback::new(move |kind: SourceKind| {
        draft.update(|d| {
            if let Some(row) = d.aws.list_mut(list).iter_mut().find(|row| row.id == id) {
                row.kind = kind;
            }
        });
    });
    let on_transitive = Callback::new(move |on: bool| {
        draft.update(|d| {
            if let Some(row) = d.aws.list_mut(list).iter_mut().find(|row| row.id == id) {
                row.transitive = on;
            }
        });
    });
    let transitive = Signal::derive(move || {
        draft.with(|d| d.aws.list(list).iter().find(|row| row.id == id).is_some_and(|row| row.transitive))
    });
    let field = format!("{}.{place}", list.field());
    let key = of(|row| row.key.clone());
    let name = move || format!("Tag {}", key.get());
    let remove = move |_| {
        focus_soon(add_id(list));
        draft.update(|d| d.aws.list_mut(list).retain(|row| row.id != id));
    };
    let passed_on = (list == TagList::Principal).then(|| {
        view! { <CheckField id=format!("{}-transitive-{id}", list.field()) label="Later roles inherit it" value=transitive on_change=on_transitive /> }
    });
    let text = move || {
        let (value, on_input) = (of(|row| row.text.clone()), with(|row, text| row.text = text));
        view! { <SourceText id=format!("{}-text-{id}", list.field()) kind=kind.get() value on_input error=Signal::stored(None::<String>) /> }
    };
    view! {
        <div class="row" role="group" aria-label=name>
            <TextField id=field.clone() label="Key" value=key on_input=with(|row, text| row.key = text) error=refusals.error_at(field) help="At most 128 characters." />
            <EnumField id=format!("{}-kind-{id}", list.field()) label="Value" values=KINDS value=kind on_change=on_kind error=Signal::stored(None::<String>) />
            {text}
            {passed_on}
            <button type="button" on:click=remove>"Remove"</button>
        </div>
    }
}

/// The name of an attribute, a field, or the text itself.
#[component]
fn SourceText(
    id: String,
    kind: SourceKind,
    value: Signal<String>,
    on_input: Callback<String>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    match kind {
        SourceKind::Field => {
            // What the select shows first is what it means, also when nobody touches it.
            if !UserField::ALL.iter().any(|field| value.with_untracked(|text| text == field.code())) {
                on_input.run(UserField::default().code().to_owned());
            }
            let fields: Vec<Choice> =
                UserField::ALL.into_iter().map(|f| (f.code().to_owned(), f.code().replace('_', " "))).collect();
            view! { <SelectField id label="Field" value choices=fields on_change=on_input error /> }.into_any()
        }
        SourceKind::Attribute => {
            view! { <TextField id label="Attribute" value on_input error help="Such as department. Who does not have it goes without the tag." /> }.into_any()
        }
        SourceKind::Value => view! { <TextField id label="Text" value on_input error help="At most 256 characters." /> }.into_any(),
        SourceKind::None => ().into_any(),
    }
}
