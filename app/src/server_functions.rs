use server_fn::{ServerFn, axum::register_explicit};

use crate::{
    applications::api as applications, connect::api as connect, drawn::api as drawn, events::api as events,
    keys::api as keys, overview::api as overview, portal::api as portal, property_mappings::api as property_mappings,
    saml_providers::api as saml_providers, scim_providers::api as scim_providers, search::api as search,
    users::api as users,
};

/// A server function: its path, and what makes it reachable.
pub type ServerFunction = (&'static str, fn());

macro_rules! list {
    ($($function:ty),+ $(,)?) => { vec![$((<$function as ServerFn>::PATH, register_explicit::<$function> as fn())),+] };
}

/// Every server function there is. A test compares the list with what the linker collected.
pub fn server_functions() -> Vec<ServerFunction> {
    list![
        portal::ListTiles,
        portal::ListSessions,
        portal::RevokeSession,
        overview::ReadOverview,
        applications::ReadApplication,
        applications::ReadChoices,
        applications::CreateApplication,
        applications::UpdateApplication,
        applications::DeleteApplication,
        applications::PreviewSignOn,
        keys::ListKeys,
        keys::ReadKey,
        keys::GenerateKey,
        keys::MakeKeyDefault,
        keys::DeleteKey,
        property_mappings::ListMappings,
        property_mappings::ReadMapping,
        property_mappings::CreateMapping,
        property_mappings::UpdateMapping,
        property_mappings::DeleteMapping,
        property_mappings::TryExpression,
        saml_providers::ListProviders,
        saml_providers::ReadProvider,
        saml_providers::ReadProviderChoices,
        saml_providers::ReadSpMetadata,
        saml_providers::ReadSpMetadataAt,
        saml_providers::FetchSpMetadata,
        saml_providers::ImportProvider,
        saml_providers::CreateProvider,
        saml_providers::UpdateProvider,
        saml_providers::RenewProvider,
        saml_providers::DeleteProvider,
        saml_providers::ConfirmKey,
        saml_providers::MakeMetadataAddress,
        saml_providers::PromoteKey,
        saml_providers::RetireKey,
        saml_providers::TestSignOn,
        saml_providers::JudgeResponse,
        saml_providers::ListResponses,
        saml_providers::ReadResponse,
        scim_providers::ListScimProviders,
        scim_providers::ReadScimProvider,
        scim_providers::ReadScimProgress,
        scim_providers::ReadScimRun,
        scim_providers::ListScimObjects,
        scim_providers::ReadScimObject,
        scim_providers::SyncScimObject,
        scim_providers::PlanScim,
        scim_providers::ReadScimChoices,
        scim_providers::PreviewScimUser,
        scim_providers::PreviewScimGroup,
        scim_providers::CreateScimProvider,
        scim_providers::UpdateScimProvider,
        scim_providers::SetScimToken,
        scim_providers::RemoveScimToken,
        scim_providers::TestScimToken,
        scim_providers::SwitchScimToken,
        scim_providers::TestScimConnection,
        scim_providers::DeleteScimProvider,
        scim_providers::ApproveScimPlan,
        scim_providers::SyncScimProvider,
        scim_providers::VerifyScimProvider,
        scim_providers::ReadScimDrift,
        scim_providers::ListScimAdoption,
        scim_providers::RereadScimAdoption,
        scim_providers::RepairScimDrift,
        scim_providers::DecideScimAdoption,
        scim_providers::CancelScimRun,
        connect::CheckNameId,
        connect::CheckNameIds,
        drawn::ReadPage,
        search::Find,
        users::ListUsers,
        events::ListEvents,
        events::ReadEvent,
    ]
}

/// Makes every server function reachable, whatever the linker dropped.
pub fn register_server_functions() {
    for (_, register) in server_functions() {
        register();
    }
}

/// What a server does once before it renders pages: [`register_server_functions`], and telling the pages' resources to
/// run on tokio. Doing it again changes nothing.
pub fn prepare() {
    register_server_functions();
    // It fails only where it was told before.
    drop(any_spawner::Executor::init_tokio());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn no_server_function_is_missing_from_the_list() {
        let listed: BTreeSet<_> = super::server_functions().into_iter().map(|(path, _)| path).collect();
        let linked: BTreeSet<_> = server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
        assert_eq!(listed, linked);
        assert!(listed.iter().all(|path| path.starts_with("/fn/app/")), "{listed:?}");
    }
}
