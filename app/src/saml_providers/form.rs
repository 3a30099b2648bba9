use leptos::prelude::*;
use model::{
    AssertionEncryption, Partition, ProviderChoices, SamlProvider, SignatureMethod, WantedAttribute, take_suggestions,
};

use super::{
    api::{create_provider, import_provider, read_provider, update_provider},
    aws_fields::AwsFields,
    draft::ProviderDraft,
    exchange_fields::ExchangeFields,
    wanted_fields::wanted_fields,
    words::{CURVE_METHODS, FORMATS, METHODS, RSA_METHODS, SIGN, provider_path},
};
use crate::{
    conflict::{Conflict, Theirs},
    ui::{CheckField, CheckList, Choice, EnumField, Refusals, SaveForm, Saving, SelectField, TextField, Values},
};

/// The form of a SAML provider.
#[component]
pub fn ProviderForm(
    /// The version that the change is made from. None: a new one.
    existing: Option<u64>,
    start: ProviderDraft,
    choices: ProviderChoices,
    /// The encryption that the metadata of the service offers, to be taken or not.
    #[prop(optional_no_strip)]
    encrypt: Option<AssertionEncryption>,
    /// What the metadata of the service asks for.
    #[prop(optional)]
    wanted: Vec<WantedAttribute>,
) -> impl IntoView {
    let is_new = existing.is_none();
    let (start, draft, version) = (RwSignal::new(start.clone()), RwSignal::new(start), RwSignal::new(existing));
    let theirs = Theirs::<SamlProvider>::new();
    let (ticked, anyway) = (RwSignal::new(Vec::<String>::new()), RwSignal::new(false));
    let asked = wanted.clone();
    let dirty = Signal::derive(move || draft.with(|d| start.with(|s| d != s)));
    let saving =
        Saving::new("The SAML provider was saved", dirty, move |(version, provider): &(Option<u64>, SamlProvider)| {
            let (version, mut provider, name) = (*version, provider.clone(), provider.name.clone());
            let made = ticked.with_untracked(|names| take_suggestions(&mut provider, &asked, names));
            async move {
                let answer = match version {
                    None if !made.is_empty() => import_provider(provider, made).await,
                    None => create_provider(provider).await,
                    Some(version) => update_provider(name.clone(), version, provider, anyway.get_untracked()).await,
                };
                let read = async { read_provider(name.clone()).await.map(|d| (d.version, d.provider)) };
                theirs.outcome(answer, provider_path(&name), read).await
            }
        });
    let refusals = saving.refusals;
    let typed = Callback::new(move |()| {
        theirs.forget();
        Ok((version.get_untracked(), draft.with_untracked(ProviderDraft::provider)?))
    });
    let mine = Callback::new(move |()| draft.with_untracked(ProviderDraft::provider).ok());
    let keep = Callback::new(move |newer| {
        version.set(Some(newer));
        saving.submit(typed.run(()));
    });
    let take = Callback::new(move |(newer, provider): (u64, SamlProvider)| {
        version.set(Some(newer));
        start.set(ProviderDraft::from(&provider));
        draft.set(ProviderDraft::from(&provider));
    });
    let label = if is_new { "Create the SAML provider" } else { "Save" };
    let decrypting = choices.keys.iter().filter(|key| !choices.elliptic.contains(key)).cloned().collect::<Vec<_>>();
    view! {
        <SaveForm saving typed label>
            <Conflict what="SAML provider" theirs mine keep take />
            <ServiceFields draft refusals is_new choices=choices.clone() />
            <Show when=move || !is_new && draft.with(|d| start.with(|s| d.signing_key != s.signing_key))>
                <CheckField id="anyway" label="Sign with this key though nothing says that the service has it" value=anyway on_change=Callback::new(move |is| anyway.set(is)) />
                <p class="help">"A service refuses what a key that it does not know has signed. To lose no sign-on, name the key as the next signing key, give the service the metadata, and promote it. The former key stays in the metadata, as the way back."</p>
            </Show>
            <SayingFields draft refusals mappings=choices.mappings />
            <AwsFields draft refusals />
            {wanted_fields(draft, ticked, wanted)}
            {encrypt.map(|offered| encrypt_field(draft, offered))}
            <ExchangeFields draft refusals certificates=choices.certificates decrypting />
        </SaveForm>
    }
}

/// Reads a text of the draft.
pub fn read(draft: RwSignal<ProviderDraft>, read: fn(&ProviderDraft) -> &String) -> Signal<String> {
    Signal::derive(move || draft.with(|d| read(d).clone()))
}

/// Writes a text of the draft.
pub fn write(draft: RwSignal<ProviderDraft>, write: fn(&mut ProviderDraft, String)) -> Callback<String> {
    Callback::new(move |text| draft.update(|d| write(d, text)))
}

/// Reads a value of the draft.
pub fn read_value<T: Send + Sync + 'static>(
    draft: RwSignal<ProviderDraft>,
    read: fn(&ProviderDraft) -> T,
) -> Signal<T> {
    Signal::derive(move || draft.with(read))
}

/// Writes a value of the draft.
pub fn write_value<T: 'static>(draft: RwSignal<ProviderDraft>, write: fn(&mut ProviderDraft, T)) -> Callback<T> {
    Callback::new(move |value| draft.update(|d| write(d, value)))
}

/// Who the service is, and what signs for it.
#[component]
fn ServiceFields(
    draft: RwSignal<ProviderDraft>,
    refusals: Refusals,
    is_new: bool,
    choices: ProviderChoices,
) -> impl IntoView {
    let kinds = choices.clone();
    let curve = Memo::new(move |_| draft.with(|d| on_curve(&kinds, &d.signing_key)));
    let keys = choices.keys;
    let default = std::iter::once((String::new(), "the default key".to_owned()));
    let none = std::iter::once((String::new(), "none".to_owned()));
    let next: Vec<Choice> = none.chain(keys.iter().map(|k| (k.clone(), k.clone()))).collect();
    let keys: Vec<Choice> = default.chain(keys.into_iter().map(|k| (k.clone(), k))).collect();
    view! {
        <fieldset>
            <legend>"Service"</legend>
            <TextField id="name" label="Name" value=read(draft, |d| &d.name) on_input=write(draft, |d, v| d.name = v) error=refusals.error("name") readonly=!is_new help="Applications refer to it by this name, so it cannot be changed later." />
            {partition_field(draft)}
            <TextField id="acs_url" label="ACS address" value=read(draft, |d| &d.acs_url) on_input=write(draft, |d, v| d.acs_url = v) error=refusals.error("acs_url") help="Where responses go: the assertion consumer service." />
            <TextField id="audience" label="Audience" value=read(draft, |d| &d.audience) on_input=write(draft, |d, v| d.audience = v) error=refusals.error("audience") help="The entityID of the service. That of AWS IAM follows the partition." />
            <TextField id="issuer" label="Issuer" value=read(draft, |d| &d.issuer) on_input=write(draft, |d, v| d.issuer = v) error=refusals.error("issuer") help="The entityID of this identity provider. None: the address of the metadata." />
            <SelectField id="signing_key" label="Signing key" value=read(draft, |d| &d.signing_key) choices=keys on_change=write(draft, |d, v| d.signing_key = v) error=refusals.error("signing_key") />
            <SelectField id="next_signing_key" label="Next signing key" value=read(draft, |d| &d.next_signing_key) choices=next on_change=write(draft, |d, v| d.next_signing_key = v) error=refusals.error("next_signing_key") help="The metadata shows it beside the one that signs, so that the service can learn it before it is promoted." />
            <p class="field-error">{move || refusals.error("retiring_keys").get()}</p>
            <EnumField id="sign" label="What is signed" values=SIGN value=read_value(draft, |d| d.sign) on_change=write_value(draft, |d, v| d.sign = v) error=refusals.error("sign") />
            {move || {
                let values = fitting(curve.get(), draft.with_untracked(|d| d.method));
                view! { <EnumField id="signature_algorithm" label="Signature algorithm" values value=read_value(draft, |d| d.method) on_change=write_value(draft, |d, v| d.method = v) error=refusals.error("signature_algorithm") /> }
            }}
        </fieldset>
    }
}

/// The partition of AWS, where it is IAM: one choice for the ACS address and the audience. Identity Center's file has both.
fn partition_field(draft: RwSignal<ProviderDraft>) -> Option<impl IntoView> {
    let center = draft.with_untracked(|d| d.audience.contains("/platform/saml/d-"));
    let others = std::iter::once((String::new(), "not AWS IAM, or by hand".to_owned()));
    let words = |p: Partition| (p.name().to_owned(), format!("{} ({})", p.words(), p.name()));
    let choices: Vec<Choice> = others.chain(Partition::ALL.map(words)).collect();
    let value =
        Signal::derive(move || draft.with(|d| chosen(&d.audience).map(Partition::name).unwrap_or_default().to_owned()));
    let on_change = Callback::new(move |name: String| {
        draft.update(|d| match (Partition::from_name(&name), chosen(&d.audience)) {
            (Some(partition), _) => {
                d.acs_url = partition.acs_url();
                partition.audience().clone_into(&mut d.audience);
            }
            // What was filled in goes; what was typed stays.
            (None, Some(former)) => {
                d.audience.clear();
                if d.acs_url == former.acs_url() {
                    d.acs_url.clear();
                }
            }
            (None, None) => {}
        });
    });
    (!center).then(|| {
        view! { <SelectField id="partition" label="AWS partition" value choices on_change error=Signal::stored(None::<String>) help="Fills in the ACS address and the audience of AWS IAM there. The ARNs of roles must be of the same partition." /> }
    })
}

/// The partition whose IAM an audience names.
fn chosen(audience: &str) -> Option<Partition> {
    Partition::ALL.into_iter().find(|partition| partition.audience() == audience.trim())
}

/// Takes the certificate that the metadata has for it, or takes it back.
fn encrypt_field(draft: RwSignal<ProviderDraft>, offered: AssertionEncryption) -> impl IntoView {
    let certificate = offered.certificate.clone();
    let value = Signal::derive(move || draft.with(|d| d.encryption.trim() == certificate.trim()));
    let on_change = Callback::new(move |on| {
        draft.update(|d| {
            if on {
                d.encryption.clone_from(&offered.certificate);
                d.encryption_key.clear();
                d.cipher = offered.cipher;
            } else {
                d.encryption.clear();
            }
        });
    });
    view! { <CheckField id="encrypt" label="Encrypt assertions to the certificate that the metadata has for it" value on_change /> }
}

/// Whether the key that signs is on an elliptic curve; None: there is no such key.
fn on_curve(choices: &ProviderChoices, key: &str) -> Option<bool> {
    let key = if key.is_empty() { &choices.default_key } else { key };
    choices.keys.iter().any(|k| k == key).then(|| choices.elliptic.iter().any(|k| k == key))
}

/// The algorithms that fit the key. One that is set and does not fit must be seen to be changed, so all are offered then.
fn fitting(curve: Option<bool>, set: Option<SignatureMethod>) -> Values<Option<SignatureMethod>> {
    let values = match curve {
        Some(true) => CURVE_METHODS,
        Some(false) => RSA_METHODS,
        None => METHODS,
    };
    if values.iter().any(|(method, ..)| *method == set) { values } else { METHODS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_offers_the_algorithms_that_fit_the_key_and_none_that_is_set_disappears() {
        let choices = ProviderChoices {
            keys: vec!["curve".into(), "rsa".into()],
            elliptic: vec!["curve".into()],
            default_key: "rsa".into(),
            ..ProviderChoices::default()
        };
        let offered = |key: &str, set| -> Vec<&str> {
            fitting(on_curve(&choices, key), set).iter().map(|(_, code, _)| *code).collect()
        };
        assert_eq!(offered("", None), ["", "rsa-sha256", "rsa-sha384", "rsa-sha512"]);
        assert_eq!(offered("curve", None), ["", "ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512"]);
        assert_eq!(offered("curve", Some(SignatureMethod::RsaSha256)).len(), METHODS.len());
        assert_eq!(offered("gone", None).len(), METHODS.len());
    }
}

/// What responses say.
#[component]
fn SayingFields(
    draft: RwSignal<ProviderDraft>,
    refusals: Refusals,
    mappings: Vec<(String, Option<String>)>,
) -> impl IntoView {
    let none = std::iter::once((String::new(), "what the format asks for".to_owned()));
    let values: Vec<Choice> = none.chain(mappings.iter().map(|(m, _)| (m.clone(), m.clone()))).collect();
    let boxes = mappings.into_iter().filter_map(|(name, saml_name)| saml_name.map(|saml_name| (name, saml_name)));
    let boxes = boxes.map(|(name, saml_name)| (name.clone(), format!("{name} → {saml_name}"))).collect();
    view! {
        <fieldset>
            <legend>"What responses say"</legend>
            <EnumField id="name_id.format" label="NameID format" values=FORMATS value=read_value(draft, |d| d.format) on_change=write_value(draft, |d, v| d.format = v) error=refusals.error("name_id.format") />
            <SelectField id="name_id.mapping" label="NameID value" value=read(draft, |d| &d.name_id_mapping) choices=values on_change=write(draft, |d, v| d.name_id_mapping = v) error=refusals.error("name_id.mapping") help="For IAM Identity Center leave it so: with a SCIM provider behind the application, the NameID is then the userName that is pushed." />
            <CheckList id="property_mappings" label="Property mappings" choices=boxes value=Signal::derive(move || draft.with(|d| d.mappings.clone()))
                on_change=Callback::new(move |all| draft.update(|d| d.mappings = all)) error=refusals.error("property_mappings") none="There is none." />
            <details>
                <summary>"Times"</summary>
                <TextField id="assertion_not_before" label="Conditions hold from" value=read(draft, |d| &d.not_before) on_input=write(draft, |d, v| d.not_before = v) error=refusals.error("assertion_not_before") help="Added to now: -5m forgives a clock that is behind." />
                <TextField id="assertion_not_on_or_after" label="Conditions hold until" value=read(draft, |d| &d.not_on_or_after) on_input=write(draft, |d, v| d.not_on_or_after = v) error=refusals.error("assertion_not_on_or_after") help="AWS takes a response within five minutes." />
                <TextField id="session_not_on_or_after" label="Sessions end after" value=read(draft, |d| &d.session_end) on_input=write(draft, |d, v| d.session_end = v) error=refusals.error("session_not_on_or_after") help="The session at the service, such as 12h." />
            </details>
        </fieldset>
    }
}
