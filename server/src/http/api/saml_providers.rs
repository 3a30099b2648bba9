use axum::{Json, http::StatusCode};
use domain::PutProvider;
use model::{Page, ProviderDetail, ProviderRow, SamlProvider, SpFacts};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    bearer::Bearer,
    body::{Body, Created, created},
    given::{Insisting, Listing, Named, Version},
    operation::{
        Least::{Administrator, Auditor},
        Operation,
    },
};
use crate::http::problem::Problem;

/// Metadata of a service provider, to be read and not kept.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MetadataReading {
    /// XML. Absent where `url` is given.
    #[serde(default)]
    metadata: String,
    /// Where the metadata is, in place of the text: https, from the public internet.
    #[serde(default)]
    url: Option<String>,
    /// Which of the service providers in it; needed where there are more than 50.
    #[serde(default)]
    entity_id: Option<String>,
    /// PEM. Where it is given, the metadata must be signed by it.
    #[serde(default)]
    certificate: Option<String>,
    /// A SAML provider whose settings by hand are kept.
    #[serde(default)]
    existing: Option<String>,
}

pub fn operations() -> Vec<Operation> {
    vec![
        Operation::get("/saml-providers", Auditor, list)
            .named("list_saml_providers", "A page of the SAML providers; sort by name")
            .list()
            .gives::<Page<ProviderRow>>(200),
        Operation::post("/saml-providers", Administrator, create)
            .named("create_saml_provider", "Make a SAML provider")
            .takes::<SamlProvider>()
            .gives::<ProviderDetail>(201),
        Operation::get("/saml-providers/{name}", Auditor, read)
            .named("read_saml_provider", "One SAML provider, and who uses it")
            .gives::<ProviderDetail>(200),
        Operation::put("/saml-providers/{name}", Administrator, update)
            .named(
                "update_saml_provider",
                "Put a SAML provider in the place of the one that was read; signing_key, next_signing_key and retiring_keys stay \
                 where they are left out",
            )
            .at_version_or_anyway()
            .takes::<SamlProvider>()
            .gives::<ProviderDetail>(200),
        Operation::delete("/saml-providers/{name}", Administrator, delete)
            .named("delete_saml_provider", "Delete a SAML provider that no application uses")
            .at_version(),
        Operation::post("/saml-metadata-readings", Administrator, read_metadata)
            .named("read_sp_metadata", "What a service provider's metadata says, and the provider it would make")
            .takes::<MetadataReading>()
            .gives::<Vec<SpFacts>>(200),
    ]
}

async fn list(Bearer(caller): Bearer, Listing(query): Listing) -> Result<Json<Page<ProviderRow>>, Problem> {
    Ok(Json(caller.auditor()?.saml_providers(&query).await?))
}

async fn create(
    Bearer(caller): Bearer,
    Body(provider): Body<SamlProvider>,
) -> Result<Created<ProviderDetail>, Problem> {
    let (admin, name) = (caller.admin()?, provider.name.clone());
    admin.create_saml_provider(provider).await?;
    Ok(created(&["saml-providers", &name], admin.saml_provider_with_warnings(&name).await?))
}

async fn read(Bearer(caller): Bearer, Named(name): Named<String>) -> Result<Json<ProviderDetail>, Problem> {
    Ok(Json(caller.auditor()?.saml_provider_with_warnings(&name).await?))
}

async fn update(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
    insisting: Insisting,
    Body(put): Body<PutProvider>,
) -> Result<Json<ProviderDetail>, Problem> {
    let admin = caller.admin()?;
    admin.put_saml_provider(&name, version, put, insisting.anyway).await?;
    Ok(Json(admin.saml_provider_with_warnings(&name).await?))
}

async fn delete(
    Bearer(caller): Bearer,
    Named(name): Named<String>,
    Version(version): Version,
) -> Result<StatusCode, Problem> {
    caller.admin()?.delete_saml_provider(&name, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn read_metadata(
    Bearer(caller): Bearer,
    Body(reading): Body<MetadataReading>,
) -> Result<Json<Vec<SpFacts>>, Problem> {
    let MetadataReading { metadata, url, entity_id, certificate, existing } = reading;
    let admin = caller.admin()?;
    let facts = match url {
        Some(url) => admin.read_sp_metadata_at(&url, certificate, existing, entity_id).await?,
        None => admin.read_sp_metadata(metadata, certificate, existing, entity_id).await?,
    };
    Ok(Json(facts))
}
