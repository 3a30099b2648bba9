//! Types shared by the server, the browser and the declarative file.
//!
//! Nothing here knows a clock, a database or a network, so all of it compiles to WASM.
//! Types that carry a rule (`Slug`, `RoleArn`, `Span` …) check it when they are parsed, once, at the edge.
//! - directory: [`User`], [`Group`]
//! - sign-on: [`Application`], [`AccessBinding`], [`SamlProvider`], [`PropertyMapping`], [`Policy`], [`Key`]
//! - provisioning: [`ScimProvider`], [`ScimHealth`], [`ScimPlanView`]
//! - what happened: [`Event`]; what would happen: [`Preview`]
//! - programs: [`ApiToken`], [`Webhook`]
//! - how lists and failures travel: [`Page`], [`ListQuery`], [`Fault`]
mod api_token;
mod application;
mod arn;
mod aws_attributes;
mod binding;
mod day;
mod directory_views;
mod event;
mod fault;
mod group;
mod hit;
mod key;
mod key_life;
mod metadata_change;
mod name;
mod overview;
mod page;
mod partition;
mod policy;
mod portal;
mod preview;
mod property_mapping;
mod provider_views;
mod renamed;
mod response_report;
mod saml_credential;
mod saml_exchange;
mod saml_provider;
mod scim_adoption;
mod scim_drift;
mod scim_forms;
mod scim_health;
mod scim_object;
mod scim_plan;
mod scim_preview;
mod scim_provider;
mod scim_provider_views;
mod scim_run;
mod scim_stored_plan;
mod service_expiry;
mod session;
mod slug;
mod sp_metadata;
mod span;
mod user;
mod webhook;

pub use api_token::{ApiToken, ApiTokenDraft, NewApiToken};
pub use application::{Application, AwsRole, PolicyEngineMode};
pub use arn::{ArnError, RoleArn, SamlProviderArn};
pub use aws_attributes::{AwsAttributes, AwsTag, AwsValue, UserField};
pub use binding::{AccessBinding, BindingSubject};
pub use day::{Day, DayError};
pub use directory_views::{GroupDetail, GroupRow, UserDetail};
pub use event::{Event, EventKind};
pub use fault::{Fault, FieldError};
pub use group::Group;
pub use hit::Hit;
pub use key::{Key, KeyAlgorithm, KeyDetail, KeyGeneration, KeyRow, key_words};
pub use key_life::{
    ExpiringKey, ExpiryWarning, KeyConfirmation, KeySeen, KeySeenBy, KeyState, MetadataAddress, ProviderKey, RetiredKey,
};
pub use metadata_change::{MetadataChange, MetadataStep, MovedBy, SaidMetadata, logout_words, take_steps};
pub use name::name_fault;
pub use overview::Overview;
pub use page::{ListQuery, Page, Versioned};
pub use partition::Partition;
pub use policy::{Policy, PolicyDetail, PolicyRow, PolicyTrial};
pub use portal::{ApplicationChoices, ApplicationDetail, ApplicationLinks, ApplicationRow, Tile};
pub use preview::{AccessStep, AccessTrace, Decision, Preview, PreviewAttribute, Verdict, VerdictStatus};
pub use property_mapping::{ExpressionTrial, MappingDetail, MappingKind, MappingRow, PropertyMapping, Trial};
pub use provider_views::{ProviderChoices, ProviderDetail, ProviderRow};
pub use renamed::Renamed;
pub use response_report::{AwsTrace, EncryptedContent, KeptResponse, KeptResponses, ResponseReport};
pub use saml_credential::{OfferedRole, SamlCredential};
pub use saml_exchange::{
    AcsEndpoint, AssertionCipher, AssertionEncryption, ImportedMetadata, LogoutBinding, LogoutService, SignatureMethod,
};
pub use saml_provider::{NameIdFormat, NameIdSettings, ResponseBinding, SamlProvider, SignWhat};
pub use scim_adoption::{ScimAdoptionDecision, ScimAdoptionList, ScimAdoptionRow};
pub use scim_drift::{ScimDrift, ScimDriftRow};
pub use scim_forms::{NameIdCheck, NameIdDifference, NameIdReport, ScimChoices};
pub use scim_health::{ScimHealth, ScimPending, ScimStatus};
pub use scim_object::{ScimLogLine, ScimObjectDetail, ScimObjectLog, ScimObjectRow};
pub use scim_plan::{ScimPlanView, ScimSlowest, ScimStepRow};
pub use scim_preview::{ScimAnswer, ScimMembership, ScimPreview, ScimRemark};
pub use scim_provider::{
    Adoption, Deprovision, DriftPolicy, GroupDeprovision, RemovalThreshold, ScimDialect, ScimProvider, verify_daily,
};
pub use scim_provider_views::{ScimProviderDetail, ScimProviderRow, ScimTokenFacts, ScimTokens};
pub use scim_run::{ScimCounts, ScimNewestRun, ScimProgress, ScimRun, ScimRunDetail, ScimRunResult};
pub use scim_stored_plan::{ScimStoredPlan, ScimStoredPlanDetail};
pub use service_expiry::{ExpiringService, ServiceEnd, ServiceGift};
pub use session::{Role, SessionSummary, SignedIn};
pub use slug::{Slug, SlugError};
pub use sp_metadata::{CertificateLine, MOST_METADATA_IN_A_FORM, SpFacts, WantedAttribute, take_suggestions};
pub use span::{Span, SpanError};
pub use user::{User, UserRow};
pub use webhook::{Webhook, WebhookDetail, WebhookRow, WebhookState, WebhookTest};

/// Attributes of a user or a group: a JSON object, as property mappings read it.
pub type Attributes = serde_json::Map<String, serde_json::Value>;
