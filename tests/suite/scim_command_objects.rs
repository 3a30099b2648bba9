//! Objects, previews, tokens and connections on the command line.

use tests::Provisioned;

use crate::{
    provisioning::{PEOPLE, many},
    scim_command::Desk,
};

#[tokio::test(flavor = "multi_thread")]
async fn objects_are_listed_and_one_is_shown_on_the_command_line_without_a_request() {
    let provisioned = Provisioned::new(&many(30, "")).await;
    provisioned.synced().await;
    provisioned.sandbox.forget_requests();
    let desk = Desk::new(&provisioned, "root").await;
    let all = desk.good(&["objects", "aws-scim", "--filter", "user"]).await;
    assert_eq!(all.lines().filter(|line| line.starts_with("user\tactive\t")).count(), 30, "{all}");
    let page = desk.good(&["objects", "aws-scim", "--filter", "user", "--page", "2"]).await;
    assert_eq!(page.lines().count(), 5, "{page}");
    let one = desk.good(&["objects", "aws-scim", "--search", "u0007"]).await;
    assert!(one.lines().count() == 1 && one.contains("u0007@example.com"), "{one}");
    let groups = desk.good(&["objects", "aws-scim", "--search", "sea"]).await;
    assert!(groups.contains("sea, 30 members"), "{groups}");
    let state = desk.good(&["state", "aws-scim", "user", "u0007"]).await;
    assert_eq!(state, one);
    assert_eq!(provisioned.sandbox.requests().len(), 0, "showing something sent something");
    desk.good(&["object", "aws-scim", "user", "u0007"]).await;
    let state = desk.good(&["state", "aws-scim", "user", "u0007"]).await;
    assert!(state.contains("its last synchronisation by itself") && state.contains("GET /Users/"), "{state}");
    let (code, said) = desk.scim(&["state", "aws-scim", "user", "nobody"]).await;
    assert!(code == 2 && said.contains("404"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_and_connections_are_tried_on_the_command_line_and_a_token_is_never_printed() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let desk = Desk::new(&provisioned, "root").await;
    let next = provisioned.center().create_token().unwrap();
    let secret = format!("{}\n", next.secret);
    let said = desk.good(&["tokens", "aws-scim"]).await;
    assert_eq!(said, "1\tits end is not known\t-\n");

    let endpoint = provisioned.endpoint.as_str();
    let (code, said) = desk.told(&["test", endpoint], &secret).await;
    assert!(code == 0 && said.contains("address and token are good"), "{said}");
    let (code, said) = desk.told(&["test", endpoint], "not-a-token\n").await;
    assert!(code == 2 && said.contains("401") && !said.contains("not-a-token"), "{said}");
    let (code, said) = desk.told(&["test", endpoint], "").await;
    assert!(code == 2 && said.contains("standard input holds no token"), "{said}");
    assert_eq!(desk.good(&["tokens", "aws-scim"]).await.lines().count(), 1, "a trial was kept");

    let (code, said) = desk.told(&["set-token", "aws-scim", "2", "--expires", "2099-01-31"], &secret).await;
    assert!(code == 0 && !said.contains(&next.secret), "{said}");
    let said = desk.good(&["tokens", "aws-scim"]).await;
    assert!(said.lines().count() == 2 && said.contains("2\tends 2099-01-31T00:00:00Z\t"), "{said}");
    let (code, said) = desk.told(&["set-token", "aws-scim", "3"], &secret).await;
    assert!(code == 2 && said.contains('3'), "{said}");
    desk.good(&["test-token", "aws-scim", "2"]).await;
    desk.good(&["switch-token", "aws-scim"]).await;
    let said = desk.good(&["tokens", "aws-scim"]).await;
    assert!(said.lines().count() == 1 && said.starts_with("1\tends 2099-01-31"), "{said}");
    let (code, said) = desk.scim(&["switch-token", "aws-scim"]).await;
    assert!(code == 2 && said.contains("no next token"), "{said}");
    desk.good(&["remove-token", "aws-scim", "1"]).await;
    assert_eq!(desk.good(&["tokens", "aws-scim"]).await, "");

    let member = Desk::new(&provisioned, "ada").await;
    for arguments in [&["tokens", "aws-scim"][..], &["objects", "aws-scim"], &["preview", "aws-scim", "user", "ada"]] {
        let (code, said) = member.scim(arguments).await;
        assert!(code == 2 && said.contains("403"), "{arguments:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_of_a_user_says_by_which_applications_and_groups_on_the_command_line() {
    let provisioned = Provisioned::quiet(PEOPLE).await;
    let desk = Desk::new(&provisioned, "root").await;
    let said = desk.good(&["preview", "aws-scim", "user", "grace"]).await;
    for line in ["may open the application aws", "member of engineers: pilots → engineers", "member of pilots: pilots"]
    {
        assert!(said.lines().any(|told| told == line), "{line} is not in {said}");
    }
    let said = desk.good(&["preview", "aws-scim", "group", "pilots"]).await;
    assert!(!said.contains("member of") && !said.contains("may open"), "{said}");
}
