use leptos::prelude::*;

use super::{
    draft::ProviderDraft,
    form::{read, read_value, write, write_value},
    words::{CIPHERS, KEEPING},
};
use crate::ui::{CheckField, CheckList, Choice, EnumField, Refusals, SelectField, TextArea, TextField};

/// What is verified, encrypted and ended with the service: rarely touched where metadata was read.
#[component]
pub fn ExchangeFields(
    draft: RwSignal<ProviderDraft>,
    refusals: Refusals,
    /// Names of keys; each has a certificate.
    certificates: Vec<String>,
    /// Names of the keys that can decrypt.
    decrypting: Vec<String>,
) -> impl IntoView {
    let none = std::iter::once((String::new(), "none".to_owned()));
    let decrypting: Vec<Choice> = none.clone().chain(decrypting.into_iter().map(|k| (k.clone(), k))).collect();
    let named: Vec<Choice> = certificates.into_iter().map(|k| (k.clone(), k)).collect();
    let keys: Vec<Choice> = none.chain(named.iter().cloned()).collect();
    let verifying = read_value(draft, |d| d.verification_keys.clone());
    let required = Signal::derive(move || draft.with(|d| d.require_signed));
    view! {
        <fieldset>
            <legend>"Exchange"</legend>
            <details>
                <summary>"Further addresses, signed requests, encryption, logout"</summary>
                <TextArea id="acs" label="Further ACS addresses" value=read(draft, |d| &d.further_acs) on_input=write(draft, |d, v| d.further_acs = v) error=refusals.error("acs") code=true help="A line each: index and address. A request may ask for one of them." />
                <TextArea id="verification_certificates" label="Certificates of the service" rows=6 code=true value=read(draft, |d| &d.certificates) on_input=write(draft, |d, v| d.certificates = v) error=refusals.error("verification_certificates") help="PEM, one after the other. A signature of the service must hold against one of them." />
                <CheckList id="verification_keys" label="Verify with the certificates of keys too" choices=named value=verifying on_change=write_value(draft, |d, v| d.verification_keys = v) error=refusals.error("verification_keys") none="There is no key." />
                <CheckField id="require_signed_requests" label="Refuse requests without a signature" value=required on_change=Callback::new(move |on| draft.update(|d| d.require_signed = on)) />
                <p class="field-error">{move || refusals.error("require_signed_requests").get()}</p>
                <TextArea id="encryption.certificate" label="Encrypt assertions to" rows=6 code=true value=read(draft, |d| &d.encryption) on_input=write(draft, |d, v| d.encryption = v) error=refusals.error("encryption.certificate") help="The service's certificate, PEM. None: assertions are not encrypted. IAM Identity Center does not decrypt." />
                <SelectField id="encryption.key" label="Or to the certificate of a key" value=read(draft, |d| &d.encryption_key) choices=keys on_change=write(draft, |d, v| d.encryption_key = v) error=refusals.error("encryption.key") />
                <EnumField id="encryption.cipher" label="Cipher" values=CIPHERS value=read_value(draft, |d| d.cipher) on_change=write_value(draft, |d, v| d.cipher = v) error=refusals.error("encryption.cipher") />
                <SelectField id="decryption_key" label="Decryption key" value=read(draft, |d| &d.decryption_key) choices=decrypting on_change=write(draft, |d, v| d.decryption_key = v) error=refusals.error("decryption_key") help="An RSA key that signs nothing here. The metadata shows its certificate for encryption, and the service may encrypt the NameID of a signed logout request to it (EncryptedID). None: such a request is refused." />
                <TextArea id="logout" label="Logout addresses" value=read(draft, |d| &d.logout) on_input=write(draft, |d, v| d.logout = v) error=refusals.error("logout") code=true help="A line each: redirect or post, the address and, if responses go elsewhere, that address." />
            </details>
            <TextField id="keep_responses" label="Responses to keep" value=read(draft, |d| &d.keep) on_input=write(draft, |d, v| d.keep = v) error=refusals.error("keep_responses") help=KEEPING />
        </fieldset>
    }
}
