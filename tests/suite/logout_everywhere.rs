//! Signing out of every browser at once, and whom a service means that names no session.

use saml::Status;
use tests::{Answer, World, forms};

use crate::logout::{ServiceProvider, id_of, message, onward, sign_on, statuses, told, two};

const INDEX: &str = "<samlp:SessionIndex>";

/// A page without the marks that its maker leaves between texts.
fn html(page: &Answer) -> String {
    page.body.replace("<!>", "")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_signing_out_has_both_ways_as_plain_forms_and_each_does_what_it_says() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let (here, there) = (world.signed_in("ada").await, world.signed_in("ada").await);
    let (_, mine) = sign_on(&here, &first).await;
    let (_, other) = sign_on(&there, &first).await;
    sign_on(&there, &second).await;
    assert!(here.get("/").await.body.contains("href=\"/logout/everywhere\""), "the bar does not lead there");
    for path in ["/logout", "/logout/everywhere"] {
        let page = here.get(path).await;
        let ways: Vec<_> = forms(&page.body).into_iter().map(|form| (form.method, form.action)).collect();
        let known = ["/logout", "/logout/everywhere"].map(|action| ("post".to_owned(), action.to_owned()));
        assert_eq!(ways, known, "{}", page.body);
    }
    // This browser, and no other.
    let page = here.post("/logout", &[]).await;
    let (requests, _) = told(&world, &here, page, &[&first]).await;
    assert!(requests[0].contains(&mine) && !requests[0].contains(&other), "{}", requests[0]);
    assert_eq!((here.get("/").await.status.as_u16(), there.get("/").await.status.as_u16()), (303, 200));
    // All of them.
    assert_eq!(here.sign_in("ada", tests::PASSWORD).await.status, 303);
    let page = here.post("/logout/everywhere", &[]).await;
    for browser in [&here, &there] {
        assert_eq!(browser.get("/").await.status, 303, "a session lives on");
    }
    let (requests, end) = told(&world, &here, page, &[&first, &second]).await;
    assert!(requests.iter().all(|request| request.contains(&other) && !request.contains(&mine)), "{requests:?}");
    assert!(html(&end).contains("<h1>Signed out</h1>"), "{}", end.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_everywhere_is_told_which_service_said_no_and_which_said_nothing() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let (here, there) = (world.signed_in("ada").await, world.signed_in("ada").await);
    sign_on(&here, &first).await;
    sign_on(&there, &second).await;
    let url = onward(&here.post("/logout/everywhere", &[]).await);
    let (unwilling, silent) =
        if url.starts_with("https://first.example") { (&first, &second) } else { (&second, &first) };
    let (request, state) = message(&url);
    let next = here.get(&unwilling.response(&world, &id_of(&request), &state, Status::PARTIAL_LOGOUT)).await;
    assert!(next.location().starts_with(&format!("https://{}.example/slo", silent.slug)), "{}", next.body);
    // It does not send the browser back, whose person goes on without it.
    let asked = here.get("/logout").await.form().field("asked").unwrap().to_owned();
    let end = html(&here.post("/logout/continue", &[("asked", &asked), ("what", "others")]).await);
    assert!(end.contains("<h1>Signed out, but not everywhere</h1>"), "{end}");
    assert!(end.contains(&format!("did not say that you are signed out of them: {}.", unwilling.slug)), "{end}");
    assert!(end.contains(&format!("you may still be signed in there: {}.", silent.slug)), "{end}");
    assert_eq!(there.get("/").await.status, 303, "the other browser is signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_everywhere_takes_along_a_logout_that_was_not_finished() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let (here, there) = (world.signed_in("ada").await, world.signed_in("ada").await);
    sign_on(&here, &first).await;
    sign_on(&there, &second).await;
    assert!(onward(&here.post("/logout", &[]).await).starts_with("https://first.example/slo"), "nobody is asked");
    assert_eq!(here.sign_in("ada", tests::PASSWORD).await.status, 303);
    assert!(here.get("/logout").await.body.contains("Signing out is not finished"));
    let ways = here.get("/logout/everywhere").await;
    assert!(ways.body.contains("action=\"/logout/everywhere\""), "{}", ways.body);
    assert!(onward(&here.post("/logout/everywhere", &[]).await).starts_with("https://second.example/slo"));
    assert_eq!(there.get("/").await.status, 303, "the other browser is signed in");
    let page = html(&here.get("/logout").await);
    assert!(page.contains("<dt>No answer from</dt><dd>second, first"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_a_session_index_means_every_session_of_the_person_at_that_service() {
    let world = World::new().await;
    let (first, second) = two(&world).await;
    let (here, there) = (world.signed_in("ada").await, world.signed_in("ada").await);
    let (name_id, one) = sign_on(&here, &first).await;
    let (same, other) = sign_on(&there, &first).await;
    assert!(name_id == same && one != other);
    for browser in [&here, &there] {
        sign_on(browser, &second).await;
    }
    let (elsewhere, grace) = (world.signed_in("ada").await, world.signed_in("grace").await);
    let (_, kept) = sign_on(&elsewhere, &second).await;
    sign_on(&grace, &first).await;
    let visitor = world.browser();
    let away = visitor.get(&first.request(&world, "_n1", &name_id, &[], &first.key)).await;
    for browser in [&here, &there] {
        assert_eq!(browser.get("/").await.status, 303, "a session lives on");
    }
    for browser in [&elsewhere, &grace] {
        assert_eq!(browser.get("/").await.status, 200, "the service knows nothing of this session");
    }
    // The other service hears of both at once.
    assert!(away.location().starts_with("https://second.example/slo"), "{}", away.body);
    let (request, state) = message(away.location());
    assert!(request.matches(INDEX).count() == 2 && !request.contains(&kept), "{request}");
    let back = visitor.get(&second.response(&world, &id_of(&request), &state, Status::SUCCESS)).await;
    assert!(back.location().starts_with("https://first.example/slo"), "{}", back.body);
    assert_eq!(statuses(back.location()), ["Success"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn also_where_the_service_knows_the_person_by_another_name_in_each_session() {
    let world = World::new().await;
    let sp = ServiceProvider::new("passing");
    world.apply(&sp.file("redirect").replace("    audience", "    name_id: { format: transient }\n    audience")).await;
    let (here, there, grace) =
        (world.signed_in("ada").await, world.signed_in("ada").await, world.signed_in("grace").await);
    let (name_id, _) = sign_on(&here, &sp).await;
    let (other, index) = sign_on(&there, &sp).await;
    sign_on(&grace, &sp).await;
    assert_ne!(name_id, other);
    // With an index it is that session alone.
    let alone = world.browser().get(&sp.request(&world, "_p1", &other, &[&index], &sp.key)).await;
    assert_eq!(statuses(alone.location()), ["Success"], "{}", alone.body);
    assert_eq!((here.get("/").await.status.as_u16(), there.get("/").await.status.as_u16()), (200, 303));
    assert_eq!(there.sign_in("ada", tests::PASSWORD).await.status, 303);
    sign_on(&there, &sp).await;
    let all = world.browser().get(&sp.request(&world, "_p2", &name_id, &[], &sp.key)).await;
    assert_eq!(statuses(all.location()), ["Success"], "{}", all.body);
    for browser in [&here, &there] {
        assert_eq!(browser.get("/").await.status, 303, "a session lives on");
    }
    assert_eq!(grace.get("/").await.status, 200, "somebody else was signed out too");
}

#[tokio::test(flavor = "multi_thread")]
async fn also_where_the_session_that_the_request_names_has_ended_here_before() {
    let world = World::new().await;
    let sp = ServiceProvider::new("passing");
    world.apply(&sp.file("redirect").replace("    audience", "    name_id: { format: transient }\n    audience")).await;
    let (here, there) = (world.signed_in("ada").await, world.signed_in("ada").await);
    let (name_id, _) = sign_on(&here, &sp).await;
    sign_on(&there, &sp).await;
    // Whoever signs in anew in the same browser has another session; the service is not told of it.
    assert_eq!(here.sign_in("ada", tests::PASSWORD).await.status, 303);
    let all = world.browser().get(&sp.request(&world, "_e1", &name_id, &[], &sp.key)).await;
    assert_eq!(statuses(all.location()), ["Success"], "{}", all.body);
    assert_eq!(there.get("/").await.status, 303, "a session at the service lives on");
    assert_eq!(here.get("/").await.status, 200, "the service knows nothing of what came later");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_several_people_go_by_means_the_sessions_under_it_and_no_others_of_theirs() {
    let world = World::new().await;
    let sp = ServiceProvider::new("shared");
    let of = |name: &str| format!("    name_id: {{ format: email_address, mapping: {name} }}\n    audience");
    let mapping = |name: &str, expression: &str| {
        format!("\n - {{ name: {name}, kind: saml, saml_name: 'urn:{name}', expression: '{expression}' }}")
    };
    let mappings = mapping("crew", "return \"crew@example.com\"") + &mapping("own", "return user.email");
    let file =
        |name: &str| sp.file("redirect").replace("    audience", &of(name)) + "property_mappings:" + &mappings + "\n";
    world.apply(&file("own")).await;
    let (alone, ada, grace) =
        (world.signed_in("ada").await, world.signed_in("ada").await, world.signed_in("grace").await);
    sign_on(&alone, &sp).await;
    world.apply(&file("crew")).await;
    let (name_id, _) = sign_on(&ada, &sp).await;
    assert_eq!(sign_on(&grace, &sp).await.0, name_id);
    let all = world.browser().get(&sp.request(&world, "_s1", &name_id, &[], &sp.key)).await;
    assert_eq!(statuses(all.location()), ["Success"], "{}", all.body);
    assert_eq!((ada.get("/").await.status.as_u16(), grace.get("/").await.status.as_u16()), (303, 303));
    assert_eq!(alone.get("/").await.status, 200, "a session under another name ended too");
}
