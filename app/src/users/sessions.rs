use domain::Error;
use leptos::prelude::*;

use super::{
    frame::{found, framed},
    words::user_path,
};
use crate::{
    drawn::{Asked, Drawing, Reply, done},
    ui::{Badge, Tone, plain::moment},
};

/// Where a user is signed in.
pub async fn sessions(asked: &Asked) -> Result<Drawing, Error> {
    let username = found(asked).await?.user.username;
    let auditor = asked.caller.auditor()?;
    let (sessions, services) =
        (auditor.user_standing(&username).await?.sessions, auditor.signed_on_at(&username).await?);
    let everywhere = (!sessions.is_empty() || !services.is_empty()).then(|| everywhere(asked, &username, &services));
    if sessions.is_empty() {
        let body = view! { <div class="empty-state"><p>"The user is signed in nowhere here."</p></div>{everywhere} };
        return Ok(framed(asked, &username, "/sessions", "Sessions", 200, body.into_any()));
    }
    let (administers, action) = (asked.administers(), format!("{}/sessions", user_path(&username)));
    let rows = sessions.into_iter().map(|session| {
        let label = format!("End the session from {}", session.address);
        let mine = session.current.then(|| view! { <Badge tone=Tone::Good text="this one" /> });
        let end = (administers && !session.current).then(|| {
            view! {
                <form method="post" action=action.clone()>
                    <input type="hidden" name="handle" value=session.handle />
                    <button type="submit" aria-label=label>"End"</button>
                </form>
            }
        });
        view! {
            <tr>
                <td>{moment(&session.started)}</td><td>{moment(&session.last_seen)}</td><td>{session.address}</td>
                <td class="long">{session.user_agent}</td><td>{mine}{end}</td>
            </tr>
        }
    });
    let body = view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Sessions">
            <table>
                <thead><tr><th scope="col">"Signed in"</th><th scope="col">"Last seen"</th><th scope="col">"Address"</th><th scope="col">"Browser"</th><th scope="col">"Session"</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {everywhere}
    };
    Ok(framed(asked, &username, "/sessions", "Sessions", 200, body.into_any()))
}

/// Which services have a session of the user, and how to end all of them.
fn everywhere(asked: &Asked, username: &str, services: &[String]) -> AnyView {
    let known = (!services.is_empty())
        .then(|| view! { <p>"These services have a session of the user: "{services.join(", ")}"."</p> });
    let through = (!services.is_empty()).then(|| {
        view! { <p class="help">"The services are told through this browser, one after the other. One that does not look at the session it is told of may end your own session there."</p> }
    });
    let form = asked.administers().then(|| {
        view! {
            <form method="post" action="/logout/everywhere">
                <input type="hidden" name="username" value=username.to_owned() />
                <p class="actions"><button type="submit">"Sign the user out everywhere"</button></p>
                {through}
            </form>
        }
    });
    view! { {known}{form} }.into_any()
}

pub async fn end_session(asked: &Asked) -> Result<Reply, Error> {
    let username = asked.part(1);
    asked.caller.admin()?.end_session_of(username, asked.field("handle")).await?;
    Ok(Reply::To(done(&format!("{}/sessions", user_path(username)), "ended")))
}
