use leptos::prelude::*;

use super::{
    frame::{Onward, StepPage},
    state::Connection,
    words::Step,
};
use crate::{
    saml_providers::{partition_row, provider_path},
    ui::{CopyRow, Scroll, Time},
};

/// What was understood of AWS's file.
#[component]
pub fn FileStep() -> impl IntoView {
    view! { <StepPage step=Step::File content=content /> }
}

fn content(connection: Connection, _again: Callback<()>) -> AnyView {
    let provider = connection.provider.provider;
    let path = provider_path(&provider.name);
    let valid = provider.imported.as_ref().and_then(|i| i.valid_until.clone()).map(|until| {
        view! { <p>"AWS's file is valid until "<Time at=until />"."</p> }
    });
    let partition = provider.partition().map(partition_row);
    let addresses = provider.acs_endpoints().map(|(url, index)| {
        view! { <tr><td>{index}</td><td><code>{url.to_owned()}</code></td></tr> }
    });
    let addresses = addresses.collect_view();
    view! {
        <p>"The file was read, and this is kept of it:"</p>
        <dl><CopyRow label="audience" value=provider.audience.clone() help="AWS: IAM Identity Center Issuer URL." />{partition}</dl>
        <p>"AWS: IAM Identity Center Assertion Consumer Service (ACS) URL, of which there may be several:"</p>
        <Scroll label="IAM Identity Center Assertion Consumer Service (ACS) URL">
            <table>
                <thead><tr><th scope="col">"Index"</th><th scope="col">"IAM Identity Center Assertion Consumer Service (ACS) URL"</th></tr></thead>
                <tbody>{addresses}</tbody>
            </table>
        </Scroll>
        {valid}
        <p><a href=format!("{path}/metadata")>"Read a newer file"</a>", or "<a href=path>"look at all settings"</a>"."</p>
        <Onward provider=provider.name step=Step::File />
    }
    .into_any()
}
