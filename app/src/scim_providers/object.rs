use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{ScimLogLine, ScimObjectDetail, ScimObjectLog, ScimObjectRow};

use super::{
    api::{read_scim_object, sync_scim_object},
    detail::name,
    words::{scim_path, state_badge},
};
use crate::{
    session::visitor,
    ui::{Badge, CodeBlock, CopyRow, Deed, DeedButton, Failure, Heading, Skeleton, Time, Tone, retry},
};

/// How often a page looks by itself whether a synchronisation is done, and how many times.
const PACE: Duration = Duration::from_millis(1_500);
const TIMES: u32 = 40;

/// One user or group: how it stands at the service, the last answer, and synchronising it alone.
#[component]
pub fn ScimObjectPage() -> impl IntoView {
    let (name, params) = (name(), use_params_map());
    let param = move |key: &'static str| Memo::new(move |_| params.with(|p| p.get(key).unwrap_or_default()));
    let (kind, local) = (param("kind"), param("local"));
    let whole = move || (name.get(), kind.get(), local.get());
    let found = Resource::new(whole, |(name, kind, local)| read_scim_object(name, kind, local));
    let (waits, looked) = (RwSignal::new(false), RwSignal::new(0));
    // What it is called, once that is known; the address of a group holds the name that it was made with.
    let called = RwSignal::new(String::new());
    Effect::new(move |_| {
        if !waits.get() || looked.get() >= TIMES {
            return;
        }
        let again = move || {
            looked.update(|times| *times += 1);
            found.refetch();
        };
        if let Ok(timer) = set_timeout_with_handle(again, PACE) {
            on_cleanup(move || timer.clear());
        }
    });
    let then = Callback::new(move |()| {
        looked.set(0);
        found.refetch();
    });
    let act = move || {
        let (name, kind, local) = (name.get_untracked(), kind.get_untracked(), local.get_untracked());
        sync_scim_object(name, kind, local)
    };
    let sync = Deed::new("A synchronisation of this one was asked for", act, then);
    let body = move || {
        Suspend::new(async move {
            match found.await {
                Ok(detail) => {
                    waits.set(detail.waits);
                    called.set(detail.row.as_ref().map(name_of).unwrap_or_default());
                    shown(detail)
                }
                Err(error) => view! { <Failure error retry=retry(found) /> }.into_any(),
            }
        })
    };
    let action = visitor().administers().then(|| {
        view! { <div class="actions"><DeedButton deed=sync label="Sync this one" primary=true /></div> }
    });
    view! {
        <p><a href=move || format!("{}/objects", scim_path(&name.get()))>"What is there"</a></p>
        <Heading title=Signal::derive(move || format!("The {} {} at {}", kind.get(), shown_as(called.get(), local.get()), name.get())) />
        {action}
        <Transition fallback=Skeleton>{body}</Transition>
    }
}

fn name_of(row: &ScimObjectRow) -> String {
    if row.here.is_empty() { &row.name } else { &row.here }.clone()
}

fn shown_as(called: String, local: String) -> String {
    if called.is_empty() { local } else { called }
}

fn shown(detail: ScimObjectDetail) -> AnyView {
    let waits = detail.waits.then(|| {
        view! { <p class="notice">"Its synchronisation was asked for and is not done yet. It comes before everything else."</p> }
    });
    let row = match detail.row {
        Some(row) => facts(row),
        None => view! { <p class="notice">"It is not known to be there, and nothing was refused. What is not in scope is not sent."</p> }
            .into_any(),
    };
    let log = match detail.log {
        Some(log) => requests(log),
        None => view! { <p>"It was never synchronised by itself. “Sync this one” shows every request and its answer here."</p> }
            .into_any(),
    };
    view! { <div role="status">{waits}</div>{row}<h2>"Its last synchronisation by itself"</h2>{log} }.into_any()
}

fn facts(row: ScimObjectRow) -> AnyView {
    let words = (!row.words.is_empty()).then(|| {
        view! { <div class="notice bad"><p>"Last answer: "{row.words}</p><p>"What helps: "{row.fix}</p></div> }
    });
    let members = (row.kind == "group").then(|| view! { <div><dt>"Members"</dt><dd>{row.members}</dd></div> });
    let remote = (!row.remote.is_empty()).then(|| {
        view! { <CopyRow label="identifier there" value=row.remote help="What the service calls it." /> }
    });
    view! {
        <p class="lead">{state_badge(&row.state)}" "{row.name}</p>
        {words}
        <dl class="facts">{members}{remote}</dl>
    }
    .into_any()
}

fn requests(log: ScimObjectLog) -> AnyView {
    let (tone, word) = if log.good { (Tone::Good, "as it should be") } else { (Tone::Bad, "not as it should be") };
    let none = log.lines.is_empty().then(|| view! { <p>"No request was needed."</p> });
    let lines = (1..).zip(log.lines).map(line).collect_view();
    view! {
        <p><Badge tone text=word />" "<Time at=log.at />": "{log.outcome}</p>
        {none}
        <ol class="requests">{lines}</ol>
    }
    .into_any()
}

fn line((number, line): (u32, ScimLogLine)) -> AnyView {
    let block = |what: &str, text: String| {
        let label = format!("{what} {number}");
        (!text.is_empty()).then(|| view! { <CodeBlock label text /> })
    };
    view! {
        <li>
            <details>
                <summary><code>{line.request}</code>" → "{line.answer}" "<Time at=line.at /></summary>
                {block("body", line.body)}
                {block("answer", line.answer_body)}
            </details>
        </li>
    }
    .into_any()
}
