//! Metadata read, looked at and taken by plain forms, for browsers that run no scripts.

use domain::{Admin, Error};
use leptos::prelude::*;
use model::{FieldError, MOST_METADATA_IN_A_FORM, MetadataChange, ProviderDetail, SpFacts, take_steps};

use super::{
    plain_wanted::{take_wanted, tick, wanted_ticks},
    words::{KEEPING, NO_COUNT, PATH, moved_words, provider_path, too_large},
};
use crate::{
    drawn::{Asked, Drawing, Reply, Sheet, stays},
    ui::plain::{self, Line, fact, line},
};

/// What the first form was given, which the second one gives again.
struct Given {
    metadata: String,
    certificate: Option<String>,
    url: String,
    entity_id: Option<String>,
    existing: Option<String>,
}

impl Given {
    fn of(asked: &Asked) -> Self {
        let some = |key: &str| Some(asked.text(key)).filter(|text| !text.is_empty());
        // What a script would have put into the field; without one the file comes beside it.
        let typed = asked.field("metadata");
        let metadata = if typed.trim().is_empty() { asked.field("file") } else { typed };
        Self {
            metadata: metadata.to_owned(),
            certificate: some("certificate"),
            url: asked.text("url"),
            entity_id: some("entity_id"),
            existing: some("existing"),
        }
    }

    async fn read(&self, admin: &Admin<'_>) -> Result<Vec<SpFacts>, Error> {
        let (certificate, existing) = (self.certificate.clone(), self.existing.clone());
        let bytes = self.metadata.len();
        // The page that comes next has to carry it back.
        if u32::try_from(bytes).is_ok_and(|bytes| bytes > MOST_METADATA_IN_A_FORM) {
            return Err(Error::invalid("metadata", too_large(&bytes.to_string())));
        }
        if self.metadata.trim().is_empty() && !self.url.is_empty() {
            admin.read_sp_metadata_at(&self.url, certificate, existing, self.entity_id.clone()).await
        } else {
            admin.read_sp_metadata(self.metadata.clone(), certificate, existing, self.entity_id.clone()).await
        }
    }

    /// The same again, of one service provider.
    fn again(&self, entity_id: &str) -> AnyView {
        let fields = [
            ("metadata", self.metadata.as_str()),
            ("certificate", self.certificate.as_deref().unwrap_or_default()),
            ("url", &self.url),
            ("entity_id", entity_id),
            ("existing", self.existing.as_deref().unwrap_or_default()),
        ];
        let fields =
            fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value.to_owned() /> });
        fields.collect_view().into_any()
    }
}

/// What the second form was given for a provider that is new.
struct Typed {
    name: String,
    keep: String,
}

impl Typed {
    /// Before anything was typed.
    fn of(one: &SpFacts) -> Self {
        Self { name: String::new(), keep: one.provider.keep_responses.to_string() }
    }

    fn given(asked: &Asked, one: &SpFacts) -> Self {
        let keep = if asked.ticked("keep_responses") { asked.text("keep_responses") } else { Self::of(one).keep };
        Self { name: asked.text("name"), keep }
    }

    /// Nothing is none, as in the form with scripts.
    fn keep(&self) -> Result<u32, Error> {
        let text = if self.keep.is_empty() { "0" } else { &self.keep };
        text.parse().map_err(|_| Error::invalid("keep_responses", NO_COUNT))
    }
}

/// Shows what was understood, and the form that takes it.
pub async fn read_metadata(asked: &Asked) -> Result<Reply, Error> {
    let (admin, given) = (asked.caller.admin()?, Given::of(asked));
    let drawing = match given.read(&admin).await {
        Ok(all) => match all.as_slice() {
            [one] => shown(&admin, &given, one, &Typed::of(one), &[], 200).await?,
            all => choice(&given, all),
        },
        Err(error) => sheet(&given, 422, problems(&stays(error)?)),
    };
    Ok(Reply::Page(drawing))
}

/// Takes what was looked at, with what was ticked.
pub async fn take_metadata(asked: &Asked) -> Result<Reply, Error> {
    let (admin, given) = (asked.caller.admin()?, Given::of(asked));
    let all = match given.read(&admin).await {
        Ok(all) => all,
        Err(error) => return Ok(Reply::Page(sheet(&given, 422, problems(&stays(error)?)))),
    };
    let [one] = all.as_slice() else {
        return Ok(Reply::Page(choice(&given, &all)));
    };
    let typed = Typed::given(asked, one);
    let print = one.provider.imported.as_ref().map(|imported| imported.sha256.as_str()).unwrap_or_default();
    let taken = if print == asked.field("sha256") {
        take(asked, &admin, &given, one, &typed).await
    } else {
        Err(Error::Conflict("the metadata is another one than was looked at; look at it again".to_owned()))
    };
    match taken {
        Ok(name) => Ok(Reply::To(provider_path(&name))),
        Err(error) => Ok(Reply::Page(shown(&admin, &given, one, &typed, &stays(error)?, 422).await?)),
    }
}

async fn take(asked: &Asked, admin: &Admin<'_>, given: &Given, one: &SpFacts, typed: &Typed) -> Result<String, Error> {
    if let Some(existing) = &given.existing {
        let kept = admin.saml_provider(existing).await?.provider;
        let ticked = asked.all("take");
        let changes = one.changes.iter().enumerate().filter(|(place, _)| ticked.contains(&place.to_string()));
        let mut provider = take_steps(&kept, changes.map(|(_, change)| &change.step));
        provider.imported.clone_from(&one.provider.imported);
        let made = take_wanted(asked, one, &mut provider);
        admin.update_saml_provider_with(existing, asked.version(), provider, made, false).await?;
        return Ok(existing.clone());
    }
    let mut provider = one.provider.clone();
    provider.name.clone_from(&typed.name);
    provider.keep_responses = typed.keep()?;
    if asked.ticked("encrypt") {
        provider.encryption.clone_from(&one.encrypt);
    }
    let made = take_wanted(asked, one, &mut provider);
    admin.create_saml_provider_with(provider, made).await?;
    Ok(typed.name.clone())
}

fn sheet(given: &Given, status: u16, body: AnyView) -> Drawing {
    let title = match &given.existing {
        Some(name) => format!("New metadata for {name}"),
        None => "SAML provider from metadata".to_owned(),
    };
    let up = Some((PATH.to_owned(), "All SAML providers"));
    Sheet { title, up, status: Some(status), body: Some(body), ..Sheet::default() }.drawing()
}

fn problems(faults: &[FieldError]) -> AnyView {
    let lines = faults.iter().map(|fault| view! { <li>{fault.message.clone()}</li> });
    view! { <div class="notice bad"><ul>{lines.collect_view()}</ul><p>"Go back, and what you gave is still there."</p></div> }
        .into_any()
}

/// Of several service providers, one is chosen.
fn choice(given: &Given, all: &[SpFacts]) -> Drawing {
    let lines = all.iter().map(|sp| match &sp.unusable {
        Some(why) => {
            view! { <li><code>{sp.entity_id.clone()}</code>{format!(" cannot be used: {why}")}</li> }.into_any()
        }
        None => view! {
            <li><form method="post" action=format!("{PATH}/-/read")>{given.again(&sp.entity_id)}<button type="submit">{sp.entity_id.clone()}</button></form></li>
        }
        .into_any(),
    });
    let body = view! { <h2>"Which service provider"</h2><ul>{lines.collect_view()}</ul> };
    sheet(given, 200, body.into_any())
}

async fn shown(
    admin: &Admin<'_>,
    given: &Given,
    one: &SpFacts,
    typed: &Typed,
    faults: &[FieldError],
    status: u16,
) -> Result<Drawing, Error> {
    let existing = match &given.existing {
        Some(name) => Some(admin.saml_provider(name).await?),
        None => None,
    };
    let print = one.provider.imported.as_ref().map(|imported| imported.sha256.clone()).unwrap_or_default();
    let fields = match &existing {
        Some(ProviderDetail { .. }) => changes(&one.changes),
        None => new_fields(one, typed, faults),
    };
    let body = view! {
        {given.again(&one.entity_id)}
        <input type="hidden" name="sha256" value=print />
        {fields}
        {wanted_ticks(one)}
    };
    let form = plain::Form {
        action: format!("{PATH}/-/take"),
        label: if existing.is_some() { "Take these changes" } else { "Create the SAML provider" },
        version: existing.map(|found| found.version),
        body: body.into_any(),
        other: None,
        guarded: true,
    };
    let page = view! { {understood(one)}{plain::form(form, faults)} };
    Ok(sheet(given, status, page.into_any()))
}

fn understood(one: &SpFacts) -> AnyView {
    let trust = match (one.provider.imported.as_ref().is_some_and(|imported| imported.verified), one.signed) {
        (true, _) => "signature verified",
        (false, true) => "signed, not verified",
        (false, false) => "not signed, not verified",
    };
    let addresses = one.provider.acs_endpoints().map(|(url, index)| format!("{url} (index {index})"));
    let addresses = addresses.collect::<Vec<_>>().join(", ");
    let certificates = one.signing.iter().map(|c| format!("{}, SHA-256 {}", c.subject, c.fingerprint));
    let certificates = certificates.collect::<Vec<_>>().join("; ");
    let wants = if one.wants_signed_assertions { "yes" } else { "no" };
    let unsupported = one.unsupported.iter().map(|(what, why)| view! { <li>{format!("{what}: {why}")}</li> });
    view! {
        <h2>"What was understood"</h2>
        <dl class="facts">
            {fact("Service provider", one.entity_id.clone())}
            {fact("Trust", trust)}
            {fact("Addresses", addresses)}
            {fact("Certificates that verify it", certificates)}
            {fact("Wants assertions signed", wants)}
            {fact("Valid until", one.valid_until.clone().unwrap_or_else(|| "not said".to_owned()))}
        </dl>
        <ul>{unsupported.collect_view()}</ul>
    }
    .into_any()
}

fn changes(changes: &[MetadataChange]) -> AnyView {
    if changes.is_empty() {
        return view! { <p>"No setting would change; what the file says is remembered."</p> }.into_any();
    }
    let rows = changes.iter().enumerate().map(|(place, change)| {
        let label = format!("Take the file's: {}", change.what);
        let words = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
        view! {
            <tr>
                <th scope="row">{change.what.clone()}</th><td><code>{words(&change.now)}</code></td><td><code>{words(&change.file)}</code></td>
                <td>{moved_words(change.by)}</td>
                <td><input type="checkbox" name="take" value=place.to_string() checked=change.proposed() aria-label=label /></td>
            </tr>
        }
    });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Differences">
            <table class="changes">
                <thead><tr>
                    <th scope="col">"Field"</th><th scope="col">"Now"</th><th scope="col">"With the new metadata"</th>
                    <th scope="col">"Changed by"</th><th scope="col">"Take the file's"</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn new_fields(one: &SpFacts, typed: &Typed, faults: &[FieldError]) -> AnyView {
    let name = Line {
        id: "name",
        label: "Name",
        value: typed.name.clone(),
        help: "Applications refer to it by this name, so it cannot be changed later.",
        ..Line::default()
    };
    let keep = Line {
        id: "keep_responses",
        label: "Responses to keep",
        value: typed.keep.clone(),
        help: KEEPING,
        ..Line::default()
    };
    let encrypt = one.encrypt.is_some().then(|| {
        tick(
            "encrypt",
            "yes".to_owned(),
            "Encrypt assertions to the certificate that the metadata has for it".to_owned(),
        )
    });
    view! { {line(name, faults)}{line(keep, faults)}{encrypt} }.into_any()
}
