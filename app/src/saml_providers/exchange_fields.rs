use leptos::prelude::*;

use super::{
    draft::ProviderDraft,
    form::{read, read_value, write, write_value},
    words::CIPHERS,
};
use crate::ui::{CheckField, EnumField, Refusals, TextArea};

/// What is verified, encrypted and ended with the service: rarely touched where metadata was read.
#[component]
pub fn ExchangeFields(draft: RwSignal<ProviderDraft>, refusals: Refusals) -> impl IntoView {
    let required = Signal::derive(move || draft.with(|d| d.require_signed));
    view! {
        <fieldset>
            <legend>"Exchange"</legend>
            <details>
                <summary>"Further addresses, signed requests, encryption, logout"</summary>
                <TextArea id="acs" label="Further ACS addresses" value=read(draft, |d| &d.further_acs) on_input=write(draft, |d, v| d.further_acs = v) error=refusals.error("acs") code=true help="A line each: index and address. A request may ask for one of them." />
                <TextArea id="verification_certificates" label="Certificates of the service" rows=6 code=true value=read(draft, |d| &d.certificates) on_input=write(draft, |d, v| d.certificates = v) error=refusals.error("verification_certificates") help="PEM, one after the other. A signature of the service must hold against one of them." />
                <CheckField id="require_signed_requests" label="Refuse requests without a signature" value=required on_change=Callback::new(move |on| draft.update(|d| d.require_signed = on)) />
                <p class="field-error">{move || refusals.error("require_signed_requests").get()}</p>
                <TextArea id="encryption.certificate" label="Encrypt assertions to" rows=6 code=true value=read(draft, |d| &d.encryption) on_input=write(draft, |d, v| d.encryption = v) error=refusals.error("encryption.certificate") help="The service's certificate, PEM. None: assertions are not encrypted. IAM Identity Center does not decrypt." />
                <EnumField id="encryption.cipher" label="Cipher" values=CIPHERS value=read_value(draft, |d| d.cipher) on_change=write_value(draft, |d, v| d.cipher = v) error=refusals.error("encryption.cipher") />
                <TextArea id="logout" label="Logout addresses" value=read(draft, |d| &d.logout) on_input=write(draft, |d, v| d.logout = v) error=refusals.error("logout") code=true help="A line each: redirect or post, the address and, if responses go elsewhere, that address." />
            </details>
        </fieldset>
    }
}
