use domain::port::Clock;
use model::EventKind;
use tests::Provisioned;

use crate::provisioning::PEOPLE;

const DAY: i64 = 86_400;

async fn version(provisioned: &Provisioned) -> u64 {
    provisioned.root().await.auditor().unwrap().scim_provider("aws-scim").await.unwrap().version
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_token_is_told_once_at_sixty_thirty_and_seven_days_and_shown_until_it_is_changed() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let expires = provisioned.world.clock.now() + 65 * DAY;
    let token = provisioned.center().tokens()[0].secret.clone();
    let root = provisioned.root().await;
    root.admin()
        .unwrap()
        .set_scim_token("aws-scim", version(&provisioned).await, 1, &token, Some(expires))
        .await
        .unwrap();
    provisioned.synced().await;
    for (days, told, warning) in
        [(0, 0, None), (6, 1, Some(60)), (10, 1, Some(60)), (20, 2, Some(30)), (23, 3, Some(7)), (1, 3, Some(7))]
    {
        provisioned.world.clock.advance(days * DAY);
        // Twice: what was told is not told again.
        for part in ["a", "b"] {
            provisioned.world.apply(&format!("version: 1\ngroups: [{{ name: g{days}{part} }}]\n")).await;
            provisioned.synced().await;
        }
        let events = provisioned.events(EventKind::TokenExpires).await;
        assert_eq!(events.len(), told, "{events:#?}");
        let detail = provisioned.root().await.auditor().unwrap().scim_provider("aws-scim").await.unwrap();
        assert_eq!(detail.tokens[0].warning, warning);
        assert_eq!(detail.health.warnings.len(), usize::from(warning.is_some()), "{:?}", detail.health.warnings);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_token_is_tried_before_it_becomes_the_current_one() {
    let provisioned = Provisioned::new(PEOPLE).await;
    provisioned.synced().await;
    let root = provisioned.root().await;
    let admin = root.admin().unwrap();
    let at = version(&provisioned).await;
    assert!(admin.switch_scim_token("aws-scim", at).await.unwrap_err().to_string().contains("no next token"));
    admin.set_scim_token("aws-scim", at, 2, "not-a-token", None).await.unwrap();
    let at = version(&provisioned).await;
    for refused in [
        admin.test_scim_token("aws-scim", 2).await,
        admin.switch_scim_token("aws-scim", at).await,
        // Without the first, the second would be the one in use.
        admin.remove_scim_token("aws-scim", at, 1).await,
    ] {
        assert!(refused.unwrap_err().to_string().contains("401"));
    }
    let api = provisioned.world.api("root").await;
    let answer = api.delete(&format!("/scim-providers/aws-scim/tokens/1?version={at}")).await;
    assert!(answer.status == 422 && answer.body.contains("401"), "{}", answer.body);
    assert_eq!(version(&provisioned).await, at, "a token that is refused changes nothing");
    // It can be taken out itself, and then the first one without a question.
    admin.remove_scim_token("aws-scim", at, 2).await.unwrap();
    let at = version(&provisioned).await;
    admin.set_scim_token("aws-scim", at, 2, "not-a-token", None).await.unwrap();
    let at = version(&provisioned).await;

    let next = provisioned.center().create_token().unwrap();
    admin.set_scim_token("aws-scim", at, 2, &next.secret, None).await.unwrap();
    admin.test_scim_token("aws-scim", 1).await.unwrap();
    admin.test_scim_token("aws-scim", 2).await.unwrap();
    assert!(admin.switch_scim_token("aws-scim", at).await.unwrap_err().to_string().contains("changed"));
    admin.switch_scim_token("aws-scim", version(&provisioned).await).await.unwrap();
    let former = provisioned.center().tokens().into_iter().find(|token| token.id != next.id).unwrap();
    assert!(provisioned.center().delete_token(&former.id));
    provisioned.world.apply("version: 1\ngroups: [{ name: later }]\n").await;
    provisioned.synced().await;
    assert!(provisioned.groups().iter().any(|(name, _)| name == "later"));
    assert_eq!(provisioned.events(EventKind::ProvisioningStopped).await, []);
    assert_eq!(admin.scim_provider("aws-scim").await.unwrap().tokens.len(), 1);
    // A good one takes the place of the first when that is taken out.
    let last = provisioned.center().create_token().unwrap();
    admin.set_scim_token("aws-scim", version(&provisioned).await, 2, &last.secret, None).await.unwrap();
    admin.remove_scim_token("aws-scim", version(&provisioned).await, 1).await.unwrap();
    assert!(provisioned.center().delete_token(&next.id));
    admin.test_scim_token("aws-scim", 1).await.unwrap();
    admin.remove_scim_token("aws-scim", version(&provisioned).await, 1).await.unwrap();
    provisioned.status(model::ScimStatus::NotConnected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_names_the_next_token_as_the_current_one_leaves_one_token() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let file = |keys: &str| {
        format!("version: 1\nscim_providers: [{{ name: aws-scim, url: \"{}\", {keys} }}]\n", provisioned.endpoint)
    };
    provisioned.world.apply(&file("token: first, token_expires: 2030-01-31, next_token: second")).await;
    let tokens = provisioned.root().await.auditor().unwrap().scim_provider("aws-scim").await.unwrap().tokens;
    assert_eq!(tokens.len(), 2);
    assert_eq!(tokens[0].expires.as_deref().unwrap().get(..10), Some("2030-01-31"));
    provisioned.world.apply(&file("token: second")).await;
    let tokens = provisioned.root().await.auditor().unwrap().scim_provider("aws-scim").await.unwrap().tokens;
    assert_eq!(tokens.len(), 1);
    assert_eq!(provisioned.world.apply(&file("token: second")).await.steps, []);
}
