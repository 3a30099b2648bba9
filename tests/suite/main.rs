//! The suite: promises to the user, against the real router, real HTTP and the real store.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that does not find what it needs has failed"
)]

mod access;
mod api;
mod api_directory;
mod api_scim;
mod api_tokens;
mod attacks;
mod aws;
mod aws_attributes;
mod aws_credentials;
mod aws_encryption;
mod aws_words;
mod backup;
mod bad_input;
mod console_directory;
mod console_programs;
mod console_renames;
mod console_runs;
mod console_scim;
mod console_search;
mod crash;
mod declarative;
mod declarative_whole;
mod doctor;
mod ending;
mod first_run;
mod gates;
mod identity_center;
mod key_seen;
mod keys;
mod known_browser;
mod left_pages;
mod logout;
mod logout_encrypted;
mod logout_stuck;
mod metadata_by_url;
mod metrics;
mod name_ids;
mod names_like_places;
mod partitions;
mod property_mappings;
mod provisioning;
mod provisioning_adoption;
mod provisioning_alarms;
mod provisioning_answers;
mod provisioning_brake;
mod provisioning_comparison;
mod provisioning_counts;
mod provisioning_crash;
mod provisioning_doubt;
mod provisioning_drift;
mod provisioning_fairness;
mod provisioning_faults;
mod provisioning_histories;
mod provisioning_lease;
mod provisioning_moving;
mod provisioning_objects;
mod provisioning_outage;
mod provisioning_pauses;
mod provisioning_plans;
mod provisioning_preview;
mod provisioning_promptness;
mod provisioning_rate;
mod provisioning_rename;
mod provisioning_runs;
mod provisioning_standing;
mod provisioning_tokens;
mod provisioning_tolerance;
mod provisioning_trickle;
mod provisioning_two_workers;
mod provisioning_unsynced;
mod prune;
mod published_metadata;
mod remembered;
mod requests;
mod responses;
mod responses_encrypted;
mod role_choice;
mod rotation;
mod scim_command;
mod scim_command_objects;
mod service_expiry;
mod sessions;
mod sign_in;
mod sign_in_overtaken;
mod sign_on;
mod sp_attributes;
mod sp_import;
mod webhooks;
