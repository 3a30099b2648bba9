use leptos::prelude::*;
use model::SessionSummary;

use super::api::{RevokeSession, list_sessions};
use crate::ui::{Badge, Failure, Scroll, Skeleton, Time, Tone, retry, toasts, waiting};

/// Where a person is signed in, and ending a session that should not be.
#[component]
pub fn Sessions() -> impl IntoView {
    let revoke = ServerAction::<RevokeSession>::new();
    let sessions = Resource::new(move || revoke.version().get(), |_| list_sessions());
    let toasts = toasts();
    Effect::new(move |_| match revoke.value().get() {
        Some(Ok(())) => toasts.good("The session has ended"),
        Some(Err(error)) => toasts.bad(error.to_string()),
        None => {}
    });
    let rows = move || {
        Suspend::new(async move {
            match sessions.await {
                Ok(sessions) => table(sessions, revoke),
                Err(error) => view! { <Failure error retry=retry(sessions) /> }.into_any(),
            }
        })
    };
    view! {
        <section aria-labelledby="sessions">
            <h2 id="sessions">"Where you are signed in"</h2>
            <p class="field-error" role="alert">{move || revoke.value().get().and_then(Result::err).map(|error| error.to_string())}</p>
            <Transition fallback=Skeleton>{rows}</Transition>
            <form method="post" action="/logout/everywhere">
                <p class="actions"><button type="submit">"Sign out everywhere"</button></p>
                <p class="help">"Ends all of these, and tells each service that you opened from any of them and that can be told."</p>
            </form>
        </section>
    }
}

fn table(sessions: Vec<SessionSummary>, revoke: ServerAction<RevokeSession>) -> AnyView {
    let rows = sessions.into_iter().map(move |session| {
        let label = format!("End the session from {}", session.address);
        let action = if session.current {
            view! { <Badge tone=Tone::Good text="this one" /> }.into_any()
        } else {
            let once = move |event: leptos::ev::MouseEvent| {
                if revoke.pending().get_untracked() {
                    event.prevent_default();
                }
            };
            view! {
                <ActionForm action=revoke>
                    <input type="hidden" name="handle" value=session.handle />
                    <button type="submit" aria-label=label aria-disabled=waiting(revoke.pending().into()) on:click=once>"End"</button>
                </ActionForm>
            }
            .into_any()
        };
        view! {
            <tr>
                <td><Time at=session.started /></td><td><Time at=session.last_seen /></td><td>{session.address}</td>
                <td class="long">{session.user_agent}</td><td>{action}</td>
            </tr>
        }
    });
    view! {
        <Scroll label="Sessions">
            <table>
                <thead><tr><th scope="col">"Signed in"</th><th scope="col">"Last seen"</th><th scope="col">"Address"</th><th scope="col">"Browser"</th><th scope="col">"Session"</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </Scroll>
    }
    .into_any()
}
