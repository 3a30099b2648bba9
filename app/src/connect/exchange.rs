use leptos::prelude::*;

use super::{
    frame::{Onward, StepPage, application_first},
    state::Connection,
    words::Step,
};
use crate::{list::segment, ui::CopyRow};

/// What AWS must be given, each thing under the name of its field there.
#[component]
pub fn ExchangeStep() -> impl IntoView {
    view! { <StepPage step=Step::Exchange content=content /> }
}

fn content(connection: Connection, _again: Callback<()>) -> AnyView {
    let provider = connection.provider.provider;
    let Some((application, links)) = connection.application.and_then(|a| a.links.map(|links| (a.application, links)))
    else {
        return application_first(&provider.name);
    };
    let key = provider.signing_key.unwrap_or(connection.provider.default_key);
    let metadata = format!("/application/saml/{}/metadata/", application.slug);
    let certificate = format!("/admin/keys/{}/certificate.pem", segment(&key));
    view! {
        <p>"Go back to the page that AWS's file came from: "<b>"Settings"</b>", "<b>"Identity source"</b>", "<b>"Actions"</b>", "<b>"Change identity source"</b>", "<b>"External identity provider"</b>". Further down it says "<b>"Identity provider metadata"</b>". Fill it in:"</p>
        <div class="exchange">
            <section class="panel">
                <h2>"IdP SAML metadata"</h2>
                <p>"Download the file and choose it in this field. It says all there is to say."</p>
                <p><a class="button primary" href=metadata rel="external" download="rolecall-metadata.xml">"Download the metadata"</a></p>
            </section>
            <section class="panel">
                <h2>"IdP certificate"</h2>
                <p>{format!("The certificate of the key {key}. Choose it in this field where AWS asks for it beside the metadata.")}</p>
                <p><a class="button" href=certificate rel="external" download="">"Download the certificate"</a></p>
            </section>
        </div>
        <details>
            <summary>"Without the metadata file, by hand"</summary>
            <dl>
                <CopyRow label="IdP sign-in URL" value=links.redirect_url help="Where AWS sends people to sign in." />
                <CopyRow label="IdP issuer URL" value=links.issuer help="The entityID of this identity provider." />
            </dl>
        </details>
        <p>"Then click "<b>"Next"</b>", read what AWS says about the change, and confirm it. From then on people sign in to AWS here, so do it when you are ready."</p>
        <Onward provider=provider.name step=Step::Exchange label="AWS has it. Go on" />
    }
    .into_any()
}
