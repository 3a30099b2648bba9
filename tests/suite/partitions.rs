//! AWS's partitions: addresses, audience and ARNs are of one and the same.

use aws_sandbox::{Binding, NewRole, Partition, trust_policy};
use model::VerdictStatus;
use reqwest::StatusCode;
use tests::World;

use crate::{
    aws::sandbox,
    identity_center::{APPLICATION, connected_to, in_region},
    sign_on::INIT,
};

/// A Region of each partition, and what its access portal's address looks like.
const REGIONS: [(&str, &str); 3] = [
    ("eu-central-1", "https://d-1234567890.awsapps.com/start"),
    ("us-gov-west-1", "https://start.us-gov-home.awsapps.com/directory/d-1234567890"),
    ("cn-north-1", "https://start.home.awsapps.cn/directory/d-1234567890"),
];

fn acs(partition: Partition) -> String {
    format!("https://{}/saml", partition.host())
}

fn arn(partition: Partition, what: &str) -> String {
    format!("arn:{partition}:iam::123412341234:{what}")
}

/// The SAML provider with these addresses, and a table whose roles are of another partition, perhaps.
fn declared(acs: &str, audience: &str, roles: Option<Partition>) -> String {
    let rows = roles.map(|partition| {
        let (role, provider) = (arn(partition, "role/Engineer"), arn(partition, "saml-provider/rolecall"));
        format!("{{ role: \"{role}\", provider: \"{provider}\", groups: [engineers] }}")
    });
    format!(
        "version: 1\nsaml_providers:\n  - {{ name: aws-iam, acs_url: \"{acs}\", audience: \"{audience}\", property_mappings: [AWS session name] }}\n\
         applications:\n  - {{ slug: aws, name: AWS, saml_provider: aws-iam, bindings: [{{ group: engineers }}], aws_roles: [{}] }}\n",
        rows.unwrap_or_default()
    )
}

async fn refusal(world: &World, text: &str) -> String {
    let applied = world.services.apply("test.yaml", text, &|_| Err("none".into()), "test", false).await;
    applied.err().map(|error| error.to_string()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn in_each_partition_a_sign_on_ends_in_credentials_of_it() {
    for partition in Partition::ALL {
        let world = World::new().await;
        let (sandbox, url) = sandbox(&world).await;
        world.apply(&declared(&acs(partition), partition.audience(), Some(partition))).await;
        let metadata = world.browser().get("/application/saml/aws/metadata/").await.body;
        let iam = sandbox.iam().in_partition(partition);
        let provider = iam.create_saml_provider("rolecall", &metadata).unwrap();
        let trust = trust_policy(&provider.arn, &[&acs(partition)]);
        let role = iam.create_role(NewRole::new("Engineer", &trust)).unwrap();
        let page = world.signed_in("ada").await.get(INIT).await;
        assert_eq!(page.status, StatusCode::OK, "{partition}: {}", page.body);
        let form = page.form();
        assert_eq!(form.action, acs(partition));
        let response = form.field("SAMLResponse").unwrap();
        let (role, provider) = (role.arn.as_str(), provider.arn.as_str());
        let session = sandbox.assume_role_with_saml(role, provider, response, None).await.unwrap();
        assert!(session.assumed_role_arn.starts_with(&format!("arn:{partition}:sts::123412341234:assumed-role/")));
        let console = world.browser().post(&format!("{url}/saml"), &[("SAMLResponse", response)]).await;
        assert!(console.status == StatusCode::OK && console.body.contains(partition.console()), "{}", console.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_each_partition_a_sign_on_to_the_identity_center_whose_file_was_read_ends_in_its_portal() {
    for (region, portal) in REGIONS {
        let world = World::new().await;
        let (sandbox, _url) = connected_to(&world, in_region(region)).await;
        let center = sandbox.identity_center();
        let acs = center.consumer_services().remove(0);
        let tenant = acs.rsplit('/').next().unwrap();
        assert!(acs.contains(Partition::of_region(region).host()), "{acs}");

        // From the tile, and answering a request.
        let browser = world.signed_in("ada").await;
        let request = center.start(Some(Binding::Redirect), 0).unwrap();
        for start in [format!("/application/saml/{APPLICATION}/sso/binding/init/"), request.url().unwrap()] {
            let mut page = browser.get(&start).await;
            if page.status.is_redirection() {
                page = browser.get(page.location()).await;
            }
            assert_eq!(page.status, StatusCode::OK, "{region}: {}", page.body);
            let form = page.form();
            assert_eq!(form.action, acs);
            let response = form.field("SAMLResponse").unwrap();
            let session = center.sign_in(tenant, response, form.field("RelayState")).await.unwrap();
            assert_eq!(
                (session.user_name.as_str(), session.consumer_service.as_str()),
                ("ada@example.com", acs.as_str())
            );
        }
        assert_eq!(center.sessions().len(), 2);
        let preview = world.services.preview(APPLICATION, "ada", "").await.unwrap();
        assert!(preview.verdicts.iter().all(|v| v.status == VerdictStatus::Passed), "{region}: {preview:#?}");

        let root = world.signed_in("root").await;
        let page = root.get("/admin/connect/identity-center/identity-center/portal").await;
        assert!(page.body.contains(portal), "{region}: {}", page.body);
        let mut others = REGIONS.iter().filter(|(_, other)| *other != portal);
        assert!(others.all(|(_, other)| !page.body.contains(other)), "{region}: {}", page.body);

        for (other, _) in REGIONS.iter().filter(|(other, _)| *other != region) {
            let audience = format!("https://{other}.{}/platform/saml/d-1", Partition::of_region(other).host());
            let mixed = format!(
                "version: 1\nsaml_providers: [{{ name: mixed, acs_url: '{acs}', audience: '{audience}', name_id: {{ format: email_address }} }}]"
            );
            let told = refusal(&world, &mixed).await;
            assert!(told.contains("acs_url") && told.contains("the partition"), "{region} {other}: {told}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mix_of_partitions_is_refused_where_it_is_saved() {
    let world = World::new().await;
    for here in Partition::ALL {
        for there in Partition::ALL.into_iter().filter(|there| *there != here) {
            let told = refusal(&world, &declared(&acs(there), here.audience(), None)).await;
            assert!(told.contains("acs_url") && told.contains(&acs(here)), "{told}");
            let told = refusal(&world, &declared(&acs(here), here.audience(), Some(there))).await;
            let (role, speaks) = (arn(there, "role/Engineer"), format!("speaks to {here};"));
            assert!(told.contains("aws_roles.0") && told.contains(&role) && told.contains(&speaks), "{told}");
        }
    }
    // The provider alone may not leave its roles behind either: by a file, or in the console.
    let here = Partition::GovCloud;
    world.apply(&declared(&acs(here), here.audience(), Some(here))).await;
    let (there, alone) = (Partition::China, declared(&acs(Partition::China), Partition::China.audience(), None));
    let told = refusal(&world, alone.split("applications:").next().unwrap()).await;
    assert!(told.contains("audience") && told.contains("the role table of the application aws"), "{told}");
    let root = world.signed_in("root").await;
    let read =
        root.post_json("/fn/app/saml_providers/api/read_provider", &serde_json::json!({ "name": "aws-iam" })).await;
    let mut detail: serde_json::Value = serde_json::from_str(&read.body).unwrap();
    assert_eq!(detail["iam_providers"], serde_json::json!([arn(here, "saml-provider/rolecall")]));
    detail["provider"]["acs_url"] = acs(there).into();
    detail["provider"]["audience"] = there.audience().into();
    let body = serde_json::json!({ "name": "aws-iam", "version": detail["version"], "provider": detail["provider"] });
    let saved = root.post_json("/fn/app/saml_providers/api/update_provider", &body).await;
    assert!(saved.status == StatusCode::UNPROCESSABLE_ENTITY && saved.body.contains("role table"), "{}", saved.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_of_another_partition_that_a_mapping_gives_are_caught_before_aws_would_refuse_them() {
    let world = World::new().await;
    let here = Partition::China;
    let text = declared(&acs(here), here.audience(), None)
        .replace("[AWS session name]", "[AWS session name, AWS role by group]");
    world.apply(&text).await;
    let page = world.signed_in("ada").await.get(INIT).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
    let preview = world.services.preview("aws", "ada", "").await.unwrap();
    let verdict = preview.verdicts.iter().find(|v| v.rule == "Role pairs").unwrap();
    assert!(verdict.found.contains("is of partition aws, and the sign-in address of aws-cn"), "{verdict:?}");
    assert_eq!(verdict.source, "AWS role by group");
    assert!(verdict.aws_message.contains("Your request included an invalid SAML response"), "{verdict:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_provider_gives_commands_with_its_own_arn_and_the_region_of_its_partition() {
    let world = World::new().await;
    let root = world.signed_in("root").await;
    let here = Partition::China;
    world.apply(&declared(&acs(here), here.audience(), None)).await;
    let page = root.get("/admin/saml-providers/aws-iam").await;
    assert!(page.body.contains("arn:aws-cn:iam::ACCOUNT:saml-provider/NAME"), "nobody has said what it is called");
    let typed = arn(here, "saml-provider/typed");
    let page = root.get(&format!("/admin/saml-providers/aws-iam?arn={typed}")).await;
    let command = |arn: &str| format!("aws iam update-saml-provider --region cn-north-1 --saml-provider-arn {arn} ");
    assert!(page.body.contains(&command(&typed)) && !page.body.contains("::ACCOUNT:saml-provider/NAME --assert"));
    let page = root.get("/admin/saml-providers/aws-iam?arn=nonsense").await;
    assert!(page.body.contains("is not the ARN of an IAM SAML provider"), "{}", page.body);
    world.apply(&declared(&acs(here), here.audience(), Some(here))).await;
    let page = root.get("/admin/saml-providers/aws-iam").await;
    assert!(page.body.contains(&command(&arn(here, "saml-provider/rolecall"))), "{}", page.body);
}
